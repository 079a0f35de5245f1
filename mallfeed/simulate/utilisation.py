"""How close each limited resource came to its limit, to see what breaks first."""

from __future__ import annotations

from dataclasses import dataclass

from mallfeed.simulate.shared_resources import Busy
from mallfeed.simulate.world import World


@dataclass(frozen=True)
class Use:
    """The use of one resource.

    Attributes
    ----------
    what : its name
    most_used : its highest use, in `unit`
    there_is : its limit, in `unit`
    of : the source of the limit
    """

    what: str
    most_used: float
    there_is: float
    unit: str
    of: str

    @property
    def share(self) -> float:
        """The highest use as a share of the limit; 1 = all of it."""
        return self.most_used / self.there_is if self.there_is else 0.0


def uses(world: World) -> tuple[Use, ...]:
    """The use of each resource; those closest to their limit come first."""
    quotas, limits, lambdas = world.quotas, world.limits, world.lambdas
    slots, workers = Busy(), Busy()
    for run in world.glue.runs.values():
        end_s = run.until_s(world.env.now)
        slots.add(run.asked_s, end_s)
        workers.add(run.asked_s, end_s, run.plan.dpus)
    services = world.services
    hot = max(world.ledger.hot_by_minute.values(), default=0.0) / 60
    longest = lambdas.longest_s
    measured = world.measured
    index_gb = measured.index_gb(sum(world.products.values())) / (1 + measured.index_replicas)
    resources = [
        Use("Glue runs at once", slots.peak, limits.max_runs, "runs", "limits/max_runs"),
        Use("Glue workers at once", workers.peak, limits.max_workers, "workers", "limits/max_workers"),
        Use("Glue runs, account", world.glue.most_at_once, quotas.glue_runs.most, "runs", "quota"),
        Use("Glue DPUs, account", world.glue.most_dpus_at_once, quotas.glue_dpus.most, "DPUs", "quota"),
        Use("OpenSearch bulk", 60 * services.index.busy.peak, 60, "minutes per hour", "the domain"),
        Use("OpenSearch shard", index_gb / measured.index_shards, quotas.shard_gb.most, "GB", "advice of AWS"),
        Use("Iceberg commits", 60 * services.table.busy.peak, 60, "minutes per hour", "one table"),
        Use("Redshift loads", 60 * services.warehouse.busy.peak, 60, "minutes per hour", "one table"),
        Use("Ledger writes", hot, quotas.ledger_writes_a_s.most, "units per second", "quota"),
        Use("Lambdas at once", lambdas.most_at_once, quotas.lambdas.most, "Lambdas", "quota"),
        Use("dispatch_runs", longest.get("dispatch_runs", 0.0), quotas.dispatch_s.most, "seconds", "its timeout"),
        Use("feed_arrived", longest.get("feed_arrived", 0.0), quotas.arrived_s.most, "seconds", "its timeout"),
    ]  # fmt: skip
    return tuple(sorted(resources, key=lambda use: -use.share))
