"""The durations that a run measured, for the records of its feeds."""

from __future__ import annotations

from collections.abc import Sequence

from mallfeed.ledger.model import Measured
from mallfeed.load.feed_in_run import FeedInRun
from mallfeed.plan.pace import pace_of, with_own
from mallfeed.progress.steps import Span, own_seconds


def measured(
    feeds: Sequence[FeedInRun], spans: Sequence[Span], workers: int
) -> dict[str, Measured]:
    """Feed id → its own seconds by step, and the paces of its mall, its own first.

    A step that several feeds share is divided among them by how many products each changes. A feed
    that an earlier run read has no pace of its own: this run saw only part of its work.
    """
    weights = {
        feed.feed_id: 1.0 + feed.staged.counts.changed + feed.staged.counts.vanished
        for feed in feeds
        if feed.staged is not None
    }
    own = own_seconds(spans, weights)
    by_feed = {}
    for feed in feeds:
        steps = {step: round(taken, 2) for step, taken in own.get(feed.feed_id, {}).items()}
        pace = pace_of(feed.record, steps, workers) if feed.staged is not None else None
        by_feed[feed.feed_id] = Measured(steps, with_own(pace, feed.paces))
    return by_feed
