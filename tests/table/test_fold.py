"""The fold of rows that change what they name, against one that takes a row after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.catalog.read import read_catalog
from mallfeed.kinds.sql.pieces import NO_TEXT
from mallfeed.normalise.faults import FAULTS_TYPE
from mallfeed.normalise.judge import judge
from mallfeed.product.record import PRESENT_SINCE, PRODUCT, SLICE, SLICE_MOVES, SLICE_MOVES_TYPE
from mallfeed.table import compare as cmp
from mallfeed.table import fold_columns as of
from mallfeed.table import outcomes
from mallfeed.table.fold import Folding
from mallfeed.table.fold_columns import (
    EFFECT,
    GONE,
    IN_SLICE,
    NAMED,
    NEWEST,
    ORDER,
    OWN,
    PLACE,
    SET,
    WHOLE,
)
from mallfeed.table.fold_rows import Later, extended
from mallfeed.table.place import Place

REQUIRED = ("title", "price", "url", "category_path")
OPTIONAL = ("brand", "list_price", "attributes.a", "attributes.b")
CATALOG = """
mall: mall_m
version: 1
effective_from: 2026-01-01T00:00:00+09:00
owner: feeds
contact: md@example.com
fields: {product_id: id, title: title, price: price, url: url, category_path: category}
attributes: {a: a}
feeds: {full: {format: csv}}
"""
JUDGE = judge(PRODUCT, read_catalog(CATALOG, "v1.yaml"), "full")
FIELDS = ", ".join(f"`{one.name}` {one.sql_type}" for one in PRODUCT.fields)
CHECKED = (
    f"_pos long, _row string, _raw string, op string, mall_id string, {FIELDS}, content_hash string, "
    f"list_price_said decimal(18,2), _dropped string, _rejects {FAULTS_TYPE}, _warnings {FAULTS_TYPE}, "
    f"{NAMED} array<string>, {WHOLE} boolean"
)
Product = dict[str, Any]


@dataclass(frozen=True)
class Said:
    """One row of a feed: what it names and says."""

    op: str = "U"
    values: Product = field(default_factory=dict)
    rule: str | None = None
    refused: bool = False

    @property
    def whole(self) -> bool:
        return all(self.values.get(name) is not None for name in REQUIRED)


def whole(**values: Any) -> Said:
    """A row with all that a product needs."""
    plain = {"title": "t", "price": 10, "url": "https://a.kr/1", "category_path": ["c"]}
    return Said(values={**plain, **values})


def changes(**values: Any) -> Said:
    """A row that names some fields."""
    return Said(values=values)


DELETE = Said("D")


def folded(
    state: Product | None,
    rows: Sequence[Said],
    order: str | None,
    part: str | None = None,
    was: list[str | None] | None = None,
) -> Product | None:
    """One row after the other; `since`, the slice and its moves, and what was said of the list price are part of the
    state.

    `part` is the slice of the rows, `order` that of a delta; `was` gets the slice of the product before each.
    """
    for row in rows:
        before = None if state is None else state["slice"]
        if was is not None:
            was.append(before)
        if row.refused:
            continue
        if row.op == "D" or row.rule is not None:
            state = state if _is_elsewhere(before, part) else None
        elif state is not None:
            state = {**state, **row.values}
        elif row.whole:
            state = {"since": order, "slice": None, "slice_moves": [], **row.values}
        made = row.whole and row.op == "U" and not row.rule
        if state is not None and made and part is not None and state["slice"] != part:
            moves = [] if order is None else [*state["slice_moves"], (order, before)]
            state |= {"slice": part, "slice_moves": moves}
    return state


def _is_elsewhere(of_product: str | None, part: str | None) -> bool:
    return of_product is not None and part is not None and of_product != part


def judged(state: Product | None) -> Product | None:
    """What the table holds of it."""
    if state is None:
        return None
    attributes = {k[-1]: v for k, v in state.items() if k.startswith("attributes.") and v}
    plain = {k: v for k, v in state.items() if not k.startswith("attributes.")}
    told = plain.pop("list_price", None)
    below = told is not None and told < plain["price"]
    return {
        "brand": None, **plain,
        "list_price": None if below else told,
        "list_price_said": told if below else None,
        "attributes": attributes or None,
    }  # fmt: skip


def row_of(product_id: str, place: int, said: Said) -> dict[str, Any]:
    live = said.op == "U"
    values = {k: v for k, v in said.values.items() if not k.startswith("attributes.")}
    attributes = {k[-1]: v for k, v in said.values.items() if k.startswith("attributes.") and v}
    amounts = {k: Decimal(v) for k, v in values.items() if "price" in k and v is not None}
    return {
        **dict.fromkeys(one.name for one in PRODUCT.fields),
        **values, **amounts,
        "currency": "KRW" if live else None,
        "attributes": attributes or None,
        "_pos": place, "_row": str(place), "_raw": "raw", "op": said.op, "mall_id": "m",
        "product_id": product_id, "content_hash": None, "list_price_said": None,
        "_dropped": said.rule,
        "_rejects": [("title_missing", "title", None)] if said.refused else [],
        "_warnings": [],
        NAMED: [*said.values, "currency"] if live else None,
        WHOLE: said.whole,
    }  # fmt: skip


def checked(
    spark: SparkSession, rows: dict[str, Sequence[Said]], **more: dict[str, Any]
) -> DataFrame:
    """The rows of one feed, those of all products; `more`: product → other columns of its rows."""
    names = [one.split()[0].strip("`") for one in CHECKED.split(", ") if not one.startswith("2)")]
    flat = [
        row_of(key, 1000 * n + i, one) | more.get(key, {})
        for n, (key, said) in enumerate(rows.items())
        for i, one in enumerate(said)
    ]
    names = [n for n in names if n in flat[0]] if flat else names
    return spark.createDataFrame([tuple(row[n] for n in names) for row in flat], CHECKED)


def staged(
    frame: DataFrame,
    order: str,
    part: str | None = None,
) -> DataFrame:
    """What staging keeps of a delta's rows of a slice, whatever the table held then."""
    gone = (F.col("op") == "D") | F.col("_dropped").isNotNull()
    own = F.struct(*[F.col(one.name) for one in PRODUCT.fields])
    return frame.select(
        "mall_id", "product_id", own.alias(OWN), NAMED, WHOLE,
        F.when(F.size("_rejects") == 0, F.when(gone, GONE).otherwise(SET)).alias(EFFECT),
        F.lit(None).cast("bigint").alias(NEWEST), F.col("_pos").alias(PLACE), F.lit(order).alias(ORDER),
        F.lit(part).cast("string").alias(IN_SLICE),
    )  # fmt: skip


def table(spark: SparkSession, held: dict[str, Product | None]) -> DataFrame:
    """The products as the table holds them, judged and hashed as the fold does."""
    rows = {
        key: [Said(values={k: v for k, v in one.items() if k not in BESIDE})]
        for key, one in held.items()
        if one is not None
    }
    since = [
        (key, *(one.get(name) or None for name in BESIDE))
        for key, one in held.items()
        if one is not None
    ]
    said = {of.folded(one.name): one.name for one in PRODUCT.fields}
    said |= {of.folded_beside(amount): beside for amount, beside in JUDGE.beside.items()}
    said[of.folded("attributes")] = f"coalesce(attributes, {of.NO_MAP})"
    shown = {name: sql for name, sql in JUDGE.columns.items() if name not in (of.LOST, of.MORE)}
    judged_of = {of.judged(name): sql for name, sql in shown.items()}
    made = extended(extended(checked(spark, rows), said), judged_of).drop(*shown)
    made = made.withColumnsRenamed({of.judged(name): name for name in shown})
    kinds = f"{PRESENT_SINCE} string, {SLICE} string, {SLICE_MOVES} {SLICE_MOVES_TYPE}"
    pairs = spark.createDataFrame(since, f"product_id string, {kinds}")
    named = made.join(pairs, "product_id")
    lineage = {"feed_id": F.lit("f"), "catalog_version": F.lit(1), "row": F.lit("1")}
    named = named.withColumns({**lineage, "loaded_at": F.current_timestamp()})
    return named.select(*[name for name, _ in PRODUCT.columns])


def empty(spark: SparkSession) -> DataFrame:
    columns = ", ".join(f"`{name}` {kind}" for name, kind in PRODUCT.columns)
    return spark.createDataFrame([], columns)


BESIDE = ("since", "slice", "slice_moves")
SHOWN = (
    "title",
    "price",
    "brand",
    "list_price",
    "list_price_said",
    "attributes",
    "url",
    "category_path",
)


def shown(row: Row) -> Product:
    out = {name: row[name] for name in SHOWN}
    return {k: int(v) if isinstance(v, Decimal) else v for k, v in out.items()} | {
        "since": row[PRESENT_SINCE],
        "slice": row[SLICE],
        "slice_moves": [tuple(one) for one in row[SLICE_MOVES] or ()],
    }


def after(held: DataFrame, compared: DataFrame) -> dict[str, Product]:
    """The table once the changes are made."""
    state = {row["product_id"]: shown(row) for row in held.collect()}
    carrying = (
        outcomes.CHANGED,
        outcomes.REFOLDED,
        outcomes.VANISHED,
        outcomes.VANISHED_BY_REJECT,
        outcomes.TAKEN_DOWN,
    )
    rows = compared.where(F.col(outcomes.OUTCOME).isin(*carrying)).collect()
    assert len({row["product_id"] for row in rows}) == len(rows), "one change per product"
    for row in rows:
        if row["op"] == "D":
            del state[row["product_id"]]
        else:
            state[row["product_id"]] = shown(row)
    return state


def known(held: DataFrame, touched: Sequence[str]) -> DataFrame:
    """As `IcebergProductTable.products` gives them: of products that no row touches nothing but their hashes."""
    slim = {*PRODUCT.key, "content_hash", *(name for name, _ in PRODUCT.fold_columns)}
    is_touched = F.col("product_id").isin(*touched)
    return held.select(
        *[
            F.col(name) if name in slim else F.when(is_touched, F.col(name)).alias(name)
            for name, _ in PRODUCT.columns
        ]
    )


def some_row(chance: Random) -> Said:
    die = chance.random()
    if die < 0.15:
        return DELETE
    names = {name for name in OPTIONAL if chance.random() < 0.5}
    values: Product = {}
    if die < 0.45:
        values = dict(whole(title=f"t{chance.randrange(9)}", price=chance.randrange(10, 30)).values)
    else:
        names |= {name for name in ("title", "price") if chance.random() < 0.4}
    for name in sorted(names):
        if name == "title":
            values[name] = f"t{chance.randrange(9)}"
        elif name == "price":
            values[name] = chance.randrange(10, 30)
        elif name == "list_price":
            values[name] = chance.choice([None, chance.randrange(10, 40)])
        else:
            values[name] = chance.choice([None, f"{name[-1]}{chance.randrange(9)}"])
    said = Said(values=values)
    if die > 0.95:
        return replace(said, rule="gift")
    return replace(said, refused=True) if die > 0.9 else said


def some_rows(chance: Random, most: int = 2) -> list[Said]:
    return [some_row(chance) for _ in range(chance.choice([0, *range(1, most + 1)]))]


@pytest.mark.parametrize("mode", ["delta", "full"])
@pytest.mark.parametrize("sliced", [False, True])
def test_a_feed_comes_out_as_if_all_rows_were_taken_one_after_the_other(
    spark: SparkSession, mode: str, sliced: bool
) -> None:
    """A feed that comes before two loaded deltas, or before none; each product is a case of its own.

    In a mall with slices the feed is of `a`, the deltas of `b` and `a`, and the product of either.
    """
    part, part1, part2 = ("a", "b", "a") if sliced else (None, None, None)
    chance = Random(20261130)
    earlier, own, later1, later2 = {}, {}, {}, {}
    for number in range(300):
        key = f"p{number:03}"
        is_late = chance.random() < 0.7
        earlier[key] = [some_rows(chance, 3), some_rows(chance)]
        own[key] = some_rows(chance, 3)
        later1[key] = some_rows(chance) if is_late else []
        later2[key] = some_rows(chance) if is_late else []
        if mode == "full":
            own[key] = [
                replace(one, refused=False) for one in own[key][:1] if one.whole and not one.rule
            ]

    def in_order(key: str, *, with_own: bool) -> Product | None:
        first, second = begun[key]
        state = folded(None, earlier[key][0], None, first)  # as a full feed brought it
        state = folded(state, earlier[key][1], "o1", second)
        if with_own and mode == "full":
            kept = state is not None and _is_elsewhere(state["slice"], part) and not own[key]
            state = state if kept else None
        if with_own:
            state = folded(state, own[key], None if mode == "full" else "o2", part)
        note1: list[str | None] = []
        note2: list[str | None] = []
        state = folded(state, later1[key], "o3", part1, note1)
        state = folded(state, later2[key], "o4", part2, note2)
        took[key, with_own] = [
            _is_elsewhere(was, own_part)
            for rows, notes, own_part in ((later1, note1, part1), (later2, note2, part2))
            for one, was in zip(rows[key], notes, strict=True)
            if one.op == "D" or one.rule
        ]
        return state

    took: dict[tuple[str, bool], list[bool]] = {}
    begun = {
        key: (chance.choice("ab"), chance.choice("ab")) if sliced else (None, None) for key in own
    }

    before = {key: in_order(key, with_own=False) for key in own}
    held = table(spark, before).localCheckpoint()
    feed = checked(spark, own)
    if mode == "full":
        feed = feed.drop(NAMED, WHOLE)
    place = Place("'o2'", slice="'a'" if sliced else NO_TEXT, later=("o3", "o4"))
    folding = Folding(
        PRODUCT, mode, "vanish", "last", place, JUDGE,  # type: ignore[arg-type]
        [
            Later(staged(checked(spark, later1), "o3", part1)),
            Later(staged(checked(spark, later2), "o4", part2)),
        ],
    )  # fmt: skip
    touched = [key for key in own if own[key] or later1[key] or later2[key]]
    compared = folding.compared(feed, known(held, touched) if mode == "delta" else held)
    compared = compared.localCheckpoint()
    found = after(held, compared)
    wanted = {key: judged(in_order(key, with_own=True)) for key in own}
    for key in own:  # what becomes of one that goes and comes again says nothing of where it was
        rows = (*own[key], *later1[key], *later2[key])
        if (mode == "full" and not own[key]) or any(one.op == "D" or one.rule for one in rows):
            for state in (found.get(key), wanted[key]):
                (state or {}).pop("slice_moves", None)
    told = {
        key: (before[key], own[key], later1[key], later2[key], found.get(key), wanted[key])
        for key in own
        if found.get(key) != wanted[key] and took[key, True] == took[key, False]
    }
    # What a later delta took away, and would not have if the feed had come before it, is lost.
    assert sum(took[key, True] != took[key, False] for key in own) <= 30
    assert not told, f"{len(told)}\n" + "\n".join(map(str, next(iter(told.values()))))
    counts = compared.agg(*cmp.counted()).first().asDict()
    read = (
        counts["accepted"]
        + counts["deletes"]
        + counts["rejected"]
        + counts["duplicates"]
        + counts["dropped"]
    )
    assert read == sum(map(len, own.values())), "each row is counted once"
    there = sum(one is not None for one in before.values())
    assert counts["products_before"] + counts["elsewhere"] == there
    assert bool(counts["elsewhere"]) == sliced


def test_products_that_no_row_speaks_of_stay_though_nothing_of_them_is_read(
    spark: SparkSession,
) -> None:
    """As `IcebergProductTable.products` reads them: most columns of products that are not touched are null."""
    before = {"a": {**whole(brand="b").values}, "b": {**whole(brand="c", list_price=5).values}}
    held = table(spark, before).localCheckpoint()
    slim = {"mall_id", "product_id", "content_hash", *(name for name, _ in PRODUCT.fold_columns)}
    touched = F.col("product_id") == "a"
    bare = held.select(
        *[F.col(n) if n in slim else F.when(touched, F.col(n)).alias(n) for n in held.columns]
    )
    folding = Folding(PRODUCT, "delta", "vanish", "last", Place("'o2'"), JUDGE)
    compared = folding.compared(checked(spark, {"a": [changes(price=20)]}), bare)
    found = {(row["product_id"], row[outcomes.OUTCOME]) for row in compared.collect()}
    assert found == {("a", outcomes.CHANGED), ("a", outcomes.STAYS), ("b", outcomes.STAYS)}
    assert compared.agg(*cmp.counted()).first().asDict()["changed"] == 1


def test_rows_that_are_decided_again_over_their_own_product_come_out_as_before(
    spark: SparkSession,
) -> None:
    """A part of a product that is not there, then all of it: the table has the product already, by this feed."""
    rows = {"p": [changes(brand="b"), whole()]}
    held = {"p": {**whole().values, "since": "o2", "slice": None, "slice_moves": []}}
    found = []
    for before in ({"p": None}, held):
        folding = Folding(PRODUCT, "delta", "vanish", "last", Place("'o2'"), JUDGE)
        compared = folding.compared(checked(spark, rows), table(spark, before))
        own = compared.where("_row is not null").orderBy("_pos").collect()
        found.append(
            [(row["brand"], row["_rejects"][0]["code"] if row["_rejects"] else None) for row in own]
        )
    assert found[0] == found[1]
    assert found[0][0][1] == "product_unknown"
    assert found[0][1] == (None, None)


def test_what_several_fields_mean_is_judged_on_the_folded_product(spark: SparkSession) -> None:
    """Product → what the table holds, what a row names, what comes out: price, currency, list price, what is kept of
    it, and what is told of the row."""
    usd, krw = {"currency": "USD"}, {"currency": "KRW"}
    no_currency = {"currency": None}
    cases: dict[str, tuple[Product, Product, tuple[Any, ...], list[str]]] = {
        "in_its_own": ({"price": 10, **usd}, {"price": "12.99", **no_currency},
                       ("12.99", "USD", None, None), []),
        "rounded": ({"price": 10, **krw}, {"price": "12.99", **no_currency},
                    ("13.00", "KRW", None, None), ["price_rounded"]),
        "to_nothing": ({"price": 10, **krw}, {"price": "0.40", **no_currency},
                       ("10.00", "KRW", None, None), ["price_rounded_to_nothing"]),
        "another": ({"price": 10, "list_price": 15, **krw}, {"price": "12.99", **usd},
                    ("12.99", "USD", None, None), ["list_price_other_currency"]),
        "alone": ({"price": 10, **krw}, {**usd}, ("10.00", "KRW", None, None), ["currency_conflict"]),
        "above": ({"price": 10, "list_price": 15, **krw}, {"price": "20", **no_currency},
                  ("20.00", "KRW", None, "15.00"), ["list_price_below_price"]),
        "back": ({"price": 20, "list_price": 15, **krw}, {"price": "12", **no_currency},
                 ("12.00", "KRW", "15.00", None), []),
    }  # fmt: skip
    before = {key: {**whole().values, **case[0]} for key, case in cases.items()}
    plain = {key: {k: v for k, v in one.items() if k != "currency"} for key, one in before.items()}
    currencies = {key: {"currency": one["currency"]} for key, one in before.items()}
    made = Folding(PRODUCT, "delta", "vanish", "last", Place(), JUDGE).compared(
        checked(spark, {k: [Said(values=v)] for k, v in plain.items()}, **currencies), empty(spark)
    )
    lineage = {"feed_id": F.lit("f"), "catalog_version": F.lit(1), "row": F.lit("1")}
    held = made.withColumns({**lineage, "loaded_at": F.current_timestamp()})
    held = held.select(*[name for name, _ in PRODUCT.columns]).localCheckpoint()

    own = {
        key: [Said(values={k: v for k, v in case[1].items() if k != "currency"})]
        for key, case in cases.items()
    }
    own["unknown"] = [changes(price=9)]
    names = {
        key: {
            "currency": case[1]["currency"],
            NAMED: [k for k, v in case[1].items() if v is not None],
        }
        for key, case in cases.items()
    }
    feed = checked(spark, own, **names)
    compared = Folding(PRODUCT, "delta", "vanish", "last", Place("'o2'"), JUDGE).compared(
        feed, held
    )
    rows = [row for row in compared.localCheckpoint().collect() if row["_row"] is not None]
    found = {}
    for row in rows:
        codes = [one["code"] for one in (*row["_rejects"], *row["_warnings"])]
        shown = [row["price"], row["currency"], row["list_price"], row["list_price_said"]]
        texts = tuple(None if one is None else str(one) for one in shown)
        found[row["product_id"]] = (row[outcomes.OUTCOME], texts, codes)
    assert found.pop("unknown")[::2] == (outcomes.REJECTED, ["product_unknown"])
    assert found.pop("to_nothing")[::2] == (outcomes.REJECTED, ["price_rounded_to_nothing"])
    assert found.pop("alone") == (
        outcomes.SAME,
        ("10.00", "KRW", None, None),
        ["currency_conflict"],
    )
    wanted = {
        key: (outcomes.CHANGED, case[2], case[3]) for key, case in cases.items() if key in found
    }
    assert found == wanted


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([{"currency": "USD"}, {"price": "31"}], ("31.00", "KRW")),
        ([{"price": "31"}, {"currency": "USD"}], ("31.00", "KRW")),
        ([{"price": "12.99", "currency": "USD"}, {"price": "14.50"}], ("14.50", "USD")),
        ([{"price": "12.99", "currency": "USD"}, {"currency": "EUR"}], ("12.99", "USD")),
    ],
)
def test_a_currency_counts_with_its_price_only(
    spark: SparkSession, rows: list[dict[str, str]], wanted: tuple[str, str]
) -> None:
    """Rows of one product in one feed come out as if each had come by itself: the product costs 30 won before."""
    held = table(spark, {"p": {**whole(price=30).values}}).localCheckpoint()
    frames = [
        checked(
            spark,
            {"p": [Said(values={k: v for k, v in one.items() if k != "currency"})]},
            p={"currency": one.get("currency"), NAMED: list(one), "_pos": place},
        )
        for place, one in enumerate(rows)
    ]
    folding = Folding(PRODUCT, "delta", "vanish", "last", Place("'o2'"), JUDGE)
    compared = folding.compared(frames[0].union(frames[1]), held)
    (row,) = compared.where(F.col(outcomes.OUTCOME) == outcomes.CHANGED).collect()
    assert (str(row["price"]), row["currency"]) == wanted
