"""The result of a simulation: runs, DPU-hours, dollars, waiting times, the queue, and the use of resources."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from mallfeed.ledger.states import UNSETTLED
from mallfeed.simulate.cost import dollars_a_day
from mallfeed.simulate.figures import Prices
from mallfeed.simulate.shared_resources import HOUR_S
from mallfeed.simulate.utilisation import Use, uses
from mallfeed.simulate.world import World


@dataclass(frozen=True)
class Waits:
    """Seconds from a feed's arrival (or the opening of its window) until it is searchable."""

    feeds: int
    p50_s: float
    p95_s: float
    max_s: float


@dataclass(frozen=True)
class Outcome:
    """Figures of one simulation.

    Attributes
    ----------
    feeds : state at the end → number of feeds
    unfinished : number of feeds that have not ended, those that still wait for a person among them
    waits : waiting times of the loaded feeds, except those that waited behind a held or failed one
    blocked : number of loaded feeds that waited behind a held or failed one
    products : number of products in the largest feeds of all malls
    index_nodes : data nodes of a domain with these products
    queue : (hours after the start, waiting feeds that may be taken, open runs) at each minute
    dollars : service → dollars per day
    """

    malls: int
    days: float
    grouping: bool
    feeds: dict[str, int]
    unfinished: int
    runs_a_day: float
    feeds_a_run: float
    dpu_hours_a_day: float
    products: int
    index_nodes: int
    dollars: dict[str, float]
    waits: Waits
    blocked: int
    most_waiting: int
    queue: tuple[tuple[float, int, int], ...]
    uses: tuple[Use, ...]
    note: str = ""

    @property
    def dollars_a_day(self) -> float:
        """Dollars per day for all services together."""
        return sum(self.dollars.values())

    def as_data(self) -> dict[str, Any]:
        """The outcome as data for JSON, with the longest queue of each hour."""
        data = asdict(self)
        hours: dict[int, int] = {}
        for hour, waiting, _ in self.queue:
            hours[int(hour)] = max(hours.get(int(hour), 0), waiting)
        return {**data, "queue": hours, "dollars_a_day": self.dollars_a_day}


def outcome(world: World, malls: int, prices: Prices, note: str = "") -> Outcome:
    """The figures of a world that has run."""
    runs = list(world.glue.runs.values())
    states = Counter(str(state) for state in world.ledger.states.values())
    ended = sum(state not in UNSETTLED for state in world.ledger.states.values())
    searchable_s = world.services.searchable_s
    products = sum(world.products.values())
    free = [a for a in world.sent if a.record.feed_id in searchable_s.keys() - world.blocked]
    waits = sorted(searchable_s[one.record.feed_id] - one.ready_s for one in free)
    return Outcome(
        malls=malls,
        days=world.days,
        grouping=world.limits.max_feeds > 1,
        feeds=dict(sorted(states.items())),
        unfinished=len(world.sent) - ended,
        runs_a_day=len(runs) / world.days,
        feeds_a_run=sum(len(run.plan.feed_ids) for run in runs) / max(1, len(runs)),
        dpu_hours_a_day=sum(run.billed_dpu_s(world.env.now) for run in runs) / HOUR_S / world.days,
        products=round(products),
        index_nodes=world.measured.index_nodes(products),
        dollars=dollars_a_day(world, prices),
        waits=_waits(waits),
        blocked=len(searchable_s.keys() & world.blocked),
        most_waiting=max(waiting for _, waiting, _ in world.queue),
        queue=tuple((at_s / HOUR_S, waiting, runs) for at_s, waiting, runs in world.queue),
        uses=uses(world),
        note=note,
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """The percentile by nearest rank: the smallest value that at least this share of the values do not exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def _waits(ordered: Sequence[float]) -> Waits:
    return Waits(
        feeds=len(ordered),
        p50_s=percentile(ordered, 0.5),
        p95_s=percentile(ordered, 0.95),
        max_s=percentile(ordered, 1.0),
    )
