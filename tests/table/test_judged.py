"""What only the folded product shows: a sale, a date beside the stock, all barcodes, of rows that name a part of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.catalog.read import read_catalog
from mallfeed.feed.prepare import LocalFiles, LocalParts, prepare
from mallfeed.feed.source_columns import wanted_columns
from mallfeed.load.raw_frame import raw_frame
from mallfeed.normalise.judge import judge
from mallfeed.normalise.normalise import normalise
from mallfeed.product.record import PRODUCT
from mallfeed.table import compare as cmp
from mallfeed.table.fold import Folding
from mallfeed.table.place import Place

pytestmark = pytest.mark.spark

MOMENT = datetime(2026, 12, 1, tzinfo=UTC)
CATALOG = read_catalog(
    """
mall: mall_m
version: 1
effective_from: 2026-01-01T00:00:00+09:00
owner: feeds
contact: md@example.com
fields:
  product_id: id
  title: {from: title, optional: true}
  price: {from: [sale, price], optional: true}
  list_price: {from: price, optional: true}
  url: {from: url, optional: true}
  category_path: {from: category, optional: true}
  gtin: {from: gtin, optional: true}
  availability: {from: stock, optional: true}
  available_at: {from: from_day, optional: true}
feeds:
  full: {format: json, default: true}
  changes: {format: json, mode: delta, operation: {from: op}, key_pattern: "c*"}
""",
    "v1.yaml",
)
ONE, OTHER = "8800000070001", "8800000070018"


@pytest.fixture(scope="module")
def outcome(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    """Product id → what a delta makes of it, over what a full feed has brought."""
    whole = [_whole(1), _whole(2, gtin=ONE), _whole(3), _whole(4, stock="preorder", from_day="2026-12-31"),
             _whole(5, sale=7000), _whole(6, gtin=ONE), _whole(7, stock="preorder")]  # fmt: skip
    changes: list[dict[str, Any]] = [
        {"id": "1", "stock": "preorder"}, {"id": "2", "gtin": [OTHER, ONE]}, {"id": "3", "sale": 7000},
        {"id": "4", "from_day": "2026-11-01"}, {"id": "5", "sale": 0, "price": 9000},
        {"id": "6", "title": "New"}, {"id": "7", "title": "New"},
    ]  # fmt: skip
    scratch = tmp_path_factory.mktemp("judged")
    full = _normalised(spark, "full", whole, scratch)
    nothing = spark.createDataFrame([], ", ".join(f"`{n}` {t}" for n, t in PRODUCT.columns))
    loaded = cmp.compare(full, nothing, PRODUCT, mode="full")
    lacking = [f"cast(null as {t}) as `{n}`" for n, t in PRODUCT.columns if n not in loaded.columns]
    table = loaded.selectExpr("*", *lacking).select(*(n for n, _ in PRODUCT.columns))
    # As a row of the release before, which knew one barcode.
    table = table.withColumn("gtins", F.lit(None).cast("array<string>")).localCheckpoint()
    rows = [{**row, "op": "U"} for row in changes]
    folding = Folding(
        PRODUCT, "delta", "vanish", "last", Place("'o'"), judge(PRODUCT, CATALOG, "changes", MOMENT)
    )
    folded = folding.compared(_normalised(spark, "changes", rows, scratch), table)
    return {row["product_id"]: row for row in folded.collect()}


def _whole(number: int, **values: Any) -> dict[str, Any]:
    return {
        "id": str(number), "title": "T", "price": 10000, "sale": None, "url": f"https://a.kr/{number}",
        "category": "C", "stock": "in stock", "from_day": None, "gtin": None, **values,
    }  # fmt: skip


def _normalised(
    spark: SparkSession, feed: str, rows: list[dict[str, Any]], scratch: Path
) -> DataFrame:
    file = scratch / f"{feed}.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    parts = LocalParts(scratch / feed)
    raw = prepare(LocalFiles([file]), CATALOG.feeds[feed], wanted_columns(CATALOG, feed), parts)
    return normalise(raw_frame(spark, [raw]), CATALOG, feed, PRODUCT, moment=MOMENT)


def codes(row: Row) -> list[str]:
    return [one["code"] for one in row["_warnings"]]


def test_a_preorder_whose_product_has_no_date_is_warned_of(outcome: dict[str, Row]) -> None:
    assert codes(outcome["1"]) == ["available_at_needed"]


def test_a_date_is_judged_beside_the_stock_that_the_product_has(outcome: dict[str, Row]) -> None:
    assert codes(outcome["4"]) == ["available_at_in_the_past"]
    assert outcome["4"]["availability"] == "preorder"


def test_a_row_that_names_neither_is_not_warned_of(outcome: dict[str, Row]) -> None:
    assert codes(outcome["7"]) == []


def test_a_row_that_names_the_barcode_names_all(outcome: dict[str, Row]) -> None:
    assert (outcome["2"]["gtin"], outcome["2"]["gtins"]) == (OTHER, [OTHER, ONE])


def test_a_product_of_the_release_before_has_all_barcodes_once_it_changes(
    outcome: dict[str, Row],
) -> None:
    assert (outcome["6"]["title"], outcome["6"]["gtins"]) == ("New", [ONE])


def test_a_sale_shows_the_usual_price_that_an_earlier_feed_told(outcome: dict[str, Row]) -> None:
    assert [str(outcome["3"][name]) for name in ("price", "list_price")] == ["7000.00", "10000.00"]


def test_a_sale_that_ends_leaves_no_list_price(outcome: dict[str, Row]) -> None:
    assert str(outcome["5"]["price"]) == "9000.00"
    assert outcome["5"]["list_price"] is None
