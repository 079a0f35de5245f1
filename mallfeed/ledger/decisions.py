"""Which of a mall's feeds runs next, and what happens to the others. Pure; the rules of order.

The mall's state is what its loaded feeds give when applied in order, from the last full one on. Hence:

- a waiting feed before a newer waiting full one is passed over until that full one has loaded;
- a loaded full feed supersedes everything before it in the order;
- HELD or FAILED blocks later deltas, never a later full feed;
- a committed feed (SYNCING), or one that died while committing, goes before all others of its
  mall. But a newer feed may replace the data that a sink refuses: if all committed feeds are
  refused, a feed that can run after the last of them, and says something newer, goes first;
- a late feed among loaded deltas runs in its place: the later deltas take precedence over it. So do those that
  were uploaded before a feed, but say something newer: an upload may name the time of its data (`FeedRecord.age`);
- what is due at a moment (a sale begins or ends) waits for nothing but its turn, and nothing waits for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mallfeed.ledger.model import FeedRecord, HandedOn
from mallfeed.ledger.slices import covers, overlap, published_for
from mallfeed.ledger.states import BLOCKING, UNCHANGED_BYTES, State
from mallfeed.ledger.unchanged_feed import unchanged_bytes
from mallfeed.ledger.window import opens_at
from mallfeed.product.supplement import named_by

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
    superseded = tuple(superseded_by_loaded(in_order))
    rest = _without(in_order, superseded)
    older = tuple(
        _older(feed, newest)
        for feed in rest
        if _is_older(feed, newest := _newest_full_in_table(feed, in_order))
    )
    held = [record for record, _, _ in older]
    rest = _without(rest, older)
    unchanged = tuple(_unchanged(rest, held))
    chosen = _choose(_without(rest, unchanged), held, now)
    return replace(chosen, superseded=superseded, held=older, ignored=unchanged)


def _without(feeds: list[FeedRecord], closings: tuple[Closing, ...]) -> list[FeedRecord]:
    gone = {record.feed_id for record, _, _ in closings}
    return [feed for feed in feeds if feed.feed_id not in gone]


def _newest_full_in_table(feed: FeedRecord, feeds: list[FeedRecord]) -> FeedRecord | None:
    """The published feed of the slice, or a later one that a sink refuses, since that is in the table all the
    same."""
    in_table = [
        one
        for one in feeds
        if one.is_published_full or (one.mode == "full" and one.is_refused)
        if covers(one, feed)
    ]
    return max(in_table, key=lambda one: one.order, default=None)


def _is_older(feed: FeedRecord, published: FeedRecord | None) -> bool:
    return feed.state is State.WAITING and older_than_published(feed, published)


def _unchanged(feeds: list[FeedRecord], held: list[FeedRecord]) -> list[Closing]:
    """The waiting full feed that changes nothing, if nothing else in the mall is unsettled."""
    if held:
        return []
    closings = []
    for feed in feeds:
        published = published_for(feed, feeds)
        if published is None or feed.state is not State.WAITING:
            continue
        if unchanged_bytes(feed, published, feeds):
            closings.append(_standing_for(feed, published))
    return closings


def _standing_for(feed: FeedRecord, published: FeedRecord) -> Closing:
    """It stands for the published one from now on, including how long the mall's runs took."""
    message = (
        f"the same bytes as the published full feed {published.feed_id}, read by the same catalog: "
        "nothing to do"
    )
    known = {"paces": published.paces, **_handed_on(published)._asdict()}
    return feed.model_copy(update=known), UNCHANGED_BYTES, message


def _handed_on(feed: FeedRecord) -> HandedOn:
    return HandedOn(
        feed.unnamed_slice, feed.only_slice, feed.recent, feed.slice_orders, feed.slice_products
    )


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
    # What was uploaded after them may say what is older than what they have put into the table.
    age = max(feed.age for feed in in_table)
    newer = [feed for feed in waiting if feed.order > in_table[-1].order and feed.age > age]
    replacement = _first_waiting(newer, feeds, held, now)
    return again if replacement.next is None else replacement


def _first_waiting(
    waiting: list[FeedRecord], feeds: list[FeedRecord], held: list[FeedRecord], now: datetime
) -> Decision:
    """The first in order of what each slice would run next; what waits for one slice keeps no other waiting."""
    due = next((feed for feed in waiting if feed.is_due), None)
    if due is not None:
        sent = _first_waiting([one for one in waiting if not one.is_due], feeds, held, now)
        first = sent.next is not None and sent.next.order < due.order
        own = _unless_early(_run(due), now)
        return sent if first or own.next is None else replace(own, blocked_by=sent.blocked_by)
    if not waiting:
        return Decision()
    named = sorted({feed.slice for feed in waiting if feed.slice is not None})
    slices: list[str | None] = [*named] or [None]
    each = [
        _first_of_slice(
            [feed for feed in waiting if overlap(feed.slice, name)],
            [feed for feed in feeds if overlap(feed.slice, name)],
            [feed for feed in held if overlap(feed.slice, name)],
            now,
        )
        for name in slices
    ]
    ready = [(one.next.order, one) for one in each if one.next is not None]
    if ready:
        return min(ready, key=lambda pair: pair[0])[1]
    until = min((one.until for one in each if one.until is not None), default=None)
    blocked = next((one.blocked_by for one in each if one.blocked_by is not None), None)
    why = "; ".join(dict.fromkeys(one.why for one in each))
    return Decision(why=why, until=until, blocked_by=blocked)


def _next_full(waiting: list[FeedRecord]) -> FeedRecord | None:
    """The newest full feed, since it supersedes those before it; but one of the whole shop before it goes first,
    which a feed of one slice does not supersede. What one tells of whose rows say it is known once it is read, so it
    supersedes none."""
    fulls = [feed for feed in waiting if feed.mode == "full" and not feed.slices_by_row]
    whole = [feed for feed in fulls if feed.slice is None]
    return max(whole or fulls, key=lambda feed: feed.age, default=None)


def _first_of_slice(
    waiting: list[FeedRecord], feeds: list[FeedRecord], held: list[FeedRecord], now: datetime
) -> Decision:
    full = _next_full(waiting)
    if full is not None:
        return _unless_early(_run(full), now)
    if waiting[0].mode == "full":
        return _unless_early(_run(waiting[0]), now)
    blocker = _blocker(waiting[0], [*feeds, *held], held)
    by_row = [feed for feed in waiting if feed.slices_by_row and feed.mode == "full"]
    if blocker is not None and by_row:
        return _unless_early(_run(by_row[0]), now)
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
    before = [
        one
        for one in feeds
        if (one.state in BLOCKING or one in held) and one.order < delta.order and not one.is_due
    ]
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


def later_deltas(feed: FeedRecord, feeds: Sequence[FeedRecord]) -> tuple[str, ...]:
    """Loaded deltas that say something newer than this feed, oldest first: what they say of a product stands, field
    by field. What a person has undone since (a rollback, a replay of a full feed) does not count. A supplement says
    nothing of what primary feeds say, nor of what another one does."""
    own = named_by(feed.slice)
    undoing = [
        full
        for full in feeds
        if full.is_published_full and full.is_by_person and full.order < feed.order
    ]
    later = [
        other
        for other in feeds
        if other.state is State.LOADED and other.mode == "delta" and not other.is_due
        if other.age > feed.age and named_by(other.slice) == own
        if not any(full.order > other.order and covers(full, other) for full in undoing)
    ]
    return tuple(other.feed_id for other in sorted(later, key=lambda other: other.age))


def superseded_by_loaded(feeds: Sequence[FeedRecord]) -> list[Closing]:
    """The feeds before the last loaded full one of their slice: nothing of them can apply any more. A delta is before
    it if all that it says is older, which nobody knows of a waiting one whose rows have stamps."""
    return [
        _behind(feed, published)
        for feed in sorted(feeds, key=lambda feed: feed.order)
        if feed.state in SUPERSEDABLE
        and (published := published_for(feed, feeds)) is not None
        and _is_before(feed, published)
    ]


def _is_before(feed: FeedRecord, published: FeedRecord) -> bool:
    if feed.mode == "full" or published.is_by_person:
        return feed.order < published.order
    if feed.has_stamps and feed.state is State.WAITING:  # its rows may be newer all the same
        return False
    return feed.age < published.age


def _behind(feed: FeedRecord, published: FeedRecord) -> Closing:
    late = published.finished_at is not None and feed.arrived_at > published.finished_at
    if late and feed.order > published.order:
        return (
            feed,
            "late_behind_full",
            f"feed-time {feed.feed_time.isoformat()} is before that of the full feed {published.feed_id}, which has "
            "loaded: all that it says is older; nothing to do",
        )
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
