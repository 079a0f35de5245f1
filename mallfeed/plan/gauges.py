"""Figures about the queue, for metrics and alarms."""

from __future__ import annotations

from datetime import datetime

from mallfeed.ledger.port import Ledger
from mallfeed.ledger.states import State


def gauges(ledger: Ledger, now: datetime) -> dict[str, float]:
    """Metric name → value: FeedsWaiting, FeedsHeld, FeedsFailed, OldestWaitingSeconds, OldestSyncingSeconds."""
    open_feeds, blocking = ledger.open_feeds(), ledger.blocking_feeds()
    waiting = [feed.arrived_at for feed in open_feeds if feed.state is State.WAITING]
    syncing = [
        feed.committed_at or feed.arrived_at for feed in open_feeds if feed.state is State.SYNCING
    ]
    return {
        "FeedsWaiting": len(waiting),
        "FeedsHeld": sum(feed.state is State.HELD for feed in blocking),
        "FeedsFailed": sum(feed.state is State.FAILED for feed in blocking),
        "OldestWaitingSeconds": _age(waiting, now),
        "OldestSyncingSeconds": _age(syncing, now),
    }


def _age(moments: list[datetime], now: datetime) -> float:
    return max(0.0, (now - min(moments)).total_seconds()) if moments else 0.0
