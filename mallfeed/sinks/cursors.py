"""Compares loads with the sink's cursors, to find those that have something to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mallfeed.errors import Terminal
from mallfeed.sinks.port import Cursor, MallLoad
from mallfeed.table.port import Commit


class TableReplaced(Terminal):
    """The sink was filled from another table, or from a later snapshot of a table with this name."""


def pending(
    loads: Sequence[MallLoad],
    cursors: Mapping[str, Cursor | None],
    epoch: int,
    reapply: bool = False,
) -> list[MallLoad]:
    """The loads whose cursor is behind `until`; with `reapply` also those whose cursor is exactly at it.

    Raises TableReplaced if a cursor belongs to another table and the epoch was not raised.
    """
    return [
        load
        for load in loads
        if _is_behind(cursors.get(load.changes.mall_id), load.changes.until, epoch, reapply)
    ]


def _is_behind(cursor: Cursor | None, until: Commit, epoch: int, reapply: bool) -> bool:
    if cursor is None or cursor.epoch < epoch:
        return True
    if cursor.epoch == epoch and cursor.table_uuid != until.table_uuid:
        raise TableReplaced(
            f"mall {cursor.mall_id}: the sink was loaded from table {cursor.table_uuid}, but this is "
            f"{until.table_uuid}: raise the parameter table/epoch above {epoch}, then load again"
        )
    here, there = (cursor.epoch, cursor.seq), (epoch, until.seq)
    return here < there or (reapply and here == there)


def moved(load: MallLoad, epoch: int) -> Cursor:
    """The cursor after this load (without `moved_at`)."""
    until = load.changes.until
    feed_id = load.feeds[-1].feed_id if load.feeds else None
    return Cursor(
        load.changes.mall_id, until.table_uuid, until.snapshot_id, until.seq, epoch, feed_id
    )
