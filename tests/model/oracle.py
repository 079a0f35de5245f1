"""What both sinks must contain once everything is quiet, in plain Python.

Knows nothing of ledger, plans, snapshots or cursors: only what each feed said, in which order, and
whether a person's data problem kept it out for good.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

Value = int | tuple[int, int]
Product = tuple[int, int | None]
"""Price and brand; None = it has no brand."""
Slice = str | None
"""A part of the shop; None = the whole shop."""


SALE = 100
"""What a sale of the model takes off, or rather puts on: a price that no feed says."""
SALES = {1: (1010, 1040), 3: (1060, None)}
ENDS = {2: 1025}
"""In a world with time a product's brand says when its sale begins and ends, and when it ends itself: minutes. So each
row that names brand or price names a part of what holds."""


SILENT = 1000
"""What is added to the price of a product that is out of stock for silence: a price that no feed says."""
OUT_AFTER, GONE_AFTER, STEP = 1010, 1060, 4
"""In a world with silence: minutes, and to which multiple of minutes those of deltas are rounded up. Feeds are uploaded
in the first twenty minutes, and loaded from minute 1000 on."""


def moments(said: Product) -> list[int]:
    """The minutes at which something else begins to hold."""
    begins, ends = SALES.get(said[1] or 0, (None, None))
    return [one for one in (begins, ends, ENDS.get(said[1] or 0)) if one is not None]


def out_of_stock(last: float | None, minute: float) -> bool:
    """Whether a product counts as out of stock that a feed contained last then; None = silence means nothing."""
    return (
        last is not None and round(last + OUT_AFTER - minute, 5) <= 0
    )  # minutes are no whole numbers


def gone(last: float | None, minute: float) -> bool:
    """Whether it is no longer shown."""
    return last is not None and round(last + GONE_AFTER - minute, 5) <= 0


def held(said: Product, minute: float, last: float | None = None) -> Product | None:
    """What the sinks have of the product at that time; None = nothing. `last`: when a feed contained it last."""
    price, brand = said
    if minute >= ENDS.get(brand or 0, minute + 1) or gone(last, minute):
        return None
    price += SILENT if out_of_stock(last, minute) else 0
    begins, ends = SALES.get(brand or 0, (minute + 1, None))
    on_sale = begins <= minute and (ends is None or minute < ends)
    return price + SALE if on_sale else price, brand


@dataclass(frozen=True, order=True)
class Taken:
    """A row of one product, in a mall whose rows have stamps; sorts by when it is taken."""

    stamp: str
    order: str
    place: int
    op: str
    value: Value
    full: bool


@dataclass(frozen=True)
class Said:
    """One feed of a mall.

    `rows` are (op, product id, value), in row order. U is a whole product that names its price, W one that names
    its price and its brand, P a row that names the price only, B one that names the brand only (a brand of 0 is a
    blank), D a delete. A full feed has U and W only: it names all fields. `bad` feeds are dropped in the end, by
    a person. A feed of a supplement has a slice of its own, S (a brand that it gives, 0 = none) and D. `slices` are those
    of a rollback's products, `given` what each supplement gave then. `stamp` is the time that the upload names, in the form in
    which an order begins; None = that of the upload. `undoes`: a person has taken the mall back. In a mall whose rows have
    stamps `stamps` are these (None = the row has none), and `taken` what is known of a rollback's products.
    """

    feed_id: str
    order: str
    full: bool
    rows: tuple[tuple[str, str, Value], ...]
    bad: bool = False
    slice: Slice = None
    slices: Mapping[str, Slice] = field(default_factory=dict)
    stamp: str | None = None
    undoes: bool = False
    given: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    stamps: tuple[str | None, ...] | None = None
    taken: Mapping[str, Sequence[Taken]] = field(default_factory=dict)

    @property
    def supplement(self) -> str | None:
        """The supplement whose feed it is."""
        return self.slice[1:] if self.slice is not None and self.slice.startswith("+") else None

    @property
    def minute(self) -> float:
        """When it contains its products: when it was uploaded; of a delta rounded up."""
        uploaded = datetime.fromisoformat(self.order[:19]) - datetime(2026, 11, 23, 9)
        exact = uploaded.total_seconds() / 60
        return exact if self.full else -(-exact // STEP) * STEP

    @property
    def age(self) -> tuple[str, str]:
        """Sorts by how new it is."""
        return (self.stamp or self.order.partition("!")[0], self.order)


def expected(feeds: Iterable[Said]) -> dict[str, Product]:
    """Product id → price and brand, as `contained`."""
    return {key: said for key, (said, _) in contained(feeds).items()}


def contained(feeds: Iterable[Said]) -> dict[str, tuple[Product, float]]:
    """Product id → price and brand, and when a primary feed contained it last: what primary feeds say, and over it what
    supplements give, in the order of their names."""
    told = list(feeds)
    primary = [one for one in told if one.supplement is None]
    has_stamps = any(one.stamps is not None for one in primary)
    products = of_primary(primary)
    if has_stamps:  # of a mall without silence
        products = {key: (said, 0.0) for key, said in of_stamped(primary).items()}
    names = {one.supplement for one in told if one.supplement is not None}
    for name in sorted(names, reverse=True):
        for product_id, brand in given_by(name, told).items():
            if product_id in products:
                (price, _), last = products[product_id]
                products[product_id] = (price, brand), last
    return products


def rows_of(feed: Said, product_id: str) -> list[Taken]:
    """The feed's rows of one product, where rows have stamps."""
    stamps = feed.stamps or (None,) * len(feed.rows)
    return [
        Taken(stamp or feed.age[0], feed.order, place, op, value, feed.full)
        for place, ((op, one, value), stamp) in enumerate(zip(feed.rows, stamps, strict=True))
        if one == product_id
    ]


def of_stamped(feeds: Iterable[Said]) -> dict[str, Product]:
    """As `of_primary`, where rows have stamps: they are taken in the order of these, those of one stamp in that of their
    feeds. Which products there are says the full feed: what it lacks has no rows of before."""
    good = sorted((feed for feed in feeds if not feed.bad), key=lambda one: one.order)
    ids = {one for feed in good for _, one, _ in feed.rows} | {one for f in good for one in f.taken}
    products: dict[str, Product] = {}
    for product_id in ids:
        known: list[Taken] = []
        for feed in good:
            if feed.undoes:
                known = list(feed.taken.get(product_id, ()))
                continue
            own = rows_of(feed, product_id)
            known = own if feed.full and not own else [*known, *own]
        found = in_turn(known)
        if found is not None:
            products[product_id] = found
    return products


def in_turn(rows: Iterable[Taken]) -> Product | None:
    """What rows with stamps make of their product."""
    state: Product | None = None
    for row in sorted(rows):
        if row.op == "D":
            state = None
        elif row.full or (state is None and row.op in WHOLE):
            price, brand = named(row.op, row.value)
            state = price or 0, brand or None
        elif state is not None:
            price, brand = named(row.op, row.value)
            state = (
                state[0] if price is None else price,
                state[1] if brand is None else brand or None,
            )
    return state


def given_by(name: str, feeds: Iterable[Said]) -> dict[str, int]:
    """Product id → the brand that a supplement gives: what the newest row says since its last full feed."""
    given: dict[str, int] = {}
    for feed in sorted(feeds, key=lambda one: one.order):
        if feed.bad or (feed.supplement != name and not feed.undoes):
            continue
        if feed.undoes:
            given = dict(feed.given.get(name, {}))
            continue
        if feed.full:
            given = {}
        for op, product_id, value in feed.rows:
            assert isinstance(value, int)
            given[product_id] = 0 if op == "D" else value
    return {product_id: brand for product_id, brand in given.items() if brand}


def of_primary(feeds: Iterable[Said]) -> dict[str, tuple[Product, float]]:
    """Product id → price and brand, and when a feed contained it last: the fold of the good feeds in order.

    What a row does not name stays; one that is no whole product changes none that is not there. A full feed takes
    away what its slice had, a delete only what is in its slice; a whole product belongs to the slice of its row.

    What was said counts by its age; but which products there are is what the full feed says that came last, and what
    comes after a rollback comes after all before it.
    """
    products: dict[str, Product] = {}
    slices: dict[str, Slice] = {}
    last: dict[str, float] = {}
    good = [feed for feed in feeds if not feed.bad]
    undone = [feed.order for feed in good if feed.undoes]
    fulls = [feed for feed in good if feed.full]

    def place(feed: Said) -> tuple[int, tuple[str, str]]:
        return sum(order < feed.order for order in undone), feed.age

    for feed in sorted(good, key=place):
        outlived = any(
            full.order > feed.order and place(full) < place(feed) for full in fulls if not feed.full
        )
        if feed.full:
            gone = [one for one in products if _within(feed.slice, slices[one])]
            for product_id in gone:
                del products[product_id]
        for op, product_id, value in feed.rows:
            before = products.get(product_id)
            if op != "D":
                last[product_id] = max(feed.minute, last.get(product_id, feed.minute))
            if op == "D":
                if before is not None and _within(feed.slice, slices[product_id]):
                    del products[product_id]
            elif op in WHOLE and (before is not None or not outlived):
                price, brand = named(op, value)
                kept = before[1] if before is not None and not feed.full else None
                products[product_id] = (price or 0, kept if brand is None else brand or None)
                if feed.slice is not None or before is None:
                    slices[product_id] = feed.slices.get(product_id, feed.slice)
            elif before is not None:
                price, brand = named(op, value)
                products[product_id] = (
                    before[0] if price is None else price,
                    before[1] if brand is None else brand or None,
                )
    return {key: (said, last[key]) for key, said in products.items()}


def _within(feed: Slice, product: Slice) -> bool:
    return feed is None or product is None or feed == product


WHOLE = ("U", "W")


def named(op: str, value: Value) -> tuple[int | None, int | None]:
    """What a row says of price and brand; None = it does not name it."""
    if op == "W":
        assert isinstance(value, tuple)
        return value
    assert isinstance(value, int)
    return (None, value) if op == "B" else (value, None)


def values(rows: Mapping[str, Mapping[str, object]]) -> dict[str, int]:
    """Product id → price in a sink."""
    return {product_id: int(str(row["price"])) for product_id, row in rows.items()}


def products(rows: Mapping[str, Mapping[str, object]]) -> dict[str, Product]:
    """Product id → price and brand in a sink, whose documents leave nulls out."""
    brands = {product_id: row.get("brand") for product_id, row in rows.items()}
    return {
        product_id: (price, None if brands[product_id] is None else int(str(brands[product_id])))
        for product_id, price in values(rows).items()
    }
