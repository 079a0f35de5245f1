"""Which of a mall's feeds are needed for decisions: the contract of `Ledger.feeds`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mallfeed.ledger.identity import order_time
from mallfeed.ledger.model import MOST_EARLY, FeedRecord
from mallfeed.ledger.slices import covers, last_published
from mallfeed.ledger.states import UNSETTLED, State


def relevant(feeds: Iterable[FeedRecord]) -> list[FeedRecord]:
    """Unsettled feeds, the last published full one of each slice, and the LOADED deltas after both; in order."""
    in_order = sorted(feeds, key=lambda feed: feed.order)
    unsettled = [feed for feed in in_order if feed.state in UNSETTLED]
    fulls = last_published(in_order)
    deltas = [f for f in in_order if f.state is State.LOADED and f.mode == "delta" and not f.is_due]
    last = [f for f in deltas[-1:] if not fulls or f.order > fulls[0].order]
    since = deltas_since(unsettled, fulls)
    later = [f for f in deltas if since is not None and f.order > since]
    chosen = {feed.feed_id: feed for feed in (*unsettled, *fulls, *later, *last)}
    return sorted(chosen.values(), key=lambda feed: feed.order)


def deltas_since(unsettled: Iterable[FeedRecord], fulls: Sequence[FeedRecord]) -> str | None:
    """The place in the mall's order after which loaded deltas bear on unsettled feeds; None = none does.

    `fulls` are the last published ones. Of what comes before a full feed, nothing bears on the feeds that it covers;
    those of a slice that has no full feed yet need all deltas after them, and those that name the time of their data
    all that were uploaded since.
    """

    def since(feed: FeedRecord) -> str:
        bounds = [feed, *(full for full in fulls if covers(full, feed))]
        if all(one.exported_at is None for one in bounds):
            return max(one.order for one in bounds)
        newest = max(bounds, key=lambda one: one.age)
        made = newest.exported_at or newest.last_modified
        return min(newest.order, order_time(made - MOST_EARLY))

    return min(map(since, unsettled), default=None)
