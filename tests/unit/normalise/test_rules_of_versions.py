"""A version that was published before keeps the ids that it gave; all else is read as by the newest rules."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from mallfeed.kinds.rules_of_versions import CLEAN_IDS, FIRST_RULES, NEWEST_RULES
from mallfeed.kinds.sql.marks import NESTED
from mallfeed.normalise.normalise import normalise
from mallfeed.product.record import PRODUCT
from tests.unit.normalise.reading import GOOD, catalog_reading

pytestmark = pytest.mark.spark

IDS = ["'0088", '="0099"', "null", NESTED + '["4"]', "00123"]
CODES = ["'0088", '="0099"', None, "'77", None]


def _read(spark: SparkSession, rules: int) -> list[tuple[str | None, str | None, str | None]]:
    """Id, brand and group of each row."""
    good = ", ".join(f"good_{name} string" for name in GOOD)
    rows = [
        (i, str(i), None, None, None, cell, code, *GOOD.values())
        for i, (cell, code) in enumerate(zip(IDS, CODES, strict=True))
    ]
    raw = spark.createDataFrame(
        rows,
        "_pos bigint, _row string, _raw string, _fault string, _fault_detail string, "
        f"cell string, code string, {good}",
    )
    catalog = catalog_reading("product_id")
    feed = catalog.feeds["full"].model_copy(update={"format": "json"})
    fields = {
        **catalog.fields,
        "brand": catalog.fields["title"].model_copy(update={"source": "cell"}),
        "item_group_id": catalog.fields["title"].model_copy(update={"source": "code"}),
    }
    catalog = catalog.model_copy(update={"feeds": {"full": feed}, "fields": fields})
    found = normalise(raw, catalog.read_by(rules), "full", PRODUCT).orderBy("_pos").collect()
    return [(row["product_id"], row["brand"], row["item_group_id"]) for row in found]


def test_the_first_rules_keep_ids_as_they_are(spark: SparkSession) -> None:
    assert _read(spark, FIRST_RULES) == [
        ("'0088", "'0088", "'0088"),
        ('="0099"', '="0099"', '="0099"'),
        ("null", None, None),
        ('["4"]', None, "'77"),
        ("00123", "00123", None),
    ]


def test_from_clean_ids_on_they_are_cleaned(spark: SparkSession) -> None:
    assert NEWEST_RULES >= CLEAN_IDS
    assert _read(spark, CLEAN_IDS) == [
        ("0088", "'0088", "0088"),
        ("0099", '="0099"', "0099"),
        (None, None, None),
        (None, None, "77"),
        ("00123", "00123", None),
    ]


def test_an_id_of_several_columns_was_the_first_that_is_filled_and_is_all_of_them(
    spark: SparkSession,
) -> None:
    good = ", ".join(f"good_{name} string" for name in GOOD)
    raw = spark.createDataFrame(
        [(0, "0", None, None, None, "10", "red", *GOOD.values())],
        "_pos bigint, _row string, _raw string, _fault string, _fault_detail string, "
        f"cell string, code string, {good}",
    )
    catalog = catalog_reading("product_id")
    both = catalog.fields["product_id"].model_copy(update={"source": ("cell", "code")})
    catalog = catalog.model_copy(update={"fields": {**catalog.fields, "product_id": both}})
    ids = {
        rules: normalise(raw, catalog.read_by(rules), "full", PRODUCT).first()["product_id"]
        for rules in (FIRST_RULES, CLEAN_IDS)
    }
    assert ids == {FIRST_RULES: "10", CLEAN_IDS: "10 red"}
