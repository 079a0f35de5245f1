"""How malls' products are distributed over prices and categories now: two small aggregations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from pyspark.sql import DataFrame, Row, SparkSession, Window
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.product.record import EXPIRED, PRODUCT
from mallfeed.report.distribution import EDGES, Counted, distribution
from mallfeed.table.schema import table_name

MOST_NAMES = 2_000
"""At most this many categories per mall are collected on the driver, the largest first."""
Distributions = dict[str, dict[str, Any]]
"""Mall id → its distribution; malls without products are missing."""


def of_malls(spark: SparkSession, database: str, mall_ids: Sequence[str]) -> Distributions:
    """The distribution of the products that these malls show (see `mallfeed.report.distribution`): those in the table
    that have not ended."""
    products = spark.table(table_name(database, PRODUCT.table)).where(F.col(EXPIRED).isNull())
    return of_products(products.where(F.col("mall_id").isin(*mall_ids)))


def of_products(products: DataFrame) -> Distributions:
    """The distribution per mall of the frame's products.

    The frame needs the columns mall_id, price, currency and category_path.
    """
    edge = F.lit(0)
    for low in EDGES[1:]:
        edge = F.when(F.col("price") >= low, low).otherwise(edge)
    prices = products.groupBy("mall_id", edge.alias("edge"), "currency").count()
    first = F.get("category_path", F.lit(0)).alias("name")
    categories = products.groupBy("mall_id", first).count()
    of_mall = Window.partitionBy("mall_id").orderBy(F.desc("count"), "name")
    ranked = categories.withColumn("rank", F.row_number().over(of_mall))
    largest = ranked.where(F.col("rank") <= MOST_NAMES)
    by_mall: dict[str, tuple[list[Row], list[Row]]] = {}
    for row in prices.collect():
        by_mall.setdefault(row["mall_id"], ([], []))[0].append(row)
    for row in largest.orderBy("mall_id", "rank").collect():
        by_mall.setdefault(row["mall_id"], ([], []))[1].append(row)
    return {mall: distribution(_counted(*rows)) for mall, rows in by_mall.items()}


def _counted(prices: list[Row], categories: list[Row]) -> Iterator[Counted]:
    edges: Counter[str] = Counter()
    currencies: Counter[str] = Counter()
    for row in prices:
        edges[str(row["edge"])] += row["count"]
        currencies[row["currency"] or "?"] += row["count"]
    yield from (("price", edge, count) for edge, count in edges.items())
    yield from (("currency", currency, count) for currency, count in currencies.items())
    yield from (("category", row["name"] or "?", row["count"]) for row in categories)
