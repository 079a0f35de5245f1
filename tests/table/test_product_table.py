"""One behaviour suite over both product tables: Iceberg, and the model's in memory."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.errors import SnapshotGone
from mallfeed.maintain.tidy import snapshot_times, tidy
from mallfeed.product.record import PRODUCT
from mallfeed.table.counts import Counts
from mallfeed.table.digest import differing, digest_of
from mallfeed.table.iceberg import IcebergProductTable
from mallfeed.table.port import Changes, Commit, Staged
from mallfeed.table.shared_frame import frames_of
from tests.twins.table import MemoryTable

_NUMBERS = itertools.count(1)
Table = MemoryTable | IcebergProductTable


@pytest.fixture(params=["memory", "iceberg"])
def table(request: pytest.FixtureRequest, spark: SparkSession) -> Table:
    return MemoryTable() if request.param == "memory" else _new(spark)


@pytest.fixture
def iceberg(spark: SparkSession) -> IcebergProductTable:
    return _new(spark)


def _new(spark: SparkSession) -> IcebergProductTable:
    return IcebergProductTable(spark, f"db{next(_NUMBERS)}", PRODUCT)


def staged(
    table: Table, feed_id: str, *rows: tuple[str, str, str | None], before: int = 0
) -> Staged:
    mall = feed_id.rpartition("-")[0]
    counts = Counts(
        changed=sum(op == "U" for op, *_ in rows),
        vanished=sum(op == "D" for op, *_ in rows),
        products_before=before,
    )
    return Staged(feed_id, mall, counts, _frame(table, mall, rows))


def _frame(table: Table, mall: str, rows: tuple[tuple[str, str, str | None], ...]) -> Any:
    names = ("op", "mall_id", "product_id", "content_hash")
    given = [(op, mall, pid, content) for op, pid, content in rows]
    if isinstance(table, MemoryTable):
        return [dict(zip(names, row, strict=True)) for row in given]
    small = table._spark.createDataFrame(given, ", ".join(f"{name} string" for name in names))
    columns = [
        F.col(name) if name in names else F.lit(None).cast(kind).alias(name)
        for name, kind in PRODUCT.columns
    ]
    return small.select("op", *columns)


def told(changes: Changes) -> set[tuple[str, str, str | None]]:
    if isinstance(changes.frame, list):
        return {(row["op"], row["product_id"], row["content_hash"]) for row in changes.frame}
    (frame,) = frames_of([changes])
    rows = frame.select("op", "product_id", "content_hash").collect()
    return {tuple(row) for row in rows}


def expire(table: Table, commit: Commit) -> None:
    if isinstance(table, MemoryTable):
        table.expire()
    else:
        snapshots = table.snapshots.java_table().expireSnapshots()
        snapshots.expireSnapshotId(commit.snapshot_id).commit()


def hashed(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def test_an_empty_table_has_no_head_and_finds_no_feed(table: Table) -> None:
    assert table.head() is None
    assert table.find("ab-1") is None


def test_two_malls_share_a_commit_that_names_both_feeds(
    table: Table,
) -> None:
    commit = table.commit(
        [staged(table, "ab-1", ("U", "1", "a")), staged(table, "xy-1", ("U", "1", "z"))]
    )
    assert table.find("ab-1") == table.find("xy-1") == table.head() == commit
    assert told(table.contents("ab", commit)) == {("U", "1", "a")}


def test_a_mall_s_size_is_of_its_rows_alone_and_counted_no_further_than_asked(
    iceberg: IcebergProductTable,
) -> None:
    assert iceberg.size("ab", up_to=10) == 0
    iceberg.commit([staged(iceberg, "ab-1", ("U", "1", "a"), ("U", "2", "b"))])
    iceberg.commit([staged(iceberg, "xy-1", ("U", "1", "z"))])
    assert [iceberg.size(mall, up_to=10) for mall in ("ab", "xy", "no'body")] == [2, 1, 0]
    iceberg.commit([staged(iceberg, "ab-2", ("U", "3", "c"), ("D", "1", None), before=2)])
    assert 2 <= iceberg.size("ab", up_to=10) <= 3
    assert iceberg.size("ab", up_to=1) > 1


def test_a_merge_changes_adds_and_deletes_and_names_its_feed(
    table: Table,
) -> None:
    first = table.commit([staged(table, "ab-1", ("U", "1", "a"), ("U", "2", "b"))])
    other = table.commit([staged(table, "xy-1", ("U", "1", "z"))])
    change = staged(table, "ab-2", ("U", "1", "a2"), ("D", "2", None), ("U", "3", "c"), before=2)
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
    table: Table,
) -> None:
    first = table.commit([staged(table, "ab-1", ("U", "1", "a"))])
    second = table.commit([staged(table, "ab-2", before=1)])
    assert second.seq == first.seq + 1
    assert table.find("ab-2") == second
    assert told(table.changes("ab", first, second)) == set()


def test_an_expired_snapshot_raises_an_error(
    table: Table,
) -> None:
    first = table.commit([staged(table, "ab-1", ("U", "1", "a"))])
    second = table.commit([staged(table, "ab-2", ("U", "2", "b"), before=1)])
    expire(table, first)
    with pytest.raises(SnapshotGone, match="no longer exists"):
        table.changes("ab", first, second)
    with pytest.raises(SnapshotGone):
        table.commits("ab", first, second)


def test_digests_follow_the_products_of_a_mall_at_a_snapshot(table: Table) -> None:
    rows = [("U", f"p{n}", hashed(f"p{n}")) for n in range(30)]
    first = table.commit([staged(table, "ab-1", *rows), staged(table, "xy-1", rows[0])])
    change = staged(table, "ab-2", ("U", "p3", hashed("other")), ("D", "p4", None), before=30)
    second = table.commit([change])
    assert table.malls() == {"ab", "xy"}
    assert table.digest("ab", first) == digest_of(content for _, _, content in rows)
    buckets = differing(table.digest("ab", first), table.digest("ab", second))
    assert buckets == {hashed(text)[:2] for text in ("p3", "other", "p4")}
    now = table.hashes("ab", second, buckets)
    assert now["p3"] == hashed("other")
    assert "p4" not in now
    assert table.hashes("ab", first, buckets)["p4"] == hashed("p4")
    assert table.digest("nobody", second) == {}


def test_mending_writes_what_the_table_holds_and_deletes_what_it_does_not(table: Table) -> None:
    at = table.commit([staged(table, "ab-1", ("U", "1", "a"), ("U", "2", "b"), ("U", "3", "c"))])
    changes = table.mending("ab", at, {"1", "3", "stranger"})
    assert told(changes) == {("U", "1", "a"), ("U", "3", "c"), ("D", "stranger", None)}
    assert (changes.kind, changes.count, changes.until) == ("difference", 3, at)


def test_an_empty_snapshot_stands_above_and_carries_no_feed(table: Table) -> None:
    first = table.commit([staged(table, "ab-1", ("U", "1", "a"))])
    second = table.touch()
    assert second.seq > first.seq
    assert table.head() == second
    assert table.commits("ab", first, second) == []
    assert told(table.contents("ab", second)) == {("U", "1", "a")}
    assert told(table.nothing("ab", second)) == set()


def test_the_table_survives_being_opened_again(
    spark: SparkSession, iceberg: IcebergProductTable
) -> None:
    commit = iceberg.commit([staged(iceberg, "ab-1", ("U", "1", "a"))])
    database = iceberg.name.split(".")[1]
    assert IcebergProductTable(spark, database, PRODUCT).head() == commit


def test_a_mall_of_an_earlier_snapshot_is_restored_by_what_differs(
    iceberg: IcebergProductTable,
) -> None:
    first = iceberg.commit([staged(iceberg, "ab-1", ("U", "1", "a"), ("U", "2", "b"))])
    change = staged(iceberg, "ab-2", ("U", "1", "a2"), ("D", "2", None), ("U", "3", "c"), before=2)
    iceberg.commit([change, staged(iceberg, "xy-1", ("U", "9", "z"))])
    rows = iceberg.restoring("ab", first.snapshot_id).select("op", "product_id", "content_hash")
    assert {tuple(row) for row in rows.collect()} == {
        ("U", "1", "a"), ("U", "2", "b"), ("D", "3", None)
    }  # fmt: skip
    with pytest.raises(SnapshotGone):
        iceberg.restoring("ab", 12345)


def test_tidying_keeps_the_products_and_what_is_still_needed(
    spark: SparkSession, iceberg: IcebergProductTable
) -> None:
    commits = [iceberg.commit([staged(iceberg, "ab-1", ("U", "1", "a"), ("U", "2", "b"))])]
    for n in range(2, 8):
        change = staged(iceberg, f"ab-{n}", ("U", "1", f"a{n}"), before=2)
        commits.append(iceberg.commit([change]))
    database = iceberg.name.split(".")[1]
    head = iceberg.head()
    assert head is not None
    (needed,) = snapshot_times(spark, database, {commits[4].snapshot_id, 12345})
    done = tidy(spark, database, needed, datetime.now(UTC))
    assert (done.left, done.failed) == ({}, {})
    assert done.tables["products"]["files_rewritten"] > 0
    after = iceberg.head()
    assert after is not None
    assert told(iceberg.contents("ab", after)) == {("U", "1", "a7"), ("U", "2", "b")}
    assert told(iceberg.changes("ab", commits[4], after)) == {("U", "1", "a7")}
    assert iceberg.commits("ab", commits[4], after) == commits[5:]
    with pytest.raises(SnapshotGone):
        iceberg.changes("ab", commits[3], after)
    later = tidy(spark, database, datetime.now(UTC) + timedelta(minutes=1), datetime.now(UTC))
    assert later.tables["products"]["files_expired"] > 0
    newest = iceberg.head()
    assert newest is not None
    assert told(iceberg.contents("ab", newest)) == {("U", "1", "a7"), ("U", "2", "b")}
