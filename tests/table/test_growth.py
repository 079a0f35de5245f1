"""A release that adds a field, on tables of the previous release; and the previous release on tables that have grown."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.kinds.field import CanonicalField
from mallfeed.normalise.content_hash import content_hash
from mallfeed.product.record import PRODUCT, Record
from mallfeed.table.counts import Counts
from mallfeed.table.growth import SchemaDiffers
from mallfeed.table.iceberg import IcebergProductTable
from mallfeed.table.port import Staged
from mallfeed.table.schema import columns_of, ensure_tables

LABEL = CanonicalField("energy_label", "text", max_length=20)
WEIGHTS = CanonicalField("weights", "list_text")
NEXT = replace(PRODUCT, fields=(*PRODUCT.fields, LABEL))
_NUMBERS = itertools.count(1)


@pytest.fixture
def database() -> str:
    return f"grown{next(_NUMBERS)}"


def load(
    table: IcebergProductTable,
    feed_id: str,
    *rows: tuple[str, str, str, str | None],
    before: int = 0,
) -> None:
    """Commit (op, product id, content hash, energy label): the label only where the release knows it."""
    known = {"op": 0, "product_id": 1, "content_hash": 2, "energy_label": 3}
    small = table._spark.createDataFrame(
        list(rows), ", ".join(f"{name} string" for name in known)
    ).withColumn("mall_id", F.lit("a_mall"))
    columns = [
        (F.col(name) if name in small.columns else F.lit(None)).cast(kind).alias(name)
        for name, kind in table.record.columns
    ]
    changed = Counts(changed=len(rows), products_before=before)
    table.commit([Staged(feed_id, "a_mall", changed, small.select("op", *columns))])


def held(table: IcebergProductTable) -> dict[str, tuple[str, str | None]]:
    """Product id → hash and energy label."""
    frame = table._spark.read.format("iceberg").load(table.name)
    return {
        row["product_id"]: (row["content_hash"], row.asDict().get("energy_label"))
        for row in frame.collect()
    }


def test_a_table_grows_by_the_fields_that_a_release_adds(
    spark: SparkSession, database: str
) -> None:
    before = IcebergProductTable(spark, database, PRODUCT)
    load(before, "a_mall-1", ("U", "p", "h1", None), ("U", "q", "h2", None))
    snapshot = before.head()

    after = IcebergProductTable(spark, database, NEXT)
    assert after.head() == snapshot, "growing is no commit: no cursor sees anything"
    assert columns_of(spark, after.name)[-1] == ("energy_label", "string")
    assert snapshot is not None
    (whole,) = after.contents("a_mall", snapshot).frame.select("energy_label").distinct().collect()
    assert whole["energy_label"] is None, "a snapshot of before reads null"

    load(after, "a_mall-2", ("U", "q", "h3", "A"), ("U", "r", "h4", "B"), before=2)
    assert held(after) == {"p": ("h1", None), "q": ("h3", "A"), "r": ("h4", "B")}
    head = after.head()
    assert head is not None
    changed = after.changes("a_mall", snapshot, head).frame.select(
        "op", "product_id", "energy_label"
    )
    assert {tuple(row) for row in changed.collect()} == {("U", "q", "A"), ("U", "r", "B")}


def test_the_previous_release_loads_into_a_table_that_has_grown(
    spark: SparkSession, database: str
) -> None:
    after = IcebergProductTable(spark, database, NEXT)
    load(after, "a_mall-1", *(("U", name, f"h{name}", "A") for name in "pqr"))

    before = IcebergProductTable(spark, database, PRODUCT)
    assert ("energy_label", "string") in columns_of(spark, before.name), "it is left alone"
    load(before, "a_mall-2", ("U", "q", "new", None), ("D", "r", "hr", None), before=3)
    load(before, "b_mall-1", ("U", "s", "hs", None))
    assert held(before) == {"p": ("hp", "A"), "q": ("new", None), "s": ("hs", None)}


def test_going_back_to_a_snapshot_of_before_the_growth(spark: SparkSession, database: str) -> None:
    before = IcebergProductTable(spark, database, PRODUCT)
    load(before, "a_mall-1", ("U", "p", "h1", None))
    then = before.head()
    after = IcebergProductTable(spark, database, NEXT)
    load(after, "a_mall-2", ("U", "p", "h2", "A"), before=1)
    assert then is not None
    (row,) = after.restoring("a_mall", then.snapshot_id).collect()
    assert (row["op"], row["content_hash"], row["energy_label"]) == ("U", "h1", None)


def test_two_runs_may_grow_a_table_at_once(
    spark: SparkSession, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    IcebergProductTable(spark, database, PRODUCT)
    sql = spark.sql

    def slower(statement: str, *rest: Any) -> Any:
        if statement.startswith("ALTER TABLE"):
            sql(statement)  # the other run was faster
        return sql(statement, *rest)

    monkeypatch.setattr(spark, "sql", slower)
    grown = IcebergProductTable(spark, database, NEXT)
    assert columns_of(spark, grown.name)[-1] == ("energy_label", "string")


@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        ("ALTER TABLE {} DROP COLUMN brand", "column brand is gone, expected string"),
        (
            "ALTER TABLE {} ALTER COLUMN review_count TYPE bigint",
            "column review_count is bigint, expected int",
        ),
    ],
)
def test_what_is_not_growth_is_refused(
    spark: SparkSession, database: str, statement: str, complaint: str
) -> None:
    name = IcebergProductTable(spark, database, PRODUCT).name
    spark.sql(statement.format(name))
    with pytest.raises(SchemaDiffers, match=f"{name}: {complaint}. Nothing was written"):
        ensure_tables(spark, database, NEXT)
    assert "energy_label" not in dict(columns_of(spark, name)), "nothing was written"


def hashed(spark: SparkSession, record: Record, **values: str) -> str:
    sql = content_hash({"title": "'a'", **values}, record, with_updated_at=True)
    (row,) = spark.range(1).selectExpr(f"{sql} as hash").collect()
    return str(row["hash"])


def test_a_product_without_the_new_field_keeps_its_hash(spark: SparkSession) -> None:
    later = replace(NEXT, fields=(*NEXT.fields, WEIGHTS))
    before = hashed(spark, PRODUCT)
    assert hashed(spark, NEXT) == hashed(spark, NEXT, energy_label="null") == before
    with_label = hashed(spark, NEXT, energy_label="'A'")
    assert with_label != before
    assert hashed(spark, later, energy_label="'A'", weights="null") == with_label
    apart = {
        hashed(spark, later, energy_label="'A'", weights="array('1', '2')"),
        hashed(spark, later, energy_label="'A'", weights="array('1')"),
        hashed(spark, later, weights="array('A')"),
        hashed(spark, later, energy_label="''"),
        with_label,
        before,
    }
    assert len(apart) == 6
