"""Maintenance of a table that is being loaded: each step is done, whatever became of the others.

Many malls, and many nights in a row, are longer proofs (`make operations-test`).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pyspark.java_gateway import ensure_callback_server_started
from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812

import mallfeed.maintain.tidy as night
from mallfeed.maintain.tidy import MALLS_PER_REWRITE, Tidied, tidy
from mallfeed.product.record import PRODUCT
from mallfeed.table.iceberg import IcebergProductTable
from mallfeed.table.schema import table_name
from tests.table.test_product_table import staged, told

_NUMBERS = itertools.count(1)


@pytest.fixture
def database() -> str:
    return f"night{next(_NUMBERS)}"


def soon() -> datetime:
    """All snapshots but the current one are older than that."""
    return datetime.now(UTC) + timedelta(minutes=1)


def loaded(spark: SparkSession, database: str, *malls: str, times: int = 3) -> IcebergProductTable:
    """A table in which each mall has small files and deleted rows."""
    table = IcebergProductTable(spark, database, PRODUCT)
    for n in range(times):
        feeds = [
            staged(table, f"{mall}-{n}", ("U", "1", f"{mall}{n}"), ("U", "2", "b"), before=2 * n)
            for mall in malls
        ]
        table.commit(feeds)
    return table


class WhenPlanned:
    """An Iceberg listener: runs a function once, when the next scan is planned.

    The snapshot that a rewrite starts from is taken by then, and nothing is written yet.
    """

    def __init__(self, spark: SparkSession) -> None:
        ensure_callback_server_started(spark.sparkContext._gateway)  # type: ignore[no-untyped-call]
        jvm: Any = spark._jvm
        scanned = jvm.org.apache.spark.util.Utils.classForName(
            "org.apache.iceberg.events.ScanEvent", True, False
        )
        jvm.org.apache.iceberg.events.Listeners.register(self, scanned)
        self.do: Callable[[], object] | None = None

    def notify(self, _event: Any) -> None:
        do, self.do = self.do, None
        if do is not None:
            do()

    class Java:
        implements = ("org.apache.iceberg.events.Listener",)


@pytest.fixture(scope="module")
def when_planned(spark: SparkSession) -> WhenPlanned:
    return WhenPlanned(spark)


def test_a_load_during_the_rewrite_only_costs_its_own_malls_compaction(
    spark: SparkSession,
    database: str,
    when_planned: WhenPlanned,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = loaded(spark, database, "ab", "mn", "xy")
    rewrite, loads = night.rewrite, itertools.count(1)

    def meanwhile(spark: SparkSession, name: str, malls: Collection[str]) -> dict[str, int]:
        if "ab" in malls:
            n = next(loads)
            change = staged(table, f"ab-late{n}", ("U", "1", f"late{n}"), before=2)
            when_planned.do = lambda: table.commit([change])
        return rewrite(spark, name, malls)

    monkeypatch.setattr(night, "rewrite", meanwhile)
    done = tidy(spark, database, soon(), datetime.now(UTC))
    assert next(loads) > 2  # tried with others, and alone
    assert list(done.left) == ["tidy products: compact ab"]
    assert done.failed == {}
    assert done.tables["products"]["files_rewritten"] > 0
    assert done.tables["products"]["files_expired"] > 0
    files = {row[0]: row[1] for row in _files(spark, table).collect()}
    assert files["mn"] == files["xy"] == 1
    assert files["ab"] > 1
    head = table.head()
    assert head is not None
    assert told(table.contents("xy", head)) == {("U", "1", "xy2"), ("U", "2", "b")}
    assert ("U", "2", "b") in told(table.contents("ab", head))
    monkeypatch.undo()
    tidy(spark, database, soon(), datetime.now(UTC))
    assert {row[0]: row[1] for row in _files(spark, table).collect()}["ab"] == 1


def _files(spark: SparkSession, table: IcebergProductTable) -> Any:
    files = spark.table(f"{table.name}.files").where("content = 0")
    return files.groupBy("partition.mall_id").count()


@pytest.mark.operations
def test_many_malls_are_rewritten_in_few_commits(spark: SparkSession, database: str) -> None:
    malls = [f"mall_{n:02d}" for n in range(MALLS_PER_REWRITE + 1)]
    table = loaded(spark, database, *malls, times=2)
    before = spark.table(f"{table.name}.snapshots").count()
    done = tidy(spark, database, None, datetime.now(UTC))
    assert (done.left, done.failed) == ({}, {})
    assert done.tables["products"]["files_written"] == len(malls)
    snapshots = spark.table(f"{table.name}.snapshots").where("operation = 'replace'")
    assert before < snapshots.count() + before <= before + 4  # two rewrites, deletes, manifests


@pytest.mark.operations
def test_delete_files_that_delete_nothing_any_more_are_gone_the_next_night(
    spark: SparkSession, database: str
) -> None:
    table = loaded(
        spark, database, "ab", "xy", times=6
    )  # that many are too many for Iceberg's own way
    table.commit([staged(table, "quiet-1", ("U", "1", "a"))])
    assert tidy(spark, database, soon(), datetime.now(UTC)).failed == {}
    table.commit([staged(table, "ab-next", ("U", "1", "next"), before=2)])
    done = tidy(spark, database, soon(), datetime.now(UTC))
    assert (done.left, done.failed) == ({}, {})
    deletes = spark.table(f"{table.name}.delete_files").groupBy("partition.mall_id").count()
    assert all(row[1] == 1 for row in deletes.collect())
    head = table.head()
    assert head is not None
    assert told(table.contents("ab", head)) == {("U", "1", "next"), ("U", "2", "b")}


def test_a_fault_of_the_table_is_no_conflict_with_a_load() -> None:
    fault = RuntimeError("ValidationException: Invalid partition field parent: list<string>")
    met = RuntimeError(
        "ValidationException: Cannot commit, found new delete for replaced data file: x"
    )
    done = Tidied()
    for what, error in (("tidy products: deletes", fault), ("tidy products: compact ab", met)):
        done.note(what, error)
    assert (list(done.failed), list(done.left)) == (
        ["tidy products: deletes"],
        ["tidy products: compact ab"],
    )


@pytest.mark.parametrize("step", ["rewrite", "drop_deletes", "_rewrite_manifests", "_expire"])
def test_a_step_that_fails_keeps_no_other_from_being_done(
    spark: SparkSession, database: str, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded(spark, database, "ab", times=1)

    def broken(*_: Any) -> dict[str, int]:
        raise RuntimeError("S3 is down\nand so on")

    monkeypatch.setattr(night, step, broken)
    done = tidy(spark, database, soon(), datetime.now(UTC))
    assert done.left == {}
    assert set(done.failed.values()) == {"S3 is down"}
    assert ("files_expired" in done.tables["products"]) is (step != "_expire")
    assert {"orphans_removed"} <= set(done.tables["products"]) & set(done.tables["rejects"])


def test_nothing_expires_if_it_is_unknown_what_is_needed(
    spark: SparkSession, database: str
) -> None:
    table = loaded(spark, database, "ab")
    first = table.find("ab-0")
    assert first is not None
    done = tidy(spark, database, None, datetime.now(UTC))
    assert (done.left, done.failed) == ({}, {})
    assert table.find("ab-0") == first


def test_rejects_go_when_the_ledger_has_forgotten_their_feed(
    spark: SparkSession, database: str
) -> None:
    IcebergProductTable(spark, database, PRODUCT)
    name, now = table_name(database, "rejects"), datetime.now(UTC)
    for feed_id, days in (("ab-1", 401), ("ab-2", 399)):
        rows = spark.range(3).select(
            F.lit("ab").alias("mall_id"),
            F.lit(feed_id).alias("feed_id"),
            F.lit(now - timedelta(days=days)).alias("rejected_at"),
        )
        nothing = spark.table(name).limit(0)
        nothing.unionByName(rows, allowMissingColumns=True).writeTo(name).append()
    done = tidy(spark, database, soon(), now)
    assert done.failed == {}
    assert done.tables["rejects"]["rows_removed"] == 3
    left = spark.table(name).select("feed_id").distinct().collect()
    assert [row[0] for row in left] == ["ab-2"]
    assert spark.table(f"{name}.delete_files").count() == 0  # whole files went, unread
    assert tidy(spark, database, soon(), now).tables["rejects"]["rows_removed"] == 0
