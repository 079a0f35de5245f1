"""Rows that change what they name, for tests of their fold: as frames, and taken one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from random import Random
from typing import Any

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.catalog.read import read_catalog
from mallfeed.kinds.sql.pieces import NO_TEXT, Sql
from mallfeed.load.judged_again import judged_over
from mallfeed.normalise.faults import FAULTS_TYPE
from mallfeed.normalise.judge import judge
from mallfeed.product.record import PRESENT_SINCE, PRODUCT, SLICE, SLICE_MOVES, SLICE_MOVES_TYPE
from mallfeed.table import fold_columns as of
from mallfeed.table import outcomes
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
    TOUCHED,
    WHOLE,
)
from mallfeed.table.fold_rows import extended

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
    """One row of a feed: what it names and says; its currency, too, unless it names `only` its values."""

    op: str = "U"
    values: Product = field(default_factory=dict)
    rule: str | None = None
    refused: bool = False
    only: bool = False

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


def names(**values: Any) -> Said:
    """A row that names these fields and no currency beside them."""
    return Said(values=values, only=True)


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
            state = state if is_elsewhere(before, part) else None
        elif state is not None:
            state = {**state, **row.values}
        elif row.whole:
            state = {"since": order, "slice": None, "slice_moves": [], **row.values}
        made = row.whole and row.op == "U" and not row.rule
        if state is not None and made and part is not None and state["slice"] != part:
            moves = [] if order is None else [*state["slice_moves"], (order, before)]
            state |= {"slice": part, "slice_moves": moves}
    return state


def is_elsewhere(of_product: str | None, part: str | None) -> bool:
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


def row_of(product_id: str, place: int, said: Said, mall: str) -> dict[str, Any]:
    live = said.op == "U"
    values = {k: v for k, v in said.values.items() if not k.startswith("attributes.")}
    attributes = {k[-1]: v for k, v in said.values.items() if k.startswith("attributes.") and v}
    amounts = {k: Decimal(v) for k, v in values.items() if "price" in k and v is not None}
    currency = {} if said.only else {"currency": "KRW" if live else None}
    return {
        **dict.fromkeys(one.name for one in PRODUCT.fields),
        **currency, **values, **amounts,
        "attributes": attributes or None,
        "_pos": place, "_row": str(place), "_raw": "raw", "op": said.op, "mall_id": mall,
        "product_id": product_id, "content_hash": None, "list_price_said": None,
        "_dropped": said.rule,
        "_rejects": [("title_missing", "title", None)] if said.refused else [],
        "_warnings": [],
        NAMED: [*{**said.values, **currency}] if live else None,
        WHOLE: said.whole,
    }  # fmt: skip


def mall_of(product_id: str) -> str:
    """The mall that has the product: an id may name it (`n:1`)."""
    mall, colon, _ = product_id.partition(":")
    return mall if colon else "m"


def checked(spark: SparkSession, rows: dict[str, Sequence[Said]]) -> DataFrame:
    """The rows of one feed, or of several of different malls: those of all products."""
    columns = [one.split()[0].strip("`") for one in CHECKED.split(", ") if not one.startswith("2)")]
    flat = [
        row_of(key, 1000 * n + i, one, mall_of(key))
        for n, (key, said) in enumerate(rows.items())
        for i, one in enumerate(said)
    ]
    columns = [n for n in columns if n in flat[0]] if flat else columns
    return spark.createDataFrame([tuple(row[n] for n in columns) for row in flat], CHECKED)


def staged(frame: DataFrame, order: str, part: Sql = NO_TEXT) -> DataFrame:
    """What staging keeps of a delta's rows of a slice, whatever the table held then."""
    gone = (F.col("op") == "D") | F.col("_dropped").isNotNull()
    own = F.struct(*[F.col(one.name) for one in PRODUCT.fields])
    return frame.select(
        "mall_id", "product_id", own.alias(OWN), NAMED, WHOLE,
        F.when(F.size("_rejects") == 0, F.when(gone, GONE).otherwise(SET)).alias(EFFECT),
        F.lit(None).cast("bigint").alias(NEWEST), F.col("_pos").alias(PLACE), F.lit(order).alias(ORDER),
        F.expr(part).cast("string").alias(IN_SLICE),
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
    shown = [name for name in (*JUDGE.columns, *JUDGE.then) if name not in (of.LOST, of.MORE)]
    made = judged_over(extended(checked(spark, rows), said), JUDGE).drop(*shown)
    made = made.withColumnsRenamed({of.judged(name): name for name in shown})
    kinds = f"{PRESENT_SINCE} string, {SLICE} string, {SLICE_MOVES} {SLICE_MOVES_TYPE}"
    pairs = spark.createDataFrame(since, f"product_id string, {kinds}")
    named = made.join(pairs, "product_id")
    lineage = {"feed_id": F.lit("f"), "catalog_version": F.lit(1), "row": F.lit("1")}
    nothing = {
        name: F.lit(None).cast(kind)
        for name, kind in PRODUCT.fold_columns
        if name not in named.columns
    }
    named = named.withColumns({**lineage, **nothing, "loaded_at": F.current_timestamp()})
    return named.select(*[name for name, _ in PRODUCT.columns])


def empty(spark: SparkSession) -> DataFrame:
    """A table without products."""
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
    """As `IcebergProductTable.products` gives them, where rows speak of these."""
    return held.withColumn(TOUCHED, F.col("product_id").isin(*touched))


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
