"""A run of few rows is interpreted, a larger one compiled."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

import mallfeed.load.few_rows as few
from mallfeed.load.few_rows import few_rows
from mallfeed.product.record import PRODUCT
from mallfeed.table.iceberg import IcebergProductTable
from tests.table.test_product_table import staged
from tests.unit.ledger.records import feed as record_of

pytestmark = pytest.mark.spark


def test_small_feeds_of_small_malls_are_few_rows(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(few, "MOST_ROWS", 3)
    table = IcebergProductTable(spark, "few_rows", PRODUCT)
    small = record_of(1, mall="ab", size_bytes=1000)
    assert few_rows([small], table), "a mall without products"
    table.commit([staged(table, "ab-0", *(("U", str(n), "x") for n in range(3)))])
    assert few_rows([small], table)
    assert not few_rows([small.model_copy(update={"size_bytes": 20_000_000})], table)
    table.commit([staged(table, "xy-0", ("U", "1", "x"))])
    other = record_of(2, mall="xy", size_bytes=1000)
    assert few_rows([other], table)
    assert not few_rows([small, other], table), "both malls' products count"
