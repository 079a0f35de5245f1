"""Rows that rules leave out: what null means, and what happens where a pattern takes too long."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

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


Rules = dict[str, object]


def judged(
    spark: SparkSession, cells: list[str | None], *rules: Rules
) -> Iterator[tuple[Rules, list[object]]]:
    """All rules, and for each cell the one that leaves its row out, or the codes of its rejects. One Spark job."""
    data = [(i, str(i), None, None, None, cell, *GOOD.values()) for i, cell in enumerate(cells)]
    raw = spark.createDataFrame(data, TYPES)
    frames = []
    for place, rows in enumerate(rules):
        catalog = Catalog.model_validate(
            {**HEAD, "feeds": {"full": {"format": "csv", "rows": rows}}}
        )
        frame = normalise(raw, catalog, "full", PRODUCT)
        frames.append(frame.select(F.lit(place).alias("place"), "_pos", "_dropped", "_rejects"))
    found = sorted(reduce(DataFrame.union, frames).collect())
    for place, one in enumerate(rules):
        own = [row for row in found if row["place"] == place]
        yield one, [row["_dropped"] or [it["code"] for it in row["_rejects"]] for row in own]


def test_a_blank_cell_passes_drop_and_does_not_pass_keep(spark: SparkSession) -> None:
    expected: list[tuple[Rules, list[object]]] = [
        ({"drop": {"hidden": "cell = 'N'"}}, ["hidden", [], []]),
        ({"drop": {"hidden": "cell <> 'Y'"}}, ["hidden", [], []]),
        ({"keep": "cell = 'Y'"}, ["keep", [], "keep"]),
        ({"keep": "cell <> 'N'"}, ["keep", [], "keep"]),
        ({"keep": "cell <> 'N' or cell is null"}, ["keep", [], []]),
    ]
    assert list(judged(spark, ["N", "Y", None], *(rules for rules, _ in expected))) == expected


def test_the_first_rule_that_holds_counts_and_keep_comes_last(spark: SparkSession) -> None:
    rows: Rules = {"keep": "cell > 5", "drop": {"one": "cell < 3", "two": "cell < 6"}}
    ((_, found),) = judged(spark, ["1", "4", "5.5", "7", "x"], rows)
    assert found == ["one", "two", "two", [], "keep"]


def test_a_pattern_that_takes_too_long_refuses_the_row_unless_another_rule_is_sure(
    spark: SparkSession,
) -> None:
    slow = "cell rlike '^(a|aa)+$'"
    endless = "a" * 5_000 + "b"
    expected: list[tuple[Rules, list[object]]] = [
        (
            {"keep": slow, "drop": {"known": "good_title = 'none'", "slow": slow}},
            ["slow", ["row_rule_too_costly"], "keep"],
        ),
        ({"drop": {"slow": slow, "all": "good_title is not null"}}, ["slow", "all", "all"]),
    ]
    cells = ["aaa", endless, "b"]
    assert list(judged(spark, cells, *(rules for rules, _ in expected))) == expected
