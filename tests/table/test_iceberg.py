"""The Iceberg table: one snapshot for all change sets, found again by feed, compared by hash."""

from __future__ import annotations

import itertools

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.errors import SnapshotGone
from mallfeed.ledger.model import Counts
from mallfeed.table.iceberg import IcebergProductTable
from mallfeed.table.port import Changes, Staged
from mallfeed.table.schema import PRODUCT_COLUMNS

_NUMBERS = itertools.count(1)


@pytest.fixture
def table(spark: SparkSession) -> IcebergProductTable:
    return IcebergProductTable(spark, f"db{next(_NUMBERS)}")


def staged(
    spark: SparkSession, feed_id: str, *rows: tuple[str, str, str | None], before: int = 0
) -> Staged:
    mall = feed_id.rpartition("-")[0]
    given = [(op, mall, pid, content) for op, pid, content in rows]
    small = spark.createDataFrame(
        given, "op string, mall_id string, product_id string, content_hash string"
    )
    known = ("mall_id", "product_id", "content_hash")
    columns = [
        F.col(name) if name in known else F.lit(None).cast(kind).alias(name)
        for name, kind in PRODUCT_COLUMNS
    ]
    counts = Counts(
        changed=sum(op == "U" for op, *_ in rows),
        vanished=sum(op == "D" for op, *_ in rows),
        products_before=before,
    )
    return Staged(feed_id, mall, counts, small.select("op", *columns))


def told(changes: Changes) -> set[tuple[str, str, str | None]]:
    frame: DataFrame = changes.frame
    return {tuple(r) for r in frame.select("op", "product_id", "content_hash").collect()}


def test_an_empty_table_has_no_head_and_finds_no_feed(table: IcebergProductTable) -> None:
    assert table.head() is None
    assert table.find("ab-1") is None


def test_two_malls_share_a_commit_that_names_both_feeds(
    spark: SparkSession, table: IcebergProductTable
) -> None:
    commit = table.commit(
        [staged(spark, "ab-1", ("U", "1", "a")), staged(spark, "xy-1", ("U", "1", "z"))]
    )
    assert table.find("ab-1") == table.find("xy-1") == table.head() == commit
    assert told(table.contents("ab", commit)) == {("U", "1", "a")}


def test_a_merge_changes_adds_and_deletes_and_names_its_feed(
    spark: SparkSession, table: IcebergProductTable
) -> None:
    first = table.commit([staged(spark, "ab-1", ("U", "1", "a"), ("U", "2", "b"))])
    other = table.commit([staged(spark, "xy-1", ("U", "1", "z"))])
    change = staged(spark, "ab-2", ("U", "1", "a2"), ("D", "2", None), ("U", "3", "c"), before=2)
    second = table.commit([change])
    assert second.seq == first.seq + 2
    assert table.find("ab-2") == second
    assert told(table.contents("ab", second)) == {("U", "1", "a2"), ("U", "3", "c")}
    expected = {("U", "1", "a2"), ("D", "2", None), ("U", "3", "c")}
    assert told(table.changes("ab", first, second)) == expected
    assert table.commits("ab", first, second) == [second]
    assert table.commits("xy", first, second) == [other]
    assert told(table.changes("xy", other, second)) == set()


def test_a_feed_that_changes_nothing_is_committed_all_the_same(
    spark: SparkSession, table: IcebergProductTable
) -> None:
    first = table.commit([staged(spark, "ab-1", ("U", "1", "a"))])
    second = table.commit([staged(spark, "ab-2", before=1)])
    assert second.seq == first.seq + 1
    assert table.find("ab-2") == second
    assert told(table.changes("ab", first, second)) == set()


def test_a_snapshot_that_has_expired_is_told(
    spark: SparkSession, table: IcebergProductTable
) -> None:
    first = table.commit([staged(spark, "ab-1", ("U", "1", "a"))])
    second = table.commit([staged(spark, "ab-2", ("U", "2", "b"), before=1)])
    table.snapshots.java_table().expireSnapshots().expireSnapshotId(first.snapshot_id).commit()
    with pytest.raises(SnapshotGone, match="no longer there"):
        table.changes("ab", first, second)
    with pytest.raises(SnapshotGone):
        table.commits("ab", first, second)


def test_the_table_survives_being_opened_again(
    spark: SparkSession, table: IcebergProductTable
) -> None:
    commit = table.commit([staged(spark, "ab-1", ("U", "1", "a"))])
    database = table.name.split(".")[1]
    assert IcebergProductTable(spark, database).head() == commit
