"""How a mall's products spread over prices and categories now: one small aggregation."""

from __future__ import annotations

from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.report.distribution import EDGES, distribution
from mallfeed.table.schema import table_name

MOST_NAMES = 2_000
"""Categories brought to the driver at most, largest first."""


def of_mall(spark: SparkSession, database: str, mall_id: str) -> dict[str, Any]:
    """The distribution of the mall's products in the table (see `mallfeed.report.distribution`)."""
    products = spark.table(table_name(database, "products")).where(F.col("mall_id") == mall_id)
    return of_products(products)


def of_products(products: DataFrame) -> dict[str, Any]:
    """The distribution of these products; columns price, currency, category_path."""
    edges = F.array(*[F.lit(edge) for edge in EDGES])
    edge = F.array_max(F.filter(edges, lambda low: low <= F.col("price")))
    marks = F.array(
        _mark("price", F.coalesce(edge, F.lit(0)).cast("string")),
        _mark("currency", F.coalesce("currency", F.lit("?"))),
        _mark("category", F.coalesce(F.get("category_path", F.lit(0)), F.lit("?"))),
    )
    counted = products.select(F.explode(marks).alias("mark")).groupBy("mark").count()
    first = counted.orderBy(F.col("mark.kind") == "category", F.desc("count")).limit(MOST_NAMES)
    return distribution(
        (row["mark"]["kind"], row["mark"]["name"], row["count"]) for row in first.collect()
    )


def _mark(kind: str, name: Any) -> Any:
    return F.struct(F.lit(kind).alias("kind"), name.alias("name"))
