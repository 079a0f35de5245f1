"""The statements of one load: pure text, run as one transaction.

In order: take the turn; note which malls still have to move (`guard`); fill the stage and drop from it
what is stale; a full synchronisation adds a delete for every product of its malls that the stage lacks
(`stage`); price history; deletes and MERGE; the feeds' rows; the malls' states. Temporary tables end
with the session.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mallfeed.sinks.sql.feed_loads import feed_loads
from mallfeed.sinks.sql.guard import Move, moving, take_turn
from mallfeed.sinks.sql.layout import Layout
from mallfeed.sinks.sql.mall_state import mall_state
from mallfeed.sinks.sql.merge import products
from mallfeed.sinks.sql.price_history import price_history
from mallfeed.sinks.sql.stage import COUNTS, Stage, filled


@dataclass(frozen=True)
class Batch:
    """The statements, and which of them (from 0) tells the counts."""

    statements: tuple[str, ...]
    counts_at: int | None


def transaction(
    layout: Layout,
    moves: Sequence[Move],
    stage: Stage | None,
    now: datetime,
    reapply: bool = False,
    foreign: Sequence[str] = (),
) -> Batch:
    """All statements that bring the malls to their cursors; without a stage only those move.

    `foreign` are columns of `products` that only a later release knows.

    Raises ValueError when they are more than the database takes in one transaction.
    """
    most_bytes = layout.dialect.most_statement_bytes
    statements = [*take_turn(now), *moving(moves, reapply, most_bytes)]
    counts_at = None
    if stage is not None:
        full = any(move.load.changes.kind == "contents" for move in moves)
        statements += filled(stage, layout.stage, full)
        counts_at = len(statements)
        seq = moves[0].cursor.seq
        statements += [COUNTS, *price_history(), *products(layout, seq, now, foreign)]
    feeds = [feed for move in moves for feed in move.load.feeds]
    statements += [*feed_loads(feeds, now, most_bytes), *mall_state(now)]
    _check_count(statements, layout.dialect.most_statements)
    return Batch(tuple(statements), counts_at)


def _check_count(statements: Sequence[str], most: int) -> None:
    if len(statements) > most:
        raise ValueError(f"{len(statements)} statements, a transaction holds {most}")
