"""Rows that rules leave out: what null means, and what happens where a pattern takes too long."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from mallfeed.catalog.model import Catalog
from mallfeed.normalise.normalise import normalise
from mallfeed.product.record import PRODUCT
from tests.unit.normalise.reading import GOOD

pytestmark = pytest.mark.spark
HEAD = {
    "mall": "unit", "version": 1, "effective_from": "2026-01-01T00:00:00+09:00", "owner": "o",
    "contact": "c", "fields": {name: f"good_{name}" for name in GOOD},
}  # fmt: skip
TYPES = (
    "_pos bigint, _row string, _raw string, _fault string, _fault_detail string, cell string, "
    + ", ".join(f"good_{name} string" for name in GOOD)
)


def judged(spark: SparkSession, cells: list[str | None], rows: dict[str, object]) -> list[object]:
    """For each cell the rule that leaves its row out, or the codes of its rejects."""
    catalog = Catalog.model_validate({**HEAD, "feeds": {"full": {"format": "csv", "rows": rows}}})
    data = [(i, str(i), None, None, None, cell, *GOOD.values()) for i, cell in enumerate(cells)]
    frame = normalise(spark.createDataFrame(data, TYPES), catalog, "full", PRODUCT)
    found = sorted(frame.collect(), key=lambda row: row["_pos"])
    return [row["_dropped"] or [one["code"] for one in row["_rejects"]] for row in found]


def test_a_blank_cell_passes_drop_and_does_not_pass_keep(spark: SparkSession) -> None:
    cells = ["N", "Y", None]
    assert judged(spark, cells, {"drop": {"hidden": "cell = 'N'"}}) == ["hidden", [], []]
    assert judged(spark, cells, {"drop": {"hidden": "cell <> 'Y'"}}) == ["hidden", [], []]
    assert judged(spark, cells, {"keep": "cell = 'Y'"}) == ["keep", [], "keep"]
    assert judged(spark, cells, {"keep": "cell <> 'N'"}) == ["keep", [], "keep"]
    assert judged(spark, cells, {"keep": "cell <> 'N' or cell is null"}) == ["keep", [], []]


def test_the_first_rule_that_holds_counts_and_keep_comes_last(spark: SparkSession) -> None:
    rows = {"keep": "cell > 5", "drop": {"one": "cell < 3", "two": "cell < 6"}}
    assert judged(spark, ["1", "4", "5.5", "7", "x"], rows) == ["one", "two", "two", [], "keep"]


def test_a_pattern_that_takes_too_long_refuses_the_row_unless_another_rule_is_sure(
    spark: SparkSession,
) -> None:
    slow = "cell rlike '^(a|aa)+$'"
    endless = "a" * 5_000 + "b"
    rows = {"keep": slow, "drop": {"known": "good_title = 'none'", "slow": slow}}
    assert judged(spark, ["aaa", endless, "b"], rows) == ["slow", ["row_rule_too_costly"], "keep"]
    sure = {"drop": {"slow": slow, "all": "good_title is not null"}}
    assert judged(spark, ["aaa", endless, "b"], sure) == ["slow", "all", "all"]
