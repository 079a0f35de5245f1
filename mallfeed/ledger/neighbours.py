"""What a feed's run must know of the mall's other feeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mallfeed.ledger.contained import last_fulls
from mallfeed.ledger.decisions import later_deltas
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.slices import (
    covers,
    is_only_slice,
    last_published,
    settled_slices,
    unnamed_slice,
)


@dataclass(frozen=True)
class Neighbours:
    """The mall's other feeds, as far as they bear on one.

    Attributes
    ----------
    later : ids of loaded deltas that say something newer than the feed, oldest first
    settled : slices of which a published full feed comes after the feed → the order of that one; what has been in
        such a slice since before it stays as it is
    unnamed : the slice of products that the table holds without one; None if nothing says which
    is_only : no full feed of another slice has been published
    published : the mall's last published full feeds
    uploaded_before : those of `later` that come before the feed in the mall's order
    outlived : those of `later`, and the feed itself, that say something newer than a full feed which comes after them
        in the mall's order: which products there are is what the full feed says, so they bring none
    last_fulls : as `mallfeed.ledger.contained.last_fulls`
    """

    later: tuple[str, ...] = ()
    settled: Mapping[str, str] = field(default_factory=dict)
    unnamed: str | None = None
    is_only: bool = True
    published: tuple[FeedRecord, ...] = ()
    uploaded_before: frozenset[str] = frozenset()
    outlived: frozenset[str] = frozenset()
    last_fulls: Mapping[str | None, datetime] = field(default_factory=dict)

    @property
    def are_before(self) -> bool:
        """Whether no other feed that is loaded comes after the feed."""
        return not (self.later or self.settled or self.outlived)


def neighbours_of(feed: FeedRecord, others: Sequence[FeedRecord]) -> Neighbours:
    """What the feeds of its mall, as `Ledger.feeds` gives them, mean for one of them."""
    later = later_deltas(feed, others)
    known = [one for one in others if one.feed_id in later]
    fulls = [one for one in others if one.is_published_full]
    if feed.mode == "full":
        fulls.append(feed)
    return Neighbours(
        later,
        settled_slices(feed, others),
        unnamed_slice(feed, others),
        is_only_slice(feed, others),
        tuple(last_published(others)),
        frozenset(one.feed_id for one in known if one.order < feed.order),
        frozenset(
            one.feed_id
            for one in (*known, feed)
            if any(full.order > one.order and covers(full, one) for full in fulls)
        ),
        last_fulls(others),
    )
