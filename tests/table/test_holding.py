"""What holds of a product that several rows have told of: its sale, its window, its end."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, Row, SparkSession

from mallfeed.catalog.model import Catalog
from mallfeed.catalog.read import read_catalog
from mallfeed.feed.prepare import LocalFiles, LocalParts, prepare
from mallfeed.feed.source_columns import wanted_columns
from mallfeed.load.raw_frame import raw_frame
from mallfeed.normalise.judge import judge, tells_sales
from mallfeed.normalise.normalise import normalise
from mallfeed.product.record import PRODUCT
from mallfeed.table import compare as cmp
from mallfeed.table.fold import Folding
from mallfeed.table.fold_rows import Later
from mallfeed.table.outcomes import CHANGED, OUTCOME, REFOLDED
from mallfeed.table.place import Place

pytestmark = pytest.mark.spark

MOMENT = datetime(2026, 12, 1, tzinfo=UTC)
HEAD = """
mall: mall_m
version: {version}
effective_from: 2026-01-01T00:00:00+09:00
owner: feeds
contact: md@example.com
fields:
  product_id: id
  title: {{from: title, optional: true}}
  url: {{from: url, optional: true}}
  category_path: {{from: category, optional: true}}
{fields}
feeds:
  full: {{format: json, default: true}}
  changes: {{format: json, mode: delta, operation: {{from: op}}, key_pattern: "c*"}}
"""
NEW = """  price: {from: price, optional: true}
  list_price: {from: msrp, optional: true}
  sale_price: {from: sale, optional: true}
  sale_window: {from: when, optional: true}
  expires_at: {from: until, optional: true}"""
OLD = """  price: {from: [sale, price], optional: true}
  list_price: {from: price, optional: true}"""
CATALOG = read_catalog(HEAD.format(version=2, fields=NEW), "v2.yaml")
BEFORE = read_catalog(HEAD.format(version=1, fields=OLD), "v1.yaml")
PRICES = ("price", "list_price", "base_price", "sale_price")
OPEN, COMING, OVER = "2026-11-25/2026-12-26", "2026-12-10/2026-12-26", "2026-11-01/2026-11-20"

Fold = Callable[[str], dict[str, Row]]


@dataclass(frozen=True)
class Case:
    """Products that a full feed has brought, and rows of a delta over them, perhaps with those of a later one.

    Products of several cases go through one plan of the fold, which takes seconds: each is named after its case, too.
    """

    whole: list[dict[str, Any]]
    changes: list[dict[str, Any]]
    later: list[dict[str, Any]] = field(default_factory=list)
    read_by: Catalog = CATALOG
    moment: datetime = MOMENT


def _of(case: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "id": f"{case}/{row['id']}"} for row in rows]


@pytest.fixture(scope="module")
def fold(
    spark: SparkSession, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], dict[str, Row]]:
    """Case → product id → what its rows make of it; cases of one moment are folded together."""
    scratch = tmp_path_factory.mktemp("holding")

    def rows_of(cases: dict[str, Case], which: str) -> list[dict[str, Any]]:
        return [row for name, case in cases.items() for row in _of(name, getattr(case, which))]

    @functools.cache
    def table() -> DataFrame:
        parts = []
        for catalog in (CATALOG, BEFORE):
            read = {name: case for name, case in CASES.items() if case.read_by is catalog}
            folder = scratch / f"table-{catalog.version}"
            parts.append(_table(spark, catalog, rows_of(read, "whole"), folder, MOMENT))
        return parts[0].unionByName(parts[1])

    @functools.cache
    def folded(moment: datetime) -> dict[str, Row]:
        cases = {name: case for name, case in CASES.items() if case.moment == moment}
        folder, after = scratch / str(moment.timestamp()), []
        held = table().where(" or ".join(f"product_id like '{name}/%'" for name in cases))
        if later := rows_of(cases, "later"):
            rows = normalised(spark, CATALOG, "changes", later, folder / "later", moment)
            staged = _folding("o2", moment).compared(rows, held)
            after = [Later(staged.localCheckpoint())]
        changes = rows_of(cases, "changes")
        rows = normalised(spark, CATALOG, "changes", changes, folder / "now", moment)
        found = _folding("o1", moment, after).compared(rows, held)
        decided = found.where(f"{OUTCOME} in ('{CHANGED}', '{REFOLDED}')")
        return {row["product_id"]: row for row in decided.collect()}

    def of_case(name: str) -> dict[str, Row]:
        told = folded(CASES[name].moment)
        return {
            key.removeprefix(f"{name}/"): row
            for key, row in told.items()
            if key.startswith(f"{name}/")
        }

    return of_case


def _folding(order: str, moment: datetime, later: list[Later] | None = None) -> Folding:
    earlier = tells_sales(CATALOG, [BEFORE, CATALOG])
    judged = judge(PRODUCT, CATALOG, "changes", moment, earlier)
    return Folding(PRODUCT, "delta", "vanish", "last", Place(f"'{order}'"), judged, later or ())


def _table(
    spark: SparkSession, catalog: Catalog, rows: list[dict[str, Any]], scratch: Path, at: datetime
) -> DataFrame:
    full = normalised(spark, catalog, "full", rows, scratch / "full", at)
    nothing = spark.createDataFrame([], ", ".join(f"`{n}` {t}" for n, t in PRODUCT.columns))
    loaded = cmp.compare(full, nothing, PRODUCT, mode="full")
    kinds = dict(PRODUCT.columns) | {"catalog_version": "int"}
    lacking = [f"cast(null as {t}) as `{n}`" for n, t in kinds.items() if n not in loaded.columns]
    table = loaded.selectExpr("*", *lacking).drop("catalog_version")
    table = table.selectExpr("*", f"{catalog.version} as catalog_version")
    return table.select(*(n for n, _ in PRODUCT.columns)).localCheckpoint()


def normalised(
    spark: SparkSession,
    catalog: Catalog,
    feed: str,
    rows: list[dict[str, Any]],
    scratch: Path,
    moment: datetime,
) -> DataFrame:
    scratch.mkdir(parents=True)
    file = scratch / "feed.jsonl"
    lines = [json.dumps({"op": "U", **row} if feed == "changes" else row) + "\n" for row in rows]
    file.write_text("".join(lines), "utf-8")
    parts = LocalParts(scratch / "parts")
    raw = prepare(LocalFiles([file]), catalog.feeds[feed], wanted_columns(catalog, feed), parts)
    return normalise(raw_frame(spark, [raw]), catalog, feed, PRODUCT, moment=moment)


def whole(id_: str, **values: Any) -> dict[str, Any]:
    return {
        "id": id_, "title": "T", "price": 1000, "sale": None, "when": None, "msrp": None, "until": None,
        "url": f"https://a.kr/{id_}", "category": "C", **values,
    }  # fmt: skip


def prices(row: Row) -> list[int | None]:
    return [None if row[name] is None else int(row[name]) for name in PRICES]


def codes(row: Row) -> list[str]:
    return [one["code"] for one in row["_warnings"]]


CASES = {
    "part": Case(
        [
            whole("sale_only"), whole("window_only", sale=800, when=COMING), whole("ends", sale=800, when=OPEN),
            whole("price_only", sale=800), whole("title_only", sale=800, when=OVER),
            whole("lower_price", sale=800), whole("msrp", sale=800, msrp=1500),
            whole("no_more_msrp", sale=800, msrp=1500), whole("unread", sale=800, when=OPEN),
            whole("backwards", sale=800, when=OPEN), whole("equal_msrp", sale=800, msrp=1000),
        ],
        [
            {"id": "sale_only", "sale": 700}, {"id": "window_only", "when": OPEN}, {"id": "ends", "sale": None},
            {"id": "price_only", "price": 900}, {"id": "title_only", "title": "New"},
            {"id": "lower_price", "price": 800}, {"id": "msrp", "price": 1200},
            {"id": "no_more_msrp", "msrp": None}, {"id": "unread", "when": "soon"},
            {"id": "backwards", "when": "2026-12-26/2026-11-25"}, {"id": "equal_msrp", "price": 900},
        ],
    ),
    "earlier": Case(
        [whole("title", sale=800), whole("ends", sale=800), whole("sale"), whole("price", sale=800)],
        [
            {"id": "title", "title": "New"}, {"id": "ends", "sale": 0}, {"id": "sale", "sale": 700},
            {"id": "price", "price": 900},
        ],
        read_by=BEFORE,
    ),
    "running": Case(
        [whole("began", sale=800, when=COMING), whole("ended", sale=800, when=OPEN)],
        [{"id": "began", "title": "New"}, {"id": "ended", "title": "New"}],
        moment=MOMENT + timedelta(days=14),
    ),
    "over": Case(
        [whole("ended", sale=800, when=OPEN)],
        [{"id": "ended", "title": "New"}],
        moment=datetime(2026, 12, 26, 15, tzinfo=UTC),
    ),
    "returns": Case(
        [
            whole("ends", until="2026-12-31"), whole("returns", until="2026-11-01"),
            whole("stays", until="2026-11-01"),
        ],
        [
            {"id": "ends", "until": "2026-11-30"}, {"id": "returns", "until": "2027-01-31"},
            {"id": "stays", "title": "New"},
        ],
    ),
    "late": Case(
        [whole("1"), whole("2", sale=800), whole("3")],
        [
            {"id": "1", "price": 2000, "sale": 900}, {"id": "2", "price": 2000},
            {"id": "3", "sale": 900, "when": COMING},
        ],
        [{"id": "1", "sale": 700}, {"id": "2", "sale": None}, {"id": "3", "when": OPEN}],
    ),
    "hash": Case(
        [whole("1"), whole("2", until="2027-01-01")],
        [{"id": "1", "title": "T"}, {"id": "2", "until": None}],
        moment=MOMENT + timedelta(days=14),
    ),
}  # fmt: skip


def test_a_row_that_names_a_part_of_a_sale_is_judged_on_the_whole(fold: Fold) -> None:
    told = fold("part")
    assert {id_: prices(row) for id_, row in told.items()} == {
        "sale_only": [700, 1000, 1000, 700],
        "window_only": [800, 1000, 1000, 800],
        "ends": [1000, None, None, None],
        "price_only": [800, 900, 900, 800],
        "title_only": [1000, None, 1000, 800],
        "lower_price": [800, None, 800, 800],
        "msrp": [800, 1500, 1200, 800],
        "no_more_msrp": [800, 1000, 1000, 800],
        "unread": [1000, None, None, None],
        "backwards": [1000, None, 1000, 800],
        "equal_msrp": [800, 1000, 900, 800],
    }
    warned = {id_: codes(row) for id_, row in told.items() if codes(row)}
    assert warned["backwards"] == ["sale_ends_at_before_start"]
    assert warned["unread"] == ["sale_starts_at_invalid", "sale_ends_at_invalid"]
    assert set(warned) == {"backwards", "unread"}


def test_a_row_of_an_earlier_release_has_the_price_that_it_had_without_its_sale(fold: Fold) -> None:
    told = fold("earlier")
    assert {id_: prices(row) for id_, row in told.items()} == {
        "title": [800, 1000, 1000, 800],
        "ends": [1000, None, None, None],
        "sale": [700, 1000, 1000, 700],
        "price": [800, 900, 900, 800],
    }


def test_what_holds_is_judged_again_whatever_the_row_names(fold: Fold) -> None:
    told = fold("running")
    assert prices(told["began"]) == [800, 1000, 1000, 800]
    assert prices(told["ended"]) == [800, 1000, 1000, 800]
    told = fold("over")
    assert prices(told["ended"]) == [1000, None, 1000, 800]


def test_a_product_that_has_ended_comes_back_with_a_later_end(fold: Fold) -> None:
    told = fold("returns")
    assert {id_: row["expired"] for id_, row in told.items()} == {
        "ends": True,
        "returns": None,
        "stays": True,
    }
    assert codes(told["ends"]) == ["expires_at_passed"]
    assert codes(told["stays"]) == [], "the row does not name it"


def test_a_late_row_leaves_what_a_later_one_has_said_of_the_sale(fold: Fold) -> None:
    told = fold("late")
    assert {id_: prices(row) for id_, row in told.items()} == {
        "1": [700, 2000, 2000, 700],
        "2": [2000, None, None, None],
        "3": [900, 1000, 1000, 900],
    }


def test_products_without_a_sale_keep_the_hash_of_the_release_before(fold: Fold) -> None:
    told = fold("hash")
    assert set(told) == {"2"}, "the first has not changed"
