"""The sink's cursors: how far the warehouse has come for each mall, in `mall_state`."""

# ruff: noqa: S608 - values enter through `literals` only
from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from mallfeed.sinks.port import Cursor
from mallfeed.sinks.sql import literals as lit
from mallfeed.sinks.sql.guard import MOVING


def mall_state(now: datetime) -> list[str]:
    """Move the cursors of the malls that took part."""
    return [
        f"DELETE FROM mall_state USING {MOVING} WHERE mall_state.mall_id = {MOVING}.mall_id",
        "INSERT INTO mall_state "
        "(mall_id, epoch, seq, table_uuid, snapshot_id, feed_id, moved_at) "
        f"SELECT mall_id, epoch, seq, table_uuid, snapshot_id, feed_id, "
        f"CAST({lit.timestamp(now)} AS TIMESTAMP) FROM {MOVING}",
    ]


def cursors(mall_ids: Sequence[str]) -> str:
    """The query for the cursors of these malls; its rows are `cursor_of`'s."""
    wanted = ", ".join(lit.text(mall_id) for mall_id in mall_ids)
    return (
        "SELECT mall_id, table_uuid, snapshot_id, seq, epoch, feed_id, "
        f"TO_CHAR(moved_at, 'YYYY-MM-DD HH24:MI:SS.US') FROM mall_state WHERE mall_id IN ({wanted})"
    )


def cursor_of(row: list[Any]) -> Cursor:
    """The cursor in a row of that query."""
    moved_at = datetime.fromisoformat(row[6]).replace(tzinfo=UTC) if row[6] else None
    return Cursor(row[0], row[1], int(row[2]), int(row[3]), int(row[4]), row[5], moved_at)
