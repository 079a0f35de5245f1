"""What a run measured of its feeds, for their records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mallfeed.ledger.model import FeedRecord, Measured, Pace
from mallfeed.plan.pace import pace_of, with_own
from mallfeed.progress.steps import Span, own_seconds
from mallfeed.table.port import Staged


def measured(
    feeds: Sequence[FeedRecord],
    staged: Mapping[str, Staged],
    paces: Mapping[str, tuple[Pace, ...]],
    spans: Sequence[Span],
    workers: int,
) -> dict[str, Measured]:
    """Feed id → its own seconds by step, and its mall's paces with its own in front.

    Steps that feeds share are split by what each changes. A feed that an earlier run has read has
    no pace of its own: this run saw a part of its work only.
    """
    weights = {
        feed_id: 1.0 + one.counts.changed + one.counts.vanished for feed_id, one in staged.items()
    }
    own = own_seconds(spans, weights)
    found = {}
    for feed in feeds:
        steps = {step: round(taken, 2) for step, taken in own.get(feed.feed_id, {}).items()}
        pace = pace_of(feed, steps, workers) if feed.feed_id in staged else None
        found[feed.feed_id] = Measured(steps, with_own(pace, paces.get(feed.feed_id, ())))
    return found
