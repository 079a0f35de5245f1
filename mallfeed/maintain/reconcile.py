"""One sink and one mall: bring it to the head, compare, repair what differs."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from mallfeed.load.sync import Target, needed
from mallfeed.maintain.ports import MaintainedTable
from mallfeed.sinks.port import ClaimCheck, MallLoad, Sink, SinkResult
from mallfeed.table.digest import Hashes, differing
from mallfeed.table.port import Changes, Commit

MOST_MENDED = 20_000
"""Up to this many products are repaired one by one; with more, all products of the mall are written again."""


@dataclass(frozen=True)
class Comparison:
    """The comparison of a mall in a sink with the table, and what was repaired.

    Attributes
    ----------
    products : number of the mall's products in the table
    missing, different, extra : products of the sink that differed from the table, and were repaired
    refused : products that the sink does not accept (known since their load; tried again each night)
    stale : products with a newer version in the sink than in the table: they were not overwritten,
        and raise an alarm
    """

    sink: str
    mall_id: str
    products: int
    missing: int = 0
    different: int = 0
    extra: int = 0
    refused: int = 0
    stale: int = 0

    @property
    def agreed(self) -> bool:
        """Whether nothing had to be repaired."""
        return not (self.missing or self.different or self.extra or self.stale)

    def told(self) -> dict[str, object]:
        """The comparison as a dictionary, for reports and logs."""
        return {**asdict(self), "agreed": self.agreed}


def reconcile(
    sink: Sink,
    table: MaintainedTable,
    mall_id: str,
    head: Commit,
    epoch: int,
    check_claim: ClaimCheck,
) -> Comparison:
    """Bring the mall to `head` in the sink, compare it bucket by bucket, and repair what differs.

    If table and sink agree, one small query to each is enough. The caller holds the mall's lock.
    """
    _catch_up(sink, table, mall_id, head, epoch, check_claim)
    ours = table.digest(mall_id, head)
    products = sum(count for count, _ in ours.values())
    buckets = differing(ours, sink.digest(mall_id))
    if not buckets:
        return Comparison(sink.name, mall_id, products)
    in_table, in_sink = table.hashes(mall_id, head, buckets), sink.hashes(mall_id, buckets)
    wrong = _wrong(in_table, in_sink)
    changes = _repair(table, mall_id, head, wrong)
    check_claim()
    result = sink.load([MallLoad(changes)], epoch, check_claim, reapply=True)
    return _counted(Comparison(sink.name, mall_id, products), in_table, in_sink, wrong, result)


def _catch_up(
    sink: Sink,
    table: MaintainedTable,
    mall_id: str,
    head: Commit,
    epoch: int,
    check_claim: ClaimCheck,
) -> None:
    """Apply what loads have left undone, and move the cursor of an idle mall forward, so that it does
    not keep old snapshots from expiring."""
    cursor = sink.cursors([mall_id]).get(mall_id)
    changes = needed(table, mall_id, cursor, Target(head, epoch, {}, {}))
    check_claim()
    sink.load([MallLoad(changes)], epoch, check_claim)


def _wrong(in_table: Hashes, in_sink: Hashes) -> set[str]:
    return {one for one in {*in_table, *in_sink} if in_table.get(one) != in_sink.get(one)}


def _repair(table: MaintainedTable, mall_id: str, head: Commit, wrong: set[str]) -> Changes:
    if len(wrong) > MOST_MENDED:
        return table.contents(mall_id, head)
    return table.mending(mall_id, head, wrong)


def _counted(
    agreed: Comparison, in_table: Hashes, in_sink: Hashes, wrong: set[str], result: SinkResult
) -> Comparison:
    refused = {refusal.product_id for refusal in result.refused}
    missing = sum(one not in in_sink for one in wrong if one in in_table and one not in refused)
    # A product that has changed is in one bucket of the table and in another one of the sink. Both
    # buckets differ, so it is in both sets of hashes.
    different = sum(one in in_table and one in in_sink for one in wrong - refused)
    extra = sum(one not in in_table for one in wrong)
    stale = sum(result.stale.values())
    return Comparison(
        agreed.sink, agreed.mall_id, agreed.products, missing, different, extra, len(refused), stale
    )
