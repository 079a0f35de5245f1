"""How a mall's products spread over prices and categories now: two small aggregations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.report.distribution import EDGES, Counted, distribution
from mallfeed.table.schema import table_name

MOST_NAMES = 2_000
"""Categories brought to the driver at most, largest first."""


def of_mall(spark: SparkSession, database: str, mall_id: str) -> dict[str, Any]:
    """The distribution of the mall's products in the table (see `mallfeed.report.distribution`)."""
    products = spark.table(table_name(database, "products")).where(F.col("mall_id") == mall_id)
    return of_products(products)


def of_products(products: DataFrame) -> dict[str, Any]:
    """The distribution of these products; columns price, currency, category_path."""
    edge = F.lit(0)
    for low in EDGES[1:]:
        edge = F.when(F.col("price") >= low, low).otherwise(edge)
    prices = products.groupBy(edge.alias("edge"), "currency").count()
    categories = products.groupBy(F.get("category_path", F.lit(0)).alias("name")).count()
    largest = categories.orderBy(F.desc("count")).limit(MOST_NAMES)
    return distribution(_counted(prices.collect(), largest.collect()))


def _counted(prices: list[Row], categories: list[Row]) -> Iterator[Counted]:
    edges: Counter[str] = Counter()
    currencies: Counter[str] = Counter()
    for row in prices:
        edges[str(row["edge"])] += row["count"]
        currencies[row["currency"] or "?"] += row["count"]
    yield from (("price", edge, count) for edge, count in edges.items())
    yield from (("currency", currency, count) for currency, count in currencies.items())
    yield from (("category", row["name"] or "?", row["count"]) for row in categories)
