"""Schemas of the Iceberg tables `products` and `rejects`, derived from the canonical fields."""

from __future__ import annotations

from pyspark.sql import SparkSession

from mallfeed.product.fields import LINEAGE_COLUMNS, PRODUCT_FIELDS

CATALOG = "lake"
"""Name of the Spark catalog that the job's `--conf` configures (GlueCatalog over S3FileIO)."""

PRODUCT_COLUMNS: tuple[tuple[str, str], ...] = (
    ("mall_id", "string"),
    *((field.name, field.sql_type) for field in PRODUCT_FIELDS),
    *LINEAGE_COLUMNS,
)
"""Columns of the product table in order; key (mall_id, product_id)."""

REJECT_COLUMNS: tuple[tuple[str, str], ...] = (
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
"""One row a reject code of a refused row; key (feed_id, row, code, field)."""

_PRODUCT_PROPERTIES = {
    "format-version": "2",
    # A day's changes touch few rows of many files: write delete files, compaction is maintain's.
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
    # Expiry is maintain's alone: it knows the cursors. Never let another engine expire by default.
    "history.expire.max-snapshot-age-ms": str(365 * 24 * 3600 * 1000),
}


def table_name(database: str, table: str) -> str:
    """`lake.<database>.<table>`, as Spark SQL names it."""
    return f"{CATALOG}.{database}.{table}"


def create_tables(spark: SparkSession, database: str) -> None:
    """Create `products` and `rejects` where they are missing; does nothing to existing ones."""
    spark.sql(f"CREATE NAMESPACE IF NOT EXISTS {CATALOG}.{database}")
    _create(spark, table_name(database, "products"), PRODUCT_COLUMNS, "mall_id")
    _create(spark, table_name(database, "rejects"), REJECT_COLUMNS, "mall_id, feed_id")


def _create(
    spark: SparkSession, name: str, columns: tuple[tuple[str, str], ...], partition: str
) -> None:
    if spark.catalog.tableExists(name):
        return
    listed = ", ".join(f"`{column}` {sql_type}" for column, sql_type in columns)
    properties = ", ".join(f"'{key}'='{value}'" for key, value in _PRODUCT_PROPERTIES.items())
    spark.sql(
        f"CREATE TABLE IF NOT EXISTS {name} ({listed}) USING iceberg "
        f"PARTITIONED BY ({partition}) TBLPROPERTIES ({properties})"
    )
