"""Closes the feeds of a mall that a decision supersedes, holds or ignores."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from mallfeed.errors import ConditionFailed
from mallfeed.ledger import moves
from mallfeed.ledger.decisions import Closing, Decision, decide
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.port import Ledger

Close = Callable[[FeedRecord, str, str, datetime], FeedRecord]


class Settled(NamedTuple):
    """The decision for a mall, the feeds it is based on, and the feeds that it closed."""

    decision: Decision
    feeds: list[FeedRecord]
    closed: list[FeedRecord]


def settle(ledger: Ledger, mall_id: str, at: datetime) -> Settled:
    """Makes the decision for a mall, and closes the feeds that the decision closes.

    Safe at any moment: a feed that another process has moved in the meantime is left to that process.
    """
    feeds = ledger.feeds(mall_id)
    decision = decide(feeds, at)
    closed: list[FeedRecord | None] = []
    for closings, close in (
        (decision.superseded, moves.superseded),
        (decision.held, moves.held),
        (decision.ignored, moves.ignored),
    ):
        closed += [_write(ledger, closing, close, at) for closing in closings]
    return Settled(decision, feeds, [one for one in closed if one is not None])


def _write(ledger: Ledger, closing: Closing, close: Close, at: datetime) -> FeedRecord | None:
    record, code, message = closing
    try:
        return ledger.update(record, close(record, code, message, at))
    except ConditionFailed:
        return None
