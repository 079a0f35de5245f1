"""Who may take part in a load: one load at a time, and no mall that stands there already."""

# ruff: noqa: S608 - values enter through `literals` only
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mallfeed.sinks.port import Cursor, MallLoad
from mallfeed.sinks.sql import literals as lit
from mallfeed.sinks.sql.columns import MALL_ID
from mallfeed.sinks.sql.inserts import inserts

MOVING = "mallfeed_moving"


@dataclass(frozen=True)
class Move:
    """One mall's part of the transaction."""

    load: MallLoad
    cursor: Cursor
    valid_at: datetime


def take_turn(now: datetime) -> list[str]:
    """Loads follow one another: two that overlap both write this row, so that the later one waits,
    then fails with a conflict and is tried again. Without it two first loads of one mall might both
    INSERT its state: Redshift sees no conflict in that, and enforces no key."""
    return [
        "DELETE FROM load_lock",
        f"INSERT INTO load_lock (taken_at) VALUES ({lit.timestamp(now)})",
    ]


def moving(moves: Sequence[Move], reapply: bool, most_bytes: int) -> list[str]:
    """The table of the malls that take part, without those whose state is there already."""
    return [
        f"CREATE TEMP TABLE {MOVING} (mall_id {MALL_ID.stage_type}, kind VARCHAR(16), epoch BIGINT, "
        "seq BIGINT, table_uuid VARCHAR(64), snapshot_id BIGINT, feed_id VARCHAR(64), "
        "valid_at TIMESTAMP)",
        *inserts(MOVING, [_row(move) for move in moves], most_bytes),
        _drop_moved(reapply),
    ]


def _row(move: Move) -> str:
    return lit.row(
        lit.text(move.cursor.mall_id),
        lit.text(move.load.changes.kind),
        lit.number(move.cursor.epoch),
        lit.number(move.cursor.seq),
        lit.text(move.cursor.table_uuid),
        lit.number(move.cursor.snapshot_id),
        lit.text(move.cursor.feed_id),
        lit.timestamp(move.valid_at),
    )


def _drop_moved(reapply: bool) -> str:
    """The guard: a mall whose state is there already takes no part."""
    at_or_beyond = ">" if reapply else ">="
    return (
        f"DELETE FROM {MOVING} USING mall_state WHERE mall_state.mall_id = {MOVING}.mall_id "
        f"AND (mall_state.epoch > {MOVING}.epoch OR (mall_state.epoch = {MOVING}.epoch "
        f"AND mall_state.seq {at_or_beyond} {MOVING}.seq))"
    )
