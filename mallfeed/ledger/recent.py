"""What became of the rows of a mall's last full feeds: what is usual there. Pure.

A full feed's record carries those of the full feeds before it, its own first. So whoever has read the mall's feeds
to make a decision knows them without reading more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from mallfeed.ledger.model import FeedRecord, Recent
from mallfeed.ledger.states import State
from mallfeed.table.counts import Counts

KEPT = 5
"""How many are kept per feed name."""
_NO_USE = {"reject_codes", "warning_codes", "drop_rules", "duplicate_ids", "slices"}


def recent_fulls(feeds: Iterable[FeedRecord]) -> tuple[Recent, ...]:
    """Those in the record of the mall's full feed that was loaded, or published, last; newest first."""
    fulls = [feed for feed in feeds if feed.is_published_full and feed.finished_at and feed.recent]
    newest = max(fulls, key=lambda feed: (feed.finished_at, feed.order), default=None)
    return newest.recent if newest else ()


def with_this(feed: FeedRecord, counts: Counts, before: Iterable[Recent]) -> tuple[Recent, ...]:
    """The full feed's own and then the earlier ones: the last KEPT of each feed name.

    Nothing is read for a rollback: it hands on what it knows.
    """
    slim = Counts.model_validate(counts.model_dump(exclude=_NO_USE))
    own = Recent(feed.feed_name or "", slim)
    kept: list[Recent] = []
    for one in (*((own,) if feed.is_file else ()), *before):
        if sum(other.feed_name == one.feed_name for other in kept) < KEPT:
            kept.append(one)
    return tuple(kept)


def usual_of(
    feed: FeedRecord,
    recent: Iterable[Recent],
    feeds: Sequence[FeedRecord],
    history: Callable[[], Iterable[FeedRecord]],
) -> tuple[Counts, ...]:
    """The counts of the mall's last full feeds (`recent_fulls`) of the same name, newest first.

    Full feeds of a release before these were kept have none: then the last loaded one of `feeds`, or else of
    `history`, stands for them.
    """
    known = tuple(one.counts for one in recent if one.feed_name == feed.feed_name)
    if known or not any(one.is_published_full for one in feeds):
        return known
    last = _last_loaded(feed, feeds) or _last_loaded(feed, history())
    return (last.counts,) if last else ()


def _last_loaded(feed: FeedRecord, others: Iterable[FeedRecord]) -> FeedRecord | None:
    """A rollback's counts tell nothing of a file."""
    same = [
        one
        for one in others
        if one.state is State.LOADED and one.mode == "full" and one.is_file
        if one.feed_name == feed.feed_name and one.order < feed.order
    ]
    return max(same, key=lambda one: one.order, default=None)
