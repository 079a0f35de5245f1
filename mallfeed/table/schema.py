"""Creates the Iceberg tables of a record and its rejects, and adds the columns of a new release."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence

from pyspark.sql import SparkSession

from mallfeed.product.record import Columns, Record
from mallfeed.table.growth import Difference, Wanted, growth, refuse

LOG = logging.getLogger(__name__)

CATALOG = "lake"
"""Name of the Spark catalog that the job's `--conf` configures (GlueCatalog over S3FileIO)."""

REJECT_COLUMNS: Columns = (
    ("mall_id", "string"),
    ("feed_id", "string"),
    ("row", "string"),
    ("code", "string"),
    ("field", "string"),
    ("value", "string"),
    ("message", "string"),
    ("raw", "string"),
    ("rejected_at", "timestamp"),
)
"""One row per reject code of a refused row; key (feed_id, row, code, field)."""

_PRODUCT_PROPERTIES = {
    "format-version": "2",
    # A day's changes touch few rows in many files: write delete files; nightly maintenance compacts.
    "write.merge.mode": "merge-on-read",
    "write.delete.mode": "merge-on-read",
    "write.update.mode": "merge-on-read",
    "write.distribution-mode": "none",
    "write.merge.distribution-mode": "none",
    "write.spark.fanout.enabled": "true",
    "write.parquet.compression-codec": "zstd",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "50",
    "commit.retry.num-retries": "10",
    # Only maintenance expires snapshots, because it knows the cursors: keep other engines from doing it.
    "history.expire.max-snapshot-age-ms": str(365 * 24 * 3600 * 1000),
}


def table_name(database: str, table: str) -> str:
    """`lake.<database>.<table>`, as Spark SQL names it."""
    return f"{CATALOG}.{database}.{table}"


def ensure_tables(spark: SparkSession, database: str, record: Record) -> None:
    """Create the record's table and `rejects` if they are missing, and add the columns that they lack.

    Added columns are null in existing rows. Columns that a later release has added are left alone.
    Raises SchemaDiffers, before the table is changed, if a column has another type or was dropped.
    """
    spark.sql(f"CREATE NAMESPACE IF NOT EXISTS {CATALOG}.{database}")
    _ensure(spark, table_name(database, record.table), record.columns, "mall_id", record.addable)
    _ensure(spark, table_name(database, "rejects"), REJECT_COLUMNS, "mall_id, feed_id")


def columns_of(spark: SparkSession, name: str) -> Columns:
    """The names and Spark SQL types of the columns that a table has now."""
    schema = spark.read.format("iceberg").load(name).schema
    return tuple((field.name, field.dataType.simpleString()) for field in schema.fields)


def foreign_columns(spark: SparkSession, name: str, ours: Columns) -> Columns:
    """Columns that a later release has added; rows written by this release are null there."""
    own = {column for column, _ in ours}
    return tuple(one for one in columns_of(spark, name) if one[0] not in own)


def _ensure(
    spark: SparkSession, name: str, columns: Columns, partition: str, added: Collection[str] = ()
) -> None:
    if spark.catalog.tableExists(name):
        _grow(spark, name, columns, added)
    else:
        _create(spark, name, columns, partition)


def _grow(spark: SparkSession, name: str, columns: Columns, added: Collection[str]) -> None:
    missing = _missing(spark, name, columns, added)
    if not missing:
        return
    LOG.info("%s: adding columns %s", name, ", ".join(column.name for column in missing))
    listed = ", ".join(f"`{column.name}` {column.type}" for column in missing)
    try:
        spark.sql(f"ALTER TABLE {name} ADD COLUMNS ({listed})")
    except Exception:
        # Another run of this release may have added them at the same time.
        if _missing(spark, name, columns, added):
            raise


def _missing(
    spark: SparkSession, name: str, columns: Columns, added: Collection[str]
) -> tuple[Wanted, ...]:
    wanted = (Wanted(column, kind, addable=column in added) for column, kind in columns)
    found = growth(name, wanted, dict(columns_of(spark, name)))
    refuse([found], _what_to_do)
    return found.add


def _what_to_do(differences: Sequence[Difference]) -> str:
    return (
        "Columns of a table never change their type and are never dropped: restore them, or use the "
        "release that changed them. A field whose type changes becomes a new field under a new name "
        "(docs/decisions/schema-growth.md)"
    )


def _create(spark: SparkSession, name: str, columns: Columns, partition: str) -> None:
    listed = ", ".join(f"`{column}` {sql_type}" for column, sql_type in columns)
    properties = ", ".join(f"'{key}'='{value}'" for key, value in _PRODUCT_PROPERTIES.items())
    spark.sql(
        f"CREATE TABLE IF NOT EXISTS {name} ({listed}) USING iceberg "
        f"PARTITIONED BY ({partition}) TBLPROPERTIES ({properties})"
    )
