"""Brings one sink to the table's head for some malls, and decides which changes each mall needs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from mallfeed.errors import SnapshotGone
from mallfeed.load.ports import LoadTable
from mallfeed.sinks.cursors import TableReplaced
from mallfeed.sinks.port import ClaimCheck, Cursor, FeedLoad, MallLoad, Sink, SinkResult
from mallfeed.table.port import Changes, Commit, Staged

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Target:
    """The state to which the sinks are to be brought.

    Attributes
    ----------
    head : the snapshot; every document that is written carries its version
    epoch : the table's generation (SSM parameter table/epoch)
    feeds : mall id → the feed that this load carries
    staged : mall id → the change set that this run has committed, and the commit that holds it
    """

    head: Commit
    epoch: int
    feeds: Mapping[str, FeedLoad]
    staged: Mapping[str, tuple[Staged, Commit]]

    def halves(self) -> tuple[Target, Target]:
        """The same target for one half of the malls, and for the other half."""
        malls = sorted(self.feeds)
        middle = len(malls) // 2
        first, second = (
            replace(self, feeds={mall: self.feeds[mall] for mall in some})
            for some in (malls[:middle], malls[middle:])
        )
        return first, second


def bring(
    sink: Sink,
    table: LoadTable,
    target: Target,
    check_claim: ClaimCheck,
    announce: Callable[[Sequence[MallLoad]], None] = lambda _loads: None,
) -> SinkResult:
    """Bring the target's malls to its head in one load; errors of the sink are passed on.

    `announce` is called with the loads just before the sink gets them.
    """
    malls = sorted(target.feeds)
    cursors = sink.cursors(malls)
    loads = [
        MallLoad(needed(table, mall, cursors.get(mall), target), (target.feeds[mall],))
        for mall in malls
    ]
    check_claim()
    announce(loads)
    return sink.load(loads, target.epoch, check_claim)


def needed(table: LoadTable, mall_id: str, cursor: Cursor | None, target: Target) -> Changes:
    """The changes that bring a mall from its cursor to the head.

    If the only commit of the mall after the cursor is the one of this run, the staged change set is
    that difference; otherwise the two snapshots are compared. If there is no cursor, or it belongs to
    an earlier epoch or its snapshot is gone, the mall gets all its products. These are the staged
    change set too if the mall had no products before.

    Raises TableReplaced if the cursor belongs to another table of the same epoch.
    """
    head, staged = target.head, target.staged.get(mall_id)
    if cursor is None or cursor.epoch < target.epoch:
        if staged is not None and staged[0].counts.products_before == 0:
            return _staged(table, mall_id, "contents", staged[0], head)  # the mall's first products
        return table.contents(mall_id, head)
    _same_table(cursor, head)
    try:
        commits = table.commits(mall_id, cursor.commit, head)
        if not commits:
            return table.nothing(mall_id, head)
        if staged is not None and [c.snapshot_id for c in commits] == [staged[1].snapshot_id]:
            return _staged(table, mall_id, "difference", staged[0], head)
        return table.changes(mall_id, cursor.commit, head)
    except SnapshotGone as gone:
        LOG.warning("full synchronisation of %s: %s", mall_id, gone)
        return table.contents(mall_id, head)


def awaited(loads: Sequence[MallLoad]) -> dict[str, int | None]:
    """Mall → how many documents a sink is about to get; None where that is not known in advance.

    If a sink gets all products of a mall that has just sent a full feed of all of its shop, they are the feed's good
    rows.
    """
    expected: dict[str, int | None] = {}
    for load in loads:
        count = load.changes.count
        last = load.feeds[-1] if load.feeds and load.changes.kind == "contents" else None
        is_all = last is not None and last.mode == "full" and not last.counts.elsewhere
        expected[load.changes.mall_id] = (
            last.counts.accepted if last is not None and is_all and count is None else count
        )
    return expected


def _same_table(cursor: Cursor, head: Commit) -> None:
    if cursor.table_uuid == head.table_uuid and cursor.seq <= head.seq:
        return
    raise TableReplaced(
        f"mall {cursor.mall_id}: the sink's cursor stands at sequence {cursor.seq} of table "
        f"{cursor.table_uuid}, but the table is {head.table_uuid} at {head.seq}. The table was "
        "recreated or rolled back; raise the parameter table/epoch by one, then retry."
    )


def _staged(
    table: LoadTable,
    mall_id: str,
    kind: Literal["difference", "contents"],
    staged: Staged,
    head: Commit,
) -> Changes:
    count = staged.counts.changed + staged.counts.vanished
    frame = table.served(staged, first=kind == "contents")
    return Changes(mall_id, kind, frame, head, count, staged.shared)
