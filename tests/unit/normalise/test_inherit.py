"""Rows of one article are brought together wherever they are, and what each row carries does not grow with them."""

from __future__ import annotations

import random
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from mallfeed.catalog.inherit import IMAGES, MERGED
from mallfeed.catalog.model import Catalog
from mallfeed.kinds.sources import Sources
from mallfeed.normalise.inherit import MOST_PICTURES, Gathering
from mallfeed.normalise.normalise import normalise
from mallfeed.product.record import PRODUCT

pytestmark = pytest.mark.spark
COLUMNS = ("handle", "parent", "name", "type", "price", "picture")
TYPES = "_pos bigint, _row string, _raw string, _fault string, _fault_detail string, " + ", ".join(
    f"{name} string" for name in COLUMNS
)
KEY = {"key": "handle"}
PARENT = {"parent": {"from": "parent", "to": "handle"}}


def catalog(inherit: dict[str, Any], drop: dict[str, str] | None = None) -> Catalog:
    fields = {
        "product_id": {"type": "text", "from": "handle"}, "title": "name", "price": "price",
        "url": {"type": "expression", "sql": "concat('https://shop.kr/', handle)"},
        "category_path": "type", "image_url": "picture",
    }  # fmt: skip
    return Catalog.model_validate(
        {
            "mall": "unit", "version": 1, "effective_from": "2026-01-01T00:00:00+09:00", "owner": "o",
            "contact": "c", "fields": fields,
            "feeds": {"full": {"format": "csv", "inherit": inherit, "rows": {"drop": drop or {}}}},
        }
    )  # fmt: skip


def frame(spark: SparkSession, rows: list[tuple[str | None, ...]]) -> DataFrame:
    data = [(i, str(i + 2), None, None, None, *row) for i, row in enumerate(rows)]
    return spark.createDataFrame(data, TYPES)


def gathered(raw: DataFrame, inherit: dict[str, Any]) -> DataFrame:
    one = catalog(inherit)
    types = dict.fromkeys(raw.columns[5:], "string")
    spec = one.feeds["full"].inherit
    assert spec is not None
    return Gathering(spec, one.fields_of("full"), Sources(types).under_own_names()).of(raw)


def told(made: DataFrame) -> list[tuple[Any, ...]]:
    return sorted(tuple(row) for row in made.drop("_raw").collect())


@pytest.mark.parametrize("inherit", [KEY, PARENT], ids=["key", "parent"])
def test_it_makes_no_difference_how_spark_has_the_rows(
    spark: SparkSession, inherit: dict[str, Any]
) -> None:
    chance = random.Random(7)
    rows: list[tuple[str | None, ...]] = []
    for n in range(200):
        article = f"a{chance.randrange(40)}"
        own = article if inherit is KEY or chance.random() < 0.3 else f"v{n}"
        cell = [f"{name} {n}" if chance.random() < 0.4 else "" for name in ("name", "type")]
        picture = f"https://i.kr/{chance.randrange(60)}.jpg" if chance.random() < 0.5 else ""
        rows.append(
            (own, "" if own == article else article, *cell, chance.choice(["1", "2", ""]), picture)
        )
    whole = frame(spark, rows).coalesce(1)
    expected = told(gathered(whole, inherit))
    assert len(expected) == len(rows)
    assert {row[-3] for row in expected} == {True, False}
    shuffled = whole.repartition(13, "name").sortWithinPartitions("picture")
    assert told(gathered(shuffled, inherit)) == expected
    products = normalise(shuffled, catalog(inherit), "full", PRODUCT)
    assert sorted(row["_row"] for row in products.collect()) == sorted(row[1] for row in expected)


def test_what_a_row_carries_does_not_grow_with_its_article(spark: SparkSession) -> None:
    longest = []
    for size in (500, 4_000):
        rows = [
            ("one", "", "이름" if n == 0 else "", "패션", "1", f"https://i.kr/{n:05}.jpg")
            for n in range(size)
        ]
        made = gathered(frame(spark, rows).repartition(4), KEY)
        row = made.selectExpr(
            f"max(length(`{IMAGES}`)) as longest", "count_if(name = '이름') as named"
        ).first()
        assert row is not None
        assert row["named"] == size
        longest.append(row["longest"])
    assert longest[0] == longest[1] <= MOST_PICTURES * len("https://i.kr/00000.jpg.")


def test_no_join_of_all_rows_with_all_rows_is_planned(spark: SparkSession) -> None:
    made = gathered(frame(spark, [("a", "", "n", "t", "1", "")]), PARENT)
    plan = made._jdf.queryExecution().toString()
    assert "CartesianProduct" not in plan
    assert "BroadcastNestedLoopJoin" not in plan


def test_an_article_of_none_but_added_rows_is_judged_by_its_first(spark: SparkSession) -> None:
    rows = [
        ("a", "", "", "", "", "https://i.kr/1.jpg"),
        ("a", "", "이름", "패션", "", ""),
        ("b", "", "", "", "", ""),
    ]
    made = {row["_row"]: row[MERGED] for row in gathered(frame(spark, rows), KEY).collect()}
    assert made == {"2": False, "3": True, "4": False}
    products = normalise(frame(spark, rows), catalog(KEY), "full", PRODUCT).collect()
    refused = {row["_row"]: [one["code"] for one in row["_rejects"]] for row in products}
    assert refused["2"] == ["price_missing"], "what it lacks is told, and its name is known"
    assert refused["3"] == []
    assert {row["_row"]: row["_dropped"] for row in products} == {
        "2": None,
        "3": "merged",
        "4": None,
    }


STATE = {"draft": "type = 'draft'", "hidden": "type = 'hidden'", "hats": "name = 'hat'"}
ALONG = {"parent": {"from": "parent", "to": "handle", "takes_along": ["hidden", "draft"]}}


def test_a_parent_that_a_rule_leaves_out_takes_its_variations_along(spark: SparkSession) -> None:
    rows = [
        ("shirt-red", "shirt", "", "on", "1", ""),  # before its parent
        ("shirt", "", "shirt", "draft", "", ""),
        ("shirt-own", "shirt", "shirt", "hidden", "1", ""),  # of two rules, the parent's
        ("shirt-none", "shirt", "", "on", "", ""),  # no product anyway
        ("shoe", "", "shoe", "hidden", "1", ""),  # a product itself
        ("shoe-40", "shoe", "", "on", "1", ""),
        ("hat", "", "hat", "on", "1", ""),  # by a rule that takes nothing along
        ("hat-m", "hat", "cap", "on", "1", ""),
        ("coat", "", "coat", "on", "", ""),
        ("coat-s", "coat", "", "draft", "1", ""),  # a variation's own state
        ("coat-m", "coat", "", "on", "1", ""),
        ("lost", "nowhere", "x", "on", "1", ""),
    ]
    raw = frame(spark, rows)

    def dropped_by(one: Catalog) -> dict[str | None, str | None]:
        found = normalise(raw, one, "full", PRODUCT).collect()
        return {rows[int(row["_row"]) - 2][0]: row["_dropped"] for row in found}

    dropped, alone = dropped_by(catalog(ALONG, STATE)), dropped_by(catalog(PARENT, STATE))
    assert dropped == {
        "shirt-red": "draft", "shirt": "merged", "shirt-own": "draft", "shirt-none": "merged", "shoe": "hidden",
        "shoe-40": "hidden", "hat": "hats", "hat-m": None, "coat": "merged", "coat-s": "draft", "coat-m": None,
        "lost": None,
    }  # fmt: skip
    assert {name for name in alone if alone[name] != dropped[name]} == {
        "shirt-red",
        "shirt-own",
        "shoe-40",
    }
