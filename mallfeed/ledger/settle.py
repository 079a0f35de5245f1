"""Writes down what a decision closes: superseded, held and ignored feeds of a mall."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from mallfeed.errors import ConditionFailed
from mallfeed.ledger import moves
from mallfeed.ledger.decisions import Closing, Decision, decide
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.port import Ledger

Close = Callable[[FeedRecord, str, str, datetime], FeedRecord]


def settle(ledger: Ledger, mall_id: str, at: datetime) -> tuple[Decision, list[FeedRecord]]:
    """Decides for a mall and closes what the decision closes; returns it and the mall's feeds.

    Safe at any moment: a feed that has moved meanwhile is left to whoever moved it.
    """
    feeds = ledger.feeds(mall_id)
    decision = decide(feeds, at)
    for closings, close in (
        (decision.superseded, moves.superseded),
        (decision.held, moves.held),
        (decision.ignored, moves.ignored),
    ):
        for closing in closings:
            _write(ledger, closing, close, at)
    return decision, feeds


def _write(ledger: Ledger, closing: Closing, close: Close, at: datetime) -> None:
    record, code, message = closing
    try:
        ledger.update(record, close(record, code, message, at))
    except ConditionFailed:
        return
