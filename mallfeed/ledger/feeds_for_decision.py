"""Which of a mall's feeds are needed for decisions: the contract of `Ledger.feeds`."""

from __future__ import annotations

from collections.abc import Iterable

from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import UNSETTLED, State


def relevant(feeds: Iterable[FeedRecord]) -> list[FeedRecord]:
    """Unsettled feeds, the last published full one, and the LOADED deltas after both; in order."""
    in_order = sorted(feeds, key=lambda feed: feed.order)
    unsettled = [feed for feed in in_order if feed.state in UNSETTLED]
    loaded = [feed for feed in in_order if feed.state is State.LOADED]
    fulls = [feed for feed in in_order if feed.is_published_full]
    after_full = [
        f for f in loaded if f.mode == "delta" and (not fulls or f.order > fulls[-1].order)
    ]
    late_from = unsettled[0].order if unsettled else None
    deltas = [f for f in after_full[:-1] if late_from is not None and f.order > late_from]
    chosen = [*unsettled, *fulls[-1:], *deltas, *after_full[-1:]]
    return sorted(chosen, key=lambda feed: feed.order)
