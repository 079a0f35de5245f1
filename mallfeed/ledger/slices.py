"""Slices: the parts of a shop that full feeds tell of, each by itself (docs/feeds-and-time.md). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mallfeed.ledger.model import FeedRecord
from mallfeed.product.supplement import named_by

MOST_KEPT = 500
"""Slices that a feed's record keeps, the newest ones."""


def is_supplement(feed: FeedRecord) -> bool:
    """Whether it is a feed of a supplement, which tells of no part of the shop."""
    return named_by(feed.slice) is not None


def overlap(one: str | None, other: str | None) -> bool:
    """Whether two feeds of these slices may tell of the same part of the shop; None is the whole shop."""
    return one is None or other is None or one == other


def covers(full: FeedRecord, feed: FeedRecord) -> bool:
    """Whether a full feed says all of the part of the shop that the other feed tells of.

    A delta without a slice is of a time when the mall had no full feed, or one.
    """
    if feed.is_due:
        return (
            False  # another part of the shop may wait for it, and it finds out what is to be done
        )
    if full.slices_by_row:
        return False  # it tells of some slices only, and of which is known once it is read
    if full.slice is None or full.slice == feed.slice:
        return True
    return feed.slice is None and feed.mode == "delta" and not feed.slices_by_row


def last_published(feeds: Iterable[FeedRecord]) -> list[FeedRecord]:
    """The published full feeds that the mall's state starts from, in order: one per slice, and the newest of each feed
    whose rows say their slices.

    One of the whole shop (a rollback, or one of a release before slices) stands for all slices before it.
    """
    newest: dict[tuple[bool, str | None], FeedRecord] = {}
    for feed in sorted(feeds, key=lambda one: one.order):
        if feed.is_published_full:
            if feed.slice is None and not feed.slices_by_row:
                newest.clear()
            newest[feed.slices_by_row, feed.feed_name if feed.slices_by_row else feed.slice] = feed
    return sorted(newest.values(), key=lambda one: one.order)


def own_slice(feed: FeedRecord) -> str | None:
    """The slice of rows that say none."""
    return feed.feed_name if feed.slices_by_row else feed.slice


def slice_name(full: FeedRecord) -> str | None:
    """The name of the slice that a full feed is; None for a rollback, which restores all of them."""
    return full.feed_name if _is_of_before_slices(full) else full.slice


def published_for(feed: FeedRecord, feeds: Iterable[FeedRecord]) -> FeedRecord | None:
    """The newest published full feed that covers this one; None if there is none."""
    covering = [one for one in feeds if one.is_published_full and covers(one, feed)]
    return max(covering, key=lambda one: one.order, default=None)


def settled_slices(feed: FeedRecord, feeds: Sequence[FeedRecord]) -> dict[str, str]:
    """The slices of which another full feed is published that comes after this one → the order of that feed: this
    one changes nothing of what was in the slice then."""
    later: dict[str, str] = {}
    for one in last_published(feeds):
        for name, order in published_slices(one).items():
            if order > feed.order and name != feed.slice and named_by(name) == named_by(feed.slice):
                later[name] = max(order, later.get(name, order))
    return later


def published_slices(full: FeedRecord) -> dict[str, str]:
    """The slices that a published full feed, and those of its name before it, told of → the order of the newest."""
    if full.slices_by_row:
        return full.slice_orders
    return {} if full.slice is None else {full.slice: full.order}


def with_own_slices(
    feed: FeedRecord, own: Iterable[str], feeds: Iterable[FeedRecord]
) -> dict[str, str]:
    """What `FeedRecord.slice_orders` is to be of a full feed that is in the table; empty where it has one slice.

    `feeds` are the mall's `last_published`.
    """
    if not feed.slices_by_row:
        return {}
    known: dict[str, str] = {}
    for one in feeds:
        if one.slices_by_row and one.feed_name == feed.feed_name and one.feed_id != feed.feed_id:
            known |= one.slice_orders
    known |= {name: max(feed.order, known.get(name, "")) for name in own}
    newest = sorted(known.items(), key=lambda pair: pair[1], reverse=True)[:MOST_KEPT]
    return dict(sorted(newest))


def unnamed_slice(feed: FeedRecord, feeds: Iterable[FeedRecord]) -> str | None:
    """The slice to which products belong that the table holds without one.

    That is the feed that the mall's full feeds of a release before slices came as, handed on from one full feed to
    the next. Where none came yet, deltas have brought these products: they belong to the first full feed.
    """
    before = [one for one in feeds if one.is_published_full and one.feed_id != feed.feed_id]
    for one in sorted(before, key=lambda one: one.order, reverse=True):
        if one.unnamed_slice is not None:
            return one.unnamed_slice
        if _is_of_before_slices(one):
            return slice_name(one)
    return own_slice(feed) if feed.mode == "full" and not is_supplement(feed) else None


def is_only_slice(feed: FeedRecord, feeds: Iterable[FeedRecord]) -> bool:
    """Whether no full feed of another slice has been published: the mall has one full feed, as nearly all have, and no
    supplement."""
    feeds = tuple(feeds)
    if any(map(is_supplement, (*feeds, feed))):
        return False
    before = [one for one in feeds if one.is_published_full and one.feed_id != feed.feed_id]
    known = all(one.only_slice or _is_of_before_slices(one) for one in before)
    names = {one.slice for one in (*before, feed) if one.slice is not None}
    return known and len(names) <= 1 and not any(one.slices_by_row for one in (*before, feed))


def _is_of_before_slices(full: FeedRecord) -> bool:
    return full.slice is None and full.rollback_to is None and not full.slices_by_row


def products_by_slice(feeds: Iterable[FeedRecord]) -> dict[str, int]:
    """Slice → its products after the mall's last commit; empty where the mall has one slice only, or none is known."""
    committed = [one for one in feeds if one.seq is not None and one.slice_products]
    newest = max(committed, key=lambda one: one.seq or 0, default=None)
    return newest.slice_products if newest is not None else {}
