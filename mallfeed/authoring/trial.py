"""A new version tried on a mall's newest feed: whether it would be held, and which ids, prices and counts change.

It imports Spark: only `mallfeed catalog upgrade` imports it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.dataset as ds

from mallfeed.authoring.compare import Compared, Read, compared_products, read_products
from mallfeed.authoring.engine import prepared, session, write_products
from mallfeed.authoring.local_spark import LocalSpark
from mallfeed.authoring.preview import counted_in
from mallfeed.catalog.model import Catalog
from mallfeed.errors import FeedHeld
from mallfeed.feed.raw import RawFeed
from mallfeed.load.guards import check_guards
from mallfeed.table.counts import Counts

PRICES = ("price", "list_price", "currency")
_MOST_PRICES = 0.5
"""Share of prices that may differ between two feeds of different days."""


@dataclass(frozen=True)
class Side:
    """A version with a feed that it reads."""

    catalog: Catalog
    feed_name: str
    files: Sequence[Path]


@dataclass(frozen=True)
class Tried:
    """What came of it.

    Attributes
    ----------
    held : why the new version would hold the feed; None = it would load
    accepted : products that the new version makes
    problems : what a person has to look at, in words; empty = nothing
    """

    held: FeedHeld | None
    accepted: int
    problems: tuple[str, ...]


def tried(old: Side, new: Side, *, same_feed: bool) -> Tried:
    """Read the feeds with both versions.

    `same_feed`: both read the same one, so that nothing may differ. Otherwise the old version cannot read the newest,
    and reads the last that it loaded: then ids may go as far as `guards.vanished` allows, and prices change.
    Raises FeedHeld where the old version cannot read its feed, and Terminal without Java.
    """
    with LocalSpark() as local:
        before = _prepared(old, local.scratch / "old")
        try:
            after = _prepared(new, local.scratch / "new")
        except FeedHeld as held:
            return _held(held)
        with session(local, after, new.catalog, new.feed_name) as spark:
            for side, raw, name in ((old, before, "old"), (new, after, "new")):
                marked = local.scratch / name / "marked"
                write_products(spark, raw, side.catalog, side.feed_name, marked)
        places = [local.scratch / name / "marked" for name in ("old", "new")]
        counts = [
            counted_in(ds.dataset(place), side.catalog, side.feed_name).counts
            for place, side in zip(places, (old, new), strict=True)
        ]
        products = [read_products(place) for place in places]
    return _judged(old, new, counts, products, same_feed)


def _prepared(side: Side, folder: Path) -> RawFeed:
    return prepared(side.catalog, side.feed_name, side.files, folder / "frame")


def _held(held: FeedHeld, accepted: int = 0) -> Tried:
    return Tried(held, accepted, (f"would be held: {held.code}: {held.message}",))


def _judged(
    old: Side, new: Side, counts: Sequence[Counts], products: Sequence[Read], same_feed: bool
) -> Tried:
    before, after = counts
    try:
        check_guards(after, new.catalog.feeds[new.feed_name], new.catalog.currency)
    except FeedHeld as held:
        return _held(held, after.accepted)
    compared = compared_products(products[0], products[1])
    if same_feed:
        names = (f"v{old.catalog.version}", f"v{new.catalog.version}")
        problems = tuple(_differences(compared, before, after, names))
    else:
        problems = tuple(_leaps(compared, len(products[0][0]), new))
    return Tried(None, after.accepted, problems)


def _differences(
    compared: Compared, before: Counts, after: Counts, names: tuple[str, str]
) -> Iterator[str]:
    if compared.gone or compared.new:
        gone, new = len(compared.gone), len(compared.new)
        yield f"ids change: {gone:,} only with {names[0]}, {new:,} only with {names[1]}{_one_of(compared)}"
    if changed := _prices_changed(compared):
        yield f"prices of {changed:,} products change"
    for what in ("accepted", "rejected", "duplicates", "dropped"):
        was, is_ = getattr(before, what), getattr(after, what)
        if was != is_:
            yield f"{what}: {was:,} → {is_:,} rows"


def _leaps(compared: Compared, known: int, new: Side) -> Iterator[str]:
    """What no two days of one shop explain."""
    limit = new.catalog.feeds[new.feed_name].guards.vanished
    gone, common = len(compared.gone), compared.same + len(compared.changed)
    if gone > limit.count and gone > limit.ratio * known:
        yield f"ids change: {gone:,} of the {known:,} products of the last feed that loaded are not in this one{_one_of(compared)}"
    elif known and not common:
        yield f"ids change: no product of the last feed that loaded is in this one{_one_of(compared)}"
    changed = _prices_changed(compared)
    if common and changed > _MOST_PRICES * common:
        yield f"prices of {changed:,} of {common:,} products differ from the last feed that loaded"


def _prices_changed(compared: Compared) -> int:
    return sum(any(name in one.fields for name in PRICES) for one in compared.changed)


def _one_of(compared: Compared) -> str:
    old, new = compared.gone[:1], compared.new[:1]
    return f" ({old[0][0]} → {new[0][0]})" if old and new else ""
