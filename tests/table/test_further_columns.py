"""Tables that a later release has given a column: this release's loads leave it as it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.load import rejects as kept
from mallfeed.load.rejects import Rejects
from mallfeed.table.counts import Counts
from mallfeed.table.iceberg import IcebergProductTable
from mallfeed.table.port import Staged
from mallfeed.table.schema import PRODUCT_COLUMNS, REJECT_COLUMNS, create_tables, table_name

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)


def staged(spark: SparkSession, feed_id: str, *rows: tuple[str, str, str], before: int) -> Staged:
    """A change set of rows (op, product id, title)."""
    mall = feed_id.rpartition("-")[0]
    names = ("op", "mall_id", "product_id", "title", "content_hash")
    given = [(op, mall, product, title, title) for op, product, title in rows]
    small = spark.createDataFrame(given, ", ".join(f"{name} string" for name in names))
    columns = [
        F.col(name) if name in names else F.lit(None).cast(kind).alias(name)
        for name, kind in PRODUCT_COLUMNS
    ]
    counts = Counts(changed=len(rows), products_before=before)
    return Staged(feed_id, mall, counts, small.select("op", *columns))


@pytest.fixture
def table(spark: SparkSession) -> IcebergProductTable:
    """Two products of `ab`, in a table that has the column `later` since."""
    table = IcebergProductTable(spark, "further")
    spark.sql(f"DROP TABLE {table.name}")
    table = IcebergProductTable(spark, "further")
    table.commit([staged(spark, "ab-1", ("U", "1", "one"), ("U", "2", "two"), before=0)])
    spark.sql(f"ALTER TABLE {table.name} ADD COLUMN later map<string,int>")
    spark.sql(f"UPDATE {table.name} SET later = map('kept', 1)")
    return table


def held(table: IcebergProductTable) -> dict[str, tuple[str, Any]]:
    rows = table._spark.table(table.name).select("mall_id", "product_id", "title", "later")
    return {f"{mall}/{one}": (title, later) for mall, one, title, later in rows.collect()}


def test_a_mall_s_first_products_are_appended_with_null(
    spark: SparkSession, table: IcebergProductTable
) -> None:
    table.commit([staged(spark, "xy-1", ("U", "1", "new"), before=0)])
    assert held(table) == {
        "ab/1": ("one", {"kept": 1}), "ab/2": ("two", {"kept": 1}), "xy/1": ("new", None),
    }  # fmt: skip


def test_changed_products_keep_their_value_and_new_ones_have_none(
    spark: SparkSession, table: IcebergProductTable
) -> None:
    change = staged(spark, "ab-2", ("U", "1", "ein"), ("D", "2", ""), ("U", "3", "drei"), before=2)
    before = table.head()
    after = table.commit([change])
    assert held(table) == {"ab/1": ("ein", {"kept": 1}), "ab/3": ("drei", None)}
    assert before is not None
    changes = table.changes("ab", before, after).frame.collect()
    assert {(row.op, row.product_id) for row in changes} == {("U", "1"), ("D", "2"), ("U", "3")}
    assert table.contents("ab", after).frame.count() == 2
    back = table.restoring("ab", before.snapshot_id).collect()
    assert {(row.op, row.product_id) for row in back} == {("U", "1"), ("U", "2"), ("D", "3")}


def test_refused_rows_are_kept(spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    create_tables(spark, "further_rejects")
    name = table_name("further_rejects", "rejects")
    spark.sql(f"ALTER TABLE {name} ADD COLUMN later string")

    class Staging:
        def __init__(self, _bucket: str, _feed_id: str) -> None:
            pass

        def read_json(self, _name: str) -> dict[str, Any]:
            return {"outcome": "s3://x", "counts": {"rejected": 1}}

    monkeypatch.setattr(kept, "Staging", Staging)
    row = {"mall_id": "ab", "feed_id": "ab-1"}
    columns = [F.lit(row.get(one)).cast(kind).alias(one) for one, kind in REJECT_COLUMNS]
    monkeypatch.setattr(Rejects, "_rows", lambda *_: spark.range(1).select(*columns))
    rejects = Rejects(spark, "further_rejects", "lake")
    for _ in range(2):
        rejects.keep([("ab", "ab-1")], NOW)
    assert [(row.feed_id, row.later) for row in spark.table(name).collect()] == [("ab-1", None)]
