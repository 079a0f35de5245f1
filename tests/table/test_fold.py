"""The fold of rows that change what they name, against one that takes a row after the other.

A plan of the fold takes seconds, however few the rows: the products of all cases go through one, or one per mode.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import pytest
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.product.record import PRODUCT
from mallfeed.table import counting, outcomes
from mallfeed.table.fold import Folding
from mallfeed.table.fold_columns import NAMED, WHOLE
from mallfeed.table.fold_rows import Later
from mallfeed.table.outcomes import Mode
from mallfeed.table.place import Place, by_mall
from tests.spark_session import compiled
from tests.table.folded_rows import (
    JUDGE,
    Product,
    Said,
    after,
    changes,
    checked,
    folded,
    is_elsewhere,
    judged,
    known,
    mall_of,
    names,
    some_row,
    staged,
    table,
    whole,
)


def some_rows(chance: Random, most: int = 2) -> list[Said]:
    return [some_row(chance) for _ in range(chance.choice([0, *range(1, most + 1)]))]


@dataclass
class Shop:
    """The products of a mall, each a case of its own: rows of a feed, which comes before two loaded deltas, or before none.

    In a mall with slices the feed is of `a`, the deltas of `b` and `a`, and the product of either.
    """

    mode: Mode
    mall: str
    parts: tuple[str | None, str | None, str | None]
    earlier: dict[str, list[list[Said]]] = field(default_factory=dict)
    own: dict[str, list[Said]] = field(default_factory=dict)
    later: tuple[dict[str, list[Said]], ...] = field(default_factory=lambda: ({}, {}))
    begun: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        chance = Random(20261130)
        for number in range(300):
            key = f"{self.mall}:{number:03}"
            is_late = chance.random() < 0.7
            self.earlier[key] = [some_rows(chance, 3), some_rows(chance)]
            self.own[key] = some_rows(chance, 3)
            for one in self.later:
                one[key] = some_rows(chance) if is_late else []
            if self.mode == "full":
                self.own[key] = [
                    replace(one, refused=False)
                    for one in self.own[key][:1]
                    if one.whole and not one.rule
                ]
        sliced = self.parts[0] is not None
        self.begun = {
            key: (chance.choice("ab"), chance.choice("ab")) if sliced else (None, None)
            for key in self.own
        }

    def in_order(self, key: str, *, with_own: bool) -> tuple[Product | None, list[bool]]:
        """The product, all rows taken one after the other; of each row of a later delta that takes products away, whether it
        left this one alone."""
        first, second = self.begun[key]
        part, *later_parts = self.parts
        state = folded(None, self.earlier[key][0], None, first)  # as a full feed brought it
        state = folded(state, self.earlier[key][1], "o1", second)
        if with_own and self.mode == "full":
            kept = state is not None and is_elsewhere(state["slice"], part) and not self.own[key]
            state = state if kept else None
        if with_own:
            state = folded(state, self.own[key], None if self.mode == "full" else "o2", part)
        left = []
        for order, rows, later_part in zip(("o3", "o4"), self.later, later_parts, strict=True):
            notes: list[str | None] = []
            state = folded(state, rows[key], order, later_part, notes)
            left += [
                is_elsewhere(was, later_part)
                for one, was in zip(rows[key], notes, strict=True)
                if one.op == "D" or one.rule
            ]
        return state, left

    def goes(self, key: str) -> bool:
        """Whether some row takes the product away."""
        rows = (*self.own[key], *(one for later in self.later for one in later[key]))
        unnamed = self.mode == "full" and not self.own[key]
        return unnamed or any(one.op == "D" or one.rule for one in rows)

    def touches(self, key: str) -> bool:
        """Whether any row speaks of the product."""
        return bool(self.own[key] or any(later[key] for later in self.later))


SHOPS = {False: ("plain", (None, None, None)), True: ("sliced", ("a", "b", "a"))}
"""Whether in slices → mall, and the slices of the feed and of both deltas."""


@dataclass(frozen=True)
class Folded:
    """The shops of one mode, and what the fold makes of them: all malls' feeds in one plan."""

    shops: dict[bool, Shop]
    found: dict[str, Product]
    counts: dict[str, dict[str, int]]
    outcomes: dict[str, list[str]]


@pytest.fixture(scope="module")
def fold(spark: SparkSession) -> Callable[[Mode], Folded]:
    """Mode → what comes of all feeds of that mode, folded once."""

    @functools.cache
    def in_mode(mode: Mode) -> Folded:
        shops = {sliced: Shop(mode, *about) for sliced, about in SHOPS.items()}
        own = {key: rows for one in shops.values() for key, rows in one.own.items()}
        later = [
            {key: rows for one in shops.values() for key, rows in one.later[place].items()}
            for place in range(2)
        ]
        parts = [by_mall({one.mall: one.parts[n] for one in shops.values()}) for n in range(3)]
        held = table(
            spark,
            {k: one.in_order(k, with_own=False)[0] for one in shops.values() for k in one.own},
        ).localCheckpoint()
        feed = checked(spark, own)
        if mode == "full":
            feed = feed.drop(NAMED, WHOLE)
        place = Place("'o2'", slice=parts[0], later=("o3", "o4"))
        deltas = [
            Later(staged(checked(spark, rows), order, part))
            for rows, order, part in zip(later, ("o3", "o4"), parts[1:], strict=True)
        ]
        folding = Folding(PRODUCT, mode, "vanish", "last", place, JUDGE, deltas)
        touched = [key for one in shops.values() for key in one.own if one.touches(key)]
        compared = folding.compared(feed, known(held, touched) if mode == "delta" else held)
        with compiled(spark) if mode == "full" else nullcontext():
            compared = compared.localCheckpoint()
        counts = compared.groupBy("mall_id").agg(*counting.counted()).collect()
        became: dict[str, list[str]] = {}
        for row in compared.where("_pos is null").select("product_id", outcomes.OUTCOME).collect():
            became.setdefault(row[0], []).append(row[1])
        return Folded(
            shops, after(held, compared), {row["mall_id"]: row.asDict() for row in counts}, became
        )

    return in_mode


@pytest.mark.parametrize("mode", ["delta", "full"])
@pytest.mark.parametrize("sliced", [False, True])
def test_a_feed_comes_out_as_if_all_rows_were_taken_one_after_the_other(
    fold: Callable[[Mode], Folded], mode: Mode, sliced: bool
) -> None:
    together = fold(mode)
    shop = together.shops[sliced]
    found = {key: one for key, one in together.found.items() if mall_of(key) == shop.mall}
    before = {key: shop.in_order(key, with_own=False) for key in shop.own}
    then = {key: shop.in_order(key, with_own=True) for key in shop.own}
    wanted = {key: judged(state) for key, (state, _) in then.items()}
    for key in filter(shop.goes, shop.own):
        # What becomes of one that goes and comes again says nothing of where it was.
        for state in (found.get(key), wanted[key]):
            (state or {}).pop("slice_moves", None)
    lost = {key for key in shop.own if before[key][1] != then[key][1]}
    # What a later delta took away, and would not have if the feed had come before it, is lost.
    assert len(lost) <= 30
    told = {
        key: (before[key][0], shop.own[key], *(one[key] for one in shop.later), found.get(key), it)
        for key, it in wanted.items()
        if found.get(key) != it and key not in lost
    }
    assert not told, f"{len(told)}\n" + "\n".join(map(str, next(iter(told.values()))))
    counts = together.counts[shop.mall]
    read = ("accepted", "deletes", "rejected", "duplicates", "dropped")
    rows = sum(map(len, shop.own.values()))
    assert sum(counts[name] for name in read) == rows, "each row is counted once"
    there = sum(state is not None for state, _ in before.values())
    assert counts["products_before"] + counts["elsewhere"] == there
    assert bool(counts["elsewhere"]) == sliced
    if mode == "delta":
        untouched = {key: before[key][0] for key in shop.own if not shop.touches(key)}
        stay = {
            key: [
                outcomes.ELSEWHERE
                if is_elsewhere(state["slice"], shop.parts[0])
                else outcomes.STAYS
            ]
            for key, state in untouched.items()
            if state is not None
        }
        assert stay
        assert {key: together.outcomes[key] for key in stay} == stay


@dataclass(frozen=True)
class Case:
    """What the table holds of a product, and the rows that the delta `o2` has of it."""

    held: Product | None
    rows: Sequence[Said] = ()


Currencies = tuple[Sequence[Said], tuple[str, str]]
CURRENCIES: dict[str, Currencies] = {
    "currency, then price": ([names(currency="USD"), names(price="31")], ("31.00", "KRW")),
    "price, then currency": ([names(price="31"), names(currency="USD")], ("31.00", "KRW")),
    "both, then price": (
        [names(price="12.99", currency="USD"), names(price="14.50")],
        ("14.50", "USD"),
    ),
    "both, then currency": (
        [names(price="12.99", currency="USD"), names(currency="EUR")],
        ("12.99", "USD"),
    ),
}
"""Rows of a product that costs 30 won before → its price and currency."""
USD, KRW = {"currency": "USD"}, {"currency": "KRW"}
SEVERAL: dict[str, tuple[Product, Said, tuple[Any, ...], list[str]]] = {
    "in_its_own": ({"price": 10, **USD}, names(price="12.99"), ("12.99", "USD", None, None), []),
    "rounded": ({"price": 10, **KRW}, names(price="12.99"),
                ("13.00", "KRW", None, None), ["price_rounded"]),
    "to_nothing": ({"price": 10, **KRW}, names(price="0.40"),
                   ("10.00", "KRW", None, None), ["price_rounded_to_nothing"]),
    "another": ({"price": 10, "list_price": 15, **KRW}, names(price="12.99", **USD),
                ("12.99", "USD", None, None), ["list_price_other_currency"]),
    "alone": ({"price": 10, **KRW}, names(**USD), ("10.00", "KRW", None, None), ["currency_conflict"]),
    "above": ({"price": 10, "list_price": 15, **KRW}, names(price="20"),
              ("20.00", "KRW", None, "15.00"), ["list_price_below_price"]),
    "back": ({"price": 20, "list_price": 15, **KRW}, names(price="12"),
             ("12.00", "KRW", "15.00", None), []),
}  # fmt: skip
"""Product → what the table holds, what a row names, what comes out: price, currency, list price, what is kept of it,
and what is told of the row."""
AGAIN = [changes(brand="b"), whole()]
CASES = {
    **{name: Case(whole(price=30).values, rows) for name, (rows, _) in CURRENCIES.items()},
    **{name: Case({**whole().values, **one[0]}, [one[1]]) for name, one in SEVERAL.items()},
    "unknown": Case(None, [changes(price=9)]),
    "spoken of": Case(whole(brand="b").values, [changes(price=20)]),
    "not spoken of": Case(whole(brand="c", list_price=5).values),
    "decided": Case(None, AGAIN),
    "decided again": Case({**whole().values, "since": "o2"}, AGAIN),
}


@dataclass(frozen=True)
class Delta:
    """What the fold of all CASES gives, and the rows of the feed by product, in order."""

    compared: DataFrame
    rows: dict[str, list[Row]]


@pytest.fixture(scope="module")
def delta(spark: SparkSession) -> Delta:
    """As `IcebergProductTable.products` reads the table: most columns of products that are not touched are null."""
    held = table(spark, {key: case.held for key, case in CASES.items()}).localCheckpoint()
    said = {key: case.rows for key, case in CASES.items()}
    folding = Folding(PRODUCT, "delta", "vanish", "last", Place("'o2'"), JUDGE)
    touched = [key for key, rows in said.items() if rows]
    compared = folding.compared(checked(spark, said), known(held, touched)).localCheckpoint()
    rows: dict[str, list[Row]] = {}
    for row in compared.where("_row is not null").orderBy("_pos").collect():
        rows.setdefault(row["product_id"], []).append(row)
    return Delta(compared, rows)


def test_products_that_no_row_speaks_of_stay_though_nothing_of_them_is_read(delta: Delta) -> None:
    spoken, silent = "spoken of", "not spoken of"
    own = delta.compared.where(F.col("product_id").isin(spoken, silent))
    found = {(row["product_id"], row[outcomes.OUTCOME]) for row in own.collect()}
    assert found == {
        (spoken, outcomes.CHANGED),
        (spoken, outcomes.STAYS),
        (silent, outcomes.STAYS),
    }
    assert own.agg(*counting.counted()).first().asDict()["changed"] == 1


def test_rows_that_are_decided_again_over_their_own_product_come_out_as_before(
    delta: Delta,
) -> None:
    """A part of a product that is not there, then all of it: the table has the product already, by this feed."""
    found, again = (
        [(row["brand"], row["_rejects"][0]["code"] if row["_rejects"] else None) for row in rows]
        for rows in (delta.rows["decided"], delta.rows["decided again"])
    )
    assert found == again
    assert found[0][1] == "product_unknown"
    assert found[1] == (None, None)


def test_what_several_fields_mean_is_judged_on_the_folded_product(delta: Delta) -> None:
    found = {}
    for key in (*SEVERAL, "unknown"):
        (row,) = delta.rows[key]
        codes = [one["code"] for one in (*row["_rejects"], *row["_warnings"])]
        shown = [row["price"], row["currency"], row["list_price"], row["list_price_said"]]
        texts = tuple(None if one is None else str(one) for one in shown)
        found[key] = (row[outcomes.OUTCOME], texts, codes)
    assert found.pop("unknown")[::2] == (outcomes.REJECTED, ["product_unknown"])
    assert found.pop("to_nothing")[::2] == (outcomes.REJECTED, ["price_rounded_to_nothing"])
    assert found.pop("alone") == (
        outcomes.SAME,
        ("10.00", "KRW", None, None),
        ["currency_conflict"],
    )
    wanted = {key: (outcomes.CHANGED, *case[2:]) for key, case in SEVERAL.items() if key in found}
    assert found == wanted


@pytest.mark.parametrize("case", CURRENCIES)
def test_a_currency_counts_with_its_price_only(delta: Delta, case: str) -> None:
    """Rows of one product in one feed come out as if each had come by itself."""
    (row,) = [one for one in delta.rows[case] if one[outcomes.OUTCOME] == outcomes.CHANGED]
    assert (str(row["price"]), row["currency"]) == CURRENCIES[case][1]
