"""One sink and one mall: bring it to the head, compare, repair what differs."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from mallfeed.load.sync import Target, needed
from mallfeed.maintain.ports import MaintainedTable
from mallfeed.sinks.port import ClaimCheck, MallLoad, Sink, SinkResult
from mallfeed.table.digest import Hashes, differing
from mallfeed.table.port import Changes, Commit

MOST_MENDED = 20_000
"""Products repaired one by one; beyond that the mall is written again as a whole, with fewer queries."""


@dataclass(frozen=True)
class Comparison:
    """The comparison of a mall in a sink, and what was repaired.

    Attributes
    ----------
    products : of the mall in the table
    missing, different, extra : products of the sink that differed from the table; repaired
    refused : the sink does not accept these (known from their load; tried again each night)
    stale : the sink has a newer version than the table: an alarm, nothing was overwritten
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
        """For reports."""
        return {**asdict(self), "agreed": self.agreed}


def reconcile(
    sink: Sink,
    table: MaintainedTable,
    mall_id: str,
    head: Commit,
    epoch: int,
    check_claim: ClaimCheck,
) -> Comparison:
    """Bring the mall to `head` in the sink, compare by buckets, and repair what differs.

    If both agree, that is one small query to each. The caller holds the mall's lock.
    """
    _catch_up(sink, table, mall_id, head, epoch, check_claim)
    ours = table.digest(mall_id, head)
    products = sum(count for count, _ in ours.values())
    buckets = differing(ours, sink.digest(mall_id))
    if not buckets:
        return Comparison(sink.name, mall_id, products)
    wanted, found = table.hashes(mall_id, head, buckets), sink.hashes(mall_id, buckets)
    wrong = _wrong(wanted, found)
    changes = _mending(table, mall_id, head, wrong)
    check_claim()
    result = sink.load([MallLoad(changes)], epoch, check_claim, reapply=True)
    return _told(Comparison(sink.name, mall_id, products), wanted, found, wrong, result)


def _catch_up(
    sink: Sink,
    table: MaintainedTable,
    mall_id: str,
    head: Commit,
    epoch: int,
    check_claim: ClaimCheck,
) -> None:
    """Apply what loads left to do, and move the cursor of an idle mall forward, so that it does not
    keep old snapshots from expiring."""
    cursor = sink.cursors([mall_id]).get(mall_id)
    changes = needed(table, mall_id, cursor, Target(head, epoch, {}, {}))
    check_claim()
    sink.load([MallLoad(changes)], epoch, check_claim)


def _wrong(wanted: Hashes, found: Hashes) -> set[str]:
    return {one for one in {*wanted, *found} if wanted.get(one) != found.get(one)}


def _mending(table: MaintainedTable, mall_id: str, head: Commit, wrong: set[str]) -> Changes:
    if len(wrong) > MOST_MENDED:
        return table.contents(mall_id, head)
    return table.mending(mall_id, head, wrong)


def _told(
    seen: Comparison, wanted: Hashes, found: Hashes, wrong: set[str], result: SinkResult
) -> Comparison:
    refused = {refusal.product_id for refusal in result.refused}
    missing = sum(one not in found for one in wrong if one in wanted and one not in refused)
    # A product that changed is in two buckets; both differ, so it is in both halves.
    different = sum(one in wanted and one in found for one in wrong - refused)
    extra = sum(one not in wanted for one in wrong)
    stale = sum(result.stale.values())
    return Comparison(
        seen.sink, seen.mall_id, seen.products, missing, different, extra, len(refused), stale
    )
