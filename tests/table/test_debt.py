"""Compaction by debt: it is paid when it is due, gives way to the mall's next feed, and changes no product.

All but the first of each is among the longer proofs (`make operations-test`).
"""

from __future__ import annotations

import itertools

import pytest
from pyspark.sql import SparkSession

import mallfeed.maintain.debts as paying
from mallfeed.maintain.debts import compact_debts
from mallfeed.product.record import PRODUCT
from mallfeed.table.debt import debts
from mallfeed.table.iceberg import IcebergProductTable
from tests.table.test_product_table import staged, told
from tests.table.test_tidy import WhenPlanned, loaded

pytestmark = pytest.mark.spark


@pytest.fixture
def due_at_four(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paying, "DUE", 4)
    monkeypatch.setattr(paying, "OVERDUE", 16)
    monkeypatch.setattr(paying, "_LOOK_EVERY_S", 0.05)


@pytest.fixture(scope="module")
def when_planned(spark: SparkSession) -> WhenPlanned:
    return WhenPlanned(spark)


@pytest.fixture
def table(spark: SparkSession, request: pytest.FixtureRequest) -> IcebergProductTable:
    """Mall `ab` has gathered the files of five changes, `xy` those of one."""
    database = f"debt_{abs(hash(request.node.name)) % 10**9}"
    table = loaded(spark, database, "ab", times=5)
    table.commit([staged(table, "xy-0", ("U", "1", "x"))])
    return table


def database_of(table: IcebergProductTable) -> str:
    return table.name.split(".")[1]


def products(table: IcebergProductTable, mall: str) -> set[tuple[str, ...]]:
    head = table.head()
    assert head is not None
    return told(table.contents(mall, head))


def nobody(_mall: str) -> bool:
    return False


def test_a_debt_counts_what_a_reading_opens(
    spark: SparkSession, table: IcebergProductTable
) -> None:
    (of_ab,) = debts(spark, table.name, ["ab"]).values()
    (of_xy,) = debts(spark, table.name, ["xy"]).values()
    assert of_ab.data_files >= 5
    assert of_ab.delete_files >= 4
    assert of_ab.files > of_xy.files == 0
    assert debts(spark, table.name, ["ab", "xy", "no"]) == {"ab": of_ab, "xy": of_xy}
    assert debts(spark, table.name, ["a"]) == {}, "a mall of its own, not the beginning of one"


@pytest.mark.usefixtures("due_at_four")
def test_what_is_due_is_rewritten_and_says_the_same(
    spark: SparkSession, table: IcebergProductTable
) -> None:
    before = {mall: products(table, mall) for mall in ("ab", "xy")}
    xy_files = debts(spark, table.name, ["xy"])
    fewer = compact_debts(spark, database_of(table), ["ab", "xy"], nobody)
    assert list(fewer) == ["ab"]
    assert fewer["ab"] >= 4
    assert debts(spark, table.name, ["ab"])["ab"].files == 0
    assert debts(spark, table.name, ["xy"]) == xy_files
    assert {mall: products(table, mall) for mall in ("ab", "xy")} == before
    assert compact_debts(spark, database_of(table), ["ab", "xy"], nobody) == {}
    deletes = spark.table(f"{table.name}.delete_files").where("partition.mall_id = 'ab'")
    assert deletes.count() == 0, "nothing is left of what deleted rows"


@pytest.mark.operations
@pytest.mark.usefixtures("due_at_four")
def test_a_mall_whose_next_feed_waits_is_left(
    spark: SparkSession, table: IcebergProductTable
) -> None:
    before = debts(spark, table.name, ["ab"])
    assert compact_debts(spark, database_of(table), ["ab"], lambda mall: mall == "ab") == {}
    assert debts(spark, table.name, ["ab"]) == before


@pytest.mark.operations
@pytest.mark.usefixtures("due_at_four")
def test_a_feed_that_comes_in_the_meantime_interrupts_the_rewrite(
    spark: SparkSession, table: IcebergProductTable
) -> None:
    before = debts(spark, table.name, ["ab"]), products(table, "ab")
    asked = iter([False])
    with paying._giving_way(spark, "ab", lambda _: next(asked, True), True) as interrupted:
        interrupted.wait(30)
        with pytest.raises(Exception, match=r"(?i)cancel"):  # though it began later
            _for_long(spark)
    assert interrupted.is_set()
    assert (debts(spark, table.name, ["ab"]), products(table, "ab")) == before


def _for_long(spark: SparkSession) -> None:
    for _ in range(1_000):
        spark.range(3_000_000).selectExpr("sum(id % 7)").collect()


@pytest.mark.usefixtures("due_at_four")
def test_a_feed_that_commits_in_the_meantime_wins(
    spark: SparkSession, table: IcebergProductTable, when_planned: WhenPlanned
) -> None:
    change = staged(table, "ab-late", ("U", "1", "late"), before=2)

    asked = itertools.count()

    def waits(_mall: str) -> bool:
        if next(asked) == 0:  # just before the rewrite begins
            when_planned.do = lambda: table.commit([change])
        return False

    assert compact_debts(spark, database_of(table), ["ab"], waits) == {}
    assert ("U", "1", "late") in products(table, "ab")


@pytest.mark.operations
def test_an_overdue_debt_is_paid_before_the_next_feed(
    spark: SparkSession, table: IcebergProductTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paying, "DUE", 2)
    monkeypatch.setattr(paying, "OVERDUE", 4)
    assert set(compact_debts(spark, database_of(table), ["ab"], lambda _: True)) == {"ab"}


@pytest.mark.operations
@pytest.mark.usefixtures("due_at_four")
def test_what_stands_beside_the_products_is_compacted_with_them(
    spark: SparkSession, table: IcebergProductTable
) -> None:
    rows = spark.table(table.name).where("mall_id = 'ab'")
    for n in range(6):
        beside = rows.selectExpr("concat(mall_id, '+fix') as mall_id", *rows.columns[1:])
        assert rows.columns[0] == "mall_id", n
        beside.writeTo(table.name).append()
    assert set(compact_debts(spark, database_of(table), ["ab"], nobody)) == {"ab", "ab+fix"}


def test_a_debt_that_cannot_be_looked_at_fails_nobody(spark: SparkSession) -> None:
    assert PRODUCT.table
    assert compact_debts(spark, "no_such_database", ["ab"], nobody) == {}
