"""The rule of a mall for products that no feed has contained for a while, with what its feeds tell of that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from mallfeed.catalog.model import Catalog
from mallfeed.ledger.contained import contained_at
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.neighbours import Neighbours
from mallfeed.product.silence import Silence
from mallfeed.table.counts import Counts


def silence_of(catalog: Catalog, neighbours: Neighbours) -> Silence | None:
    """None where the catalog has no rule."""
    rule = catalog.silence
    if rule is None or (rule.out_of_stock is None and rule.vanished is None):
        return None
    return Silence(
        _days(rule.out_of_stock), _days(rule.vanished), neighbours.last_fulls, neighbours.unnamed
    )


def with_own(silence: Silence, feed: FeedRecord, named: Iterable[str] | None) -> Silence:
    """With what a full feed tells itself that is being staged; `named` are the slices that its rows name."""
    if feed.mode != "full":
        return silence
    own = contained_at(feed)
    slices: Iterable[str | None] = [feed.slice] if named is None else named
    known = silence.fulls
    return replace(
        silence, fulls={**known, **{one: max(own, known.get(one, own)) for one in slices}}
    )


def first_silence(catalog: Catalog, feed: FeedRecord, counts: Counts) -> datetime | None:
    """When something may become of products that the feed contains, if no other does; None = nothing will.

    Never later than it does: of deltas the moment is rounded up (`Silence.step`).
    """
    silence = silence_of(catalog, Neighbours())
    if silence is None or not counts.accepted:
        return None
    return contained_at(feed) + silence.waits[0]


def first_of(*moments: datetime | None) -> datetime | None:
    """The first of these, of those that are known."""
    return min((one for one in moments if one is not None), default=None)


def _days(number: int | None) -> timedelta | None:
    return None if number is None else timedelta(days=number)
