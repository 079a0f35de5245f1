"""The history of the Iceberg table: never behind what others commit, and read once for many malls."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from pyspark.sql import SparkSession

from mallfeed.errors import SnapshotGone
from mallfeed.product.record import PRODUCT
from mallfeed.table import snapshots
from mallfeed.table.iceberg import IcebergProductTable
from mallfeed.table.port import Commit
from mallfeed.table.snapshots import FEEDS_PROPERTY, feeds_property

_NUMBERS = itertools.count(1)


@pytest.fixture
def table(spark: SparkSession) -> IcebergProductTable:
    return IcebergProductTable(spark, f"history{next(_NUMBERS)}", PRODUCT)


@pytest.fixture
def other(table: IcebergProductTable) -> IcebergProductTable:
    """The table of another run: a session of its own, so that Iceberg's caches are not shared."""
    return IcebergProductTable(table._spark.newSession(), table.name.split(".")[1], PRODUCT)


def carry(table: IcebergProductTable, *feed_ids: str) -> Commit:
    """A snapshot without rows that carries the feeds."""
    append = table.snapshots.java_table().newAppend()
    feeds = {feed_id.rpartition("-")[0]: feed_id for feed_id in feed_ids}
    append.set(FEEDS_PROPERTY, feeds_property(feeds)).commit()
    return head_of(table)


def head_of(table: IcebergProductTable) -> Commit:
    head = table.head()
    assert head is not None
    return head


def expire(table: IcebergProductTable, commit: Commit) -> None:
    table.snapshots.java_table().expireSnapshots().expireSnapshotId(commit.snapshot_id).commit()


def roll_back(table: IcebergProductTable, to: Commit) -> None:
    table.snapshots.java_table().manageSnapshots().rollbackTo(to.snapshot_id).commit()


@contextmanager
def crossings(spark: SparkSession) -> Iterator[Callable[[], int]]:
    """Counts the calls into the JVM; those by which Python's collector frees objects do not count."""
    client: Any = spark.sparkContext._gateway._gateway_client  # type: ignore[union-attr]
    sent: list[str] = []
    send = client.send_command

    def counting(command: str, *args: Any, **kwargs: Any) -> Any:
        if not command.startswith("m\n"):
            sent.append(command)
        return send(command, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "send_command", counting)
        yield lambda: len(sent)


def test_a_feed_that_another_run_commits_is_found_at_once(
    table: IcebergProductTable, other: IcebergProductTable
) -> None:
    carry(table, "ab-1")
    assert table.find("ab-2") is None
    committed = carry(other, "ab-2", "xy-1")
    assert table.find("ab-2") == table.find("xy-1") == committed


def test_commits_of_another_run_between_two_reads_are_seen(
    table: IcebergProductTable, other: IcebergProductTable
) -> None:
    first, second = carry(table, "ab-1"), carry(table, "ab-2")
    assert table.commits("ab", first, second) == [second]
    third, _, fifth = carry(other, "ab-3"), carry(other, "xy-1"), carry(other, "ab-4")
    assert table.commits("ab", first, head_of(table)) == [second, third, fifth]
    sixth = carry(other, "ab-5")
    assert table.commits("ab", third, sixth) == [fifth, sixth]  # though nobody asked for the head
    assert table.commits("ab", first, second) == [second]


def test_what_another_run_expires_is_gone_at_the_next_look(
    table: IcebergProductTable, other: IcebergProductTable
) -> None:
    first, second = carry(table, "ab-1"), carry(table, "ab-2")
    assert table.commits("ab", first, second) == [second]
    expire(other, first)
    assert table.head() == second
    with pytest.raises(SnapshotGone, match="no longer exists"):
        table.commits("ab", first, second)
    assert table.find("ab-1") is None


def test_rows_are_never_compared_with_a_snapshot_that_has_expired(
    table: IcebergProductTable, other: IcebergProductTable
) -> None:
    first, second = carry(table, "ab-1"), carry(table, "ab-2")
    assert table.commits("ab", first, second) == [second]
    expire(other, first)
    with pytest.raises(SnapshotGone, match="no longer exists"):
        table.changes("ab", first, second)


def test_what_was_rolled_back_is_no_ancestor_though_it_is_still_there(
    table: IcebergProductTable, other: IcebergProductTable
) -> None:
    first, second = carry(table, "ab-1"), carry(table, "ab-2")
    assert table.find("ab-2") == second
    roll_back(other, first)
    assert table.head() == first
    assert table.find("ab-2") is None
    third = carry(other, "ab-3")
    assert table.commits("ab", first, third) == [third]
    with pytest.raises(SnapshotGone, match="no longer exists"):
        table.commits("ab", second, third)
    assert table.commits("ab", first, second) == [second]  # its own branch, by its parents


def test_one_reading_answers_for_all_malls_and_both_sinks(table: IcebergProductTable) -> None:
    malls = [f"m{n}" for n in range(20)]
    first = carry(table, *(f"{mall}-1" for mall in malls))
    second = carry(table, *(f"{mall}-2" for mall in malls))
    until = head_of(table)

    def a_sink(_: int) -> list[list[Commit]]:
        return [table.commits(mall, first, until) for mall in malls]

    with crossings(table._spark) as count:
        table.commits(malls[0], first, until)
        once = count()
        with ThreadPoolExecutor(2) as pool:
            told = list(pool.map(a_sink, range(2)))
        assert count() == once > 0
    assert told == [[[second]] * len(malls)] * 2


def test_sinks_that_ask_at_once_read_once(
    table: IcebergProductTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = carry(table, "ab-1"), carry(table, "ab-2")
    readings: list[Any] = []
    read = snapshots._read

    def counting(spark: SparkSession, java_table: Any) -> snapshots.History:
        readings.append(java_table)
        return read(spark, java_table)

    monkeypatch.setattr(snapshots, "_read", counting)
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: table.commits("ab", first, second), range(8)))
    assert told == [[second]] * 8
    assert len(readings) == 1


def test_a_long_history_costs_no_more_calls_than_a_short_one(table: IcebergProductTable) -> None:
    carry(table, "ab-1")

    def calls() -> int:
        with crossings(table._spark) as count:
            assert table.find("nobody-1") is None
            return count()

    short = calls()
    for n in range(2, 12):
        carry(table, f"ab-{n}")
    assert calls() <= short
