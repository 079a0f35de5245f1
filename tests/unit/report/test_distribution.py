"""Prices and categories: counted by one aggregation, shown beside the previous feed's."""

from __future__ import annotations

from decimal import Decimal

import pytest
from pyspark.sql import SparkSession

import mallfeed.load.distribution
from mallfeed.load.distribution import of_products
from mallfeed.report.distribution import TOP, category_rows, distribution, price_rows


def test_prices_between_the_outermost_buckets_are_all_shown() -> None:
    now = distribution([("price", "1000", 5), ("price", "10000", 1), ("currency", "KRW", 6)])
    assert price_rows(now, None) == [
        (1000, 2000, 5, None),
        (2000, 5000, 0, None),
        (5000, 10000, 0, None),
        (10000, 20000, 1, None),
    ]
    assert [row[3] for row in price_rows(now, {**now, "prices": {"2000": 4}})] == [0, 4, 0, 0]


def test_what_is_not_among_the_largest_is_counted_together() -> None:
    counted = [("category", f"c{n:02}", 100 - n) for n in range(TOP + 3)]
    total = sum(count for _, _, count in counted)
    rows = category_rows(distribution([*counted, ("price", "0", total)]), None)
    assert len(rows) == TOP + 1
    assert rows[-1] == (None, 90 + 89 + 88, None)


def test_no_product_is_no_row() -> None:
    nothing = distribution([])
    assert price_rows(nothing, None) == []
    assert category_rows(nothing, None) == []


def test_products_are_counted_by_price_and_category(spark: SparkSession) -> None:
    rows = [
        ("a", Decimal("0.50"), "USD", ["뷰티", "립"]),
        ("a", Decimal("1999.99"), "KRW", ["뷰티"]),
        ("a", Decimal("2000.00"), "KRW", ["식품"]),
        ("a", Decimal("9999999999.00"), "KRW", ["뷰티"]),
        ("a", Decimal("-1.00"), None, []),
        ("b", Decimal("5.00"), "USD", ["식품"]),
    ]
    found = of_products(spark.createDataFrame(rows, SCHEMA))
    assert set(found) == {"a", "b"}
    assert found["b"]["prices"] == {"5": 1}
    assert found["b"]["categories"] == {"식품": 1}
    assert found["a"] == {
        "products": 5,
        "currency": "KRW",
        "prices": {"0": 2, "1000": 1, "2000": 1, "500000000": 1},
        "categories": {"뷰티": 3, "?": 1, "식품": 1},
        "categories_other": 0,
    }


def test_the_largest_categories_of_each_mall_are_counted_by_name(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mallfeed.load.distribution, "MOST_NAMES", 1)
    rows = [("a", None, None, [name]) for name in ("가", "나", "나")]
    rows += [("b", None, None, ["다"])]
    found = of_products(spark.createDataFrame(rows, SCHEMA))
    assert {mall: one["categories"] for mall, one in found.items()} == {
        "a": {"나": 2}, "b": {"다": 1},
    }  # fmt: skip


def test_malls_without_products_have_no_distribution(spark: SparkSession) -> None:
    assert of_products(spark.createDataFrame([], SCHEMA)) == {}


SCHEMA = "mall_id string, price decimal(18,2), currency string, category_path array<string>"
