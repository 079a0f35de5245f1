"""Which of a mall's feeds runs next, and what happens to the others. Pure; the rules of order.

The mall's state is what its loaded feeds give when applied in order, from the last full one on. Hence:

- a waiting feed before a newer waiting full one is passed over until that full one has loaded;
- a loaded full feed supersedes everything before it in the order;
- HELD or FAILED blocks later deltas, never a later full feed;
- a committed feed (SYNCING), or one that died while committing, goes before all others of its
  mall. But a newer feed may replace the data that a sink refuses: if all committed feeds are
  refused, a feed that can run after the last of them goes first;
- a late feed among loaded deltas runs in its place: the later deltas take precedence over it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import BLOCKING, UNCHANGED_BYTES, State
from mallfeed.ledger.unchanged_feed import unchanged_bytes
from mallfeed.ledger.window import opens_at

SUPERSEDABLE = BLOCKING | {State.WAITING}

Closing = tuple[FeedRecord, str, str]
"""A feed to close, with code and message."""


@dataclass(frozen=True)
class Decision:
    """What is to be done for a mall now.

    Attributes
    ----------
    next : the feed to run now; None = none
    why : why there is none, for people
    until : when to look again, where time alone can change the answer
    superseded, held, ignored : feeds to move to these states, with code and message
    blocked_by : the HELD or FAILED feed in the way of the first waiting delta
    """

    next: FeedRecord | None = None
    why: str = "nothing waits"
    until: datetime | None = None
    superseded: tuple[Closing, ...] = ()
    held: tuple[Closing, ...] = ()
    ignored: tuple[Closing, ...] = ()
    blocked_by: FeedRecord | None = None


def decide(feeds: Sequence[FeedRecord], now: datetime) -> Decision:
    """The decision for one mall; `feeds` as `Ledger.feeds` gives them (any order)."""
    in_order = sorted(feeds, key=lambda feed: feed.order)
    published = last_loaded_full(in_order)
    superseded = tuple(superseded_by_loaded(in_order))
    rest = _without(in_order, superseded)
    newest = _newest_full_in_table(in_order, published)
    older = tuple(_older(feed, newest) for feed in rest if _is_older(feed, newest))
    held = [record for record, _, _ in older]
    rest = _without(rest, older)
    unchanged = tuple(_unchanged(rest, held, published))
    chosen = _choose(_without(rest, unchanged), held, now)
    return replace(chosen, superseded=superseded, held=older, ignored=unchanged)


def _without(feeds: list[FeedRecord], closings: tuple[Closing, ...]) -> list[FeedRecord]:
    gone = {record.feed_id for record, _, _ in closings}
    return [feed for feed in feeds if feed.feed_id not in gone]


def _newest_full_in_table(
    feeds: list[FeedRecord], published: FeedRecord | None
) -> FeedRecord | None:
    """The published feed, or a later one that a sink refuses, since that is in the table all the same."""
    refused = [feed for feed in feeds if feed.mode == "full" and feed.is_refused]
    in_table = [feed for feed in (published, *refused) if feed is not None]
    return max(in_table, key=lambda feed: feed.order, default=None)


def _is_older(feed: FeedRecord, published: FeedRecord | None) -> bool:
    return feed.state is State.WAITING and older_than_published(feed, published)


def _unchanged(
    feeds: list[FeedRecord], held: list[FeedRecord], published: FeedRecord | None
) -> list[Closing]:
    """The waiting full feed that changes nothing, if nothing else in the mall is unsettled."""
    if published is None or held:
        return []
    message = (
        f"the same bytes as the published full feed {published.feed_id}, read by the same catalog: "
        "nothing to do"
    )
    # It stands for the published one from now on, including how long the mall's runs took.
    return [
        (feed.model_copy(update={"paces": published.paces}), UNCHANGED_BYTES, message)
        for feed in feeds
        if feed.state is State.WAITING and unchanged_bytes(feed, published, feeds)
    ]


def _choose(feeds: list[FeedRecord], held: list[FeedRecord], now: datetime) -> Decision:
    busy = next((f for f in feeds if f.plan_id is not None and f.state in _IN_PLAN), None)
    if busy is not None:
        return Decision(why=f"{busy.feed_id} is in plan {busy.plan_id}")
    waiting = [feed for feed in feeds if feed.state is State.WAITING]
    in_table = [feed for feed in feeds if _may_be_in_table(feed)]
    if not in_table:
        return _first_waiting(waiting, feeds, held, now)
    again = _unless_early(_run(in_table[0]), now)
    if not all(feed.is_refused for feed in in_table):
        return again
    newer = [feed for feed in waiting if feed.order > in_table[-1].order]
    replacement = _first_waiting(newer, feeds, held, now)
    return again if replacement.next is None else replacement


def _first_waiting(
    waiting: list[FeedRecord], feeds: list[FeedRecord], held: list[FeedRecord], now: datetime
) -> Decision:
    fulls = [feed for feed in waiting if feed.mode == "full"]
    if fulls:
        return _unless_early(_run(fulls[-1]), now)
    if not waiting:
        return Decision()
    blocker = _blocker(waiting[0], [*feeds, *held], held)
    if blocker is not None:
        return Decision(
            why=f"{waiting[0].feed_id} waits behind {blocker.feed_id}, which is "
            f"{'HELD' if blocker in held else blocker.state}: release, retry or drop that one",
            blocked_by=blocker,
        )
    return _unless_early(_run(waiting[0]), now)


def _may_be_in_table(feed: FeedRecord) -> bool:
    """Committed, or died while committing: nothing else of the mall may be staged before a run has
    checked, or it would be applied over a feed that the table may already contain."""
    return feed.state is State.SYNCING or (feed.state is State.WAITING and feed.committing)


_IN_PLAN = frozenset({State.RUNNING, State.SYNCING})


def _run(feed: FeedRecord) -> Decision:
    return Decision(next=feed, why="")


def _blocker(
    delta: FeedRecord, feeds: list[FeedRecord], held: list[FeedRecord]
) -> FeedRecord | None:
    before = [f for f in feeds if (f.state in BLOCKING or f in held) and f.order < delta.order]
    return min(before, key=lambda feed: feed.order, default=None)


def _unless_early(decision: Decision, now: datetime) -> Decision:
    feed = decision.next
    if feed is None:
        return decision
    if feed.not_before is not None and feed.not_before > now:
        return Decision(
            why=f"{feed.feed_id} is tried again at {feed.not_before.isoformat()}",
            until=feed.not_before,
        )
    opening = opens_at(feed.window, feed.zone, now) if feed.state is State.WAITING else None
    if opening is not None:
        return Decision(
            why=f"{feed.feed_id} is only taken at {feed.window} ({feed.zone})",
            until=opening,
        )
    return decision


def last_loaded_full(feeds: Sequence[FeedRecord]) -> FeedRecord | None:
    """The full feed that the mall's published state starts from."""
    fulls = [feed for feed in feeds if feed.is_published_full]
    return max(fulls, key=lambda feed: feed.order, default=None)


def later_deltas(feed: FeedRecord, feeds: Sequence[FeedRecord]) -> tuple[str, ...]:
    """Loaded deltas after this feed, in order: for the products they mention, they take precedence."""
    later = [
        other
        for other in feeds
        if other.state is State.LOADED and other.mode == "delta" and other.order > feed.order
    ]
    return tuple(other.feed_id for other in sorted(later, key=lambda other: other.order))


def superseded_by_loaded(feeds: Sequence[FeedRecord]) -> list[Closing]:
    """The feeds before the mall's last loaded full one: nothing of them can apply any more."""
    published = last_loaded_full(feeds)
    if published is None:
        return []
    return [
        _behind(feed, published)
        for feed in sorted(feeds, key=lambda feed: feed.order)
        if feed.state in SUPERSEDABLE and feed.order < published.order
    ]


def _behind(feed: FeedRecord, published: FeedRecord) -> Closing:
    late = published.finished_at is not None and feed.arrived_at > published.finished_at
    if late:
        return (
            feed,
            "late_behind_full",
            f"arrived after the newer full feed {published.feed_id} had loaded; nothing to do",
        )
    return feed, "newer_full_loaded", f"the newer full feed {published.feed_id} has loaded"


def older_than_published(feed: FeedRecord, published: FeedRecord | None) -> bool:
    """A full feed whose feed-time is before the published one's, unless a person released it."""
    if published is None or feed.mode != "full" or feed.released:
        return False
    return feed.order > published.order and feed.feed_time < published.feed_time


def _older(feed: FeedRecord, published: FeedRecord | None) -> Closing:
    published_time = published.feed_time.isoformat() if published else "none"
    return feed, "older_than_published", older_message(feed.feed_time, published_time)


def older_message(feed_time: datetime, published_time: str) -> str:
    """The message for a full feed that is older than the published one."""
    return (
        f"feed-time {feed_time.isoformat()} is before that of the published full feed "
        f"({published_time}). Release it to publish the older data, or drop it"
    )
