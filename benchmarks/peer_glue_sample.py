"""Peer B: a Glue job modelled on the usual samples.

    python benchmarks/peer_glue_sample.py --feed FEED.csv --mall MALL --index INDEX --opensearch URL \
        --dsn DSN --schema SCHEMA

Spark reads the CSV, a Python UDF makes each field, foreachPartition sends the rows by opensearch-py's
helpers.bulk and appends them to a table by psycopg. Prints the seconds of each step as JSON. It
shares no code with what it is compared to.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F  # noqa: N812
from pyspark.sql import types as T  # noqa: N812

BATCH = 1_000
STRING, STRINGS = T.StringType(), T.ArrayType(T.StringType())
MONEY = T.DecimalType(18, 2)
COLUMNS = (
    "mall_id", "product_id", "title", "description", "price", "list_price", "currency", "url",
    "image_url", "category_path", "category_raw", "brand", "maker", "gtin", "availability",
    "review_count", "mall_updated_at",
)  # fmt: skip


@F.udf(STRING)
def clean(text: str | None) -> str | None:
    """Entities and tags off, spaces folded."""
    if text is None:
        return None
    return " ".join(re.sub(r"<[^>]*>", " ", html.unescape(text)).split()) or None


@F.udf(MONEY)
def money(text: str | None) -> Decimal | None:
    """`12,900` as a number."""
    return None if not text else Decimal(text.replace(",", "").replace("원", ""))


@F.udf(STRINGS)
def levels(text: str | None) -> list[str] | None:
    """`가 > 나` as its levels."""
    return None if text is None else [level.strip() for level in text.split(">")]


@F.udf(STRINGS)
def tree(path: list[str] | None) -> list[str] | None:
    """가, 가>나 …"""
    return None if path is None else [">".join(path[:n]) for n in range(1, len(path) + 1)]


@F.udf(T.IntegerType())
def discount(price: Decimal | None, list_price: Decimal | None) -> int | None:
    """Whole percent."""
    if price is None or list_price is None or list_price <= price:
        return None
    return int((list_price - price) * 100 / list_price)


@F.udf(STRING)
def availability(text: str | None) -> str | None:
    """The shop's word as ours."""
    return {"판매중": "in_stock", "품절": "out_of_stock"}.get(text or "")


@F.udf(STRING)
def gtin(text: str | None) -> str | None:
    """Digits of a right length."""
    return text if text and re.fullmatch(r"\d{8}|\d{12,14}", text) else None


@F.udf(STRING)
def utc(text: str | None) -> str | None:
    """Seoul's time as UTC."""
    if not text:
        return None
    moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S") - timedelta(hours=9)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


@F.udf(T.IntegerType())
def whole(text: str | None) -> int | None:
    """A whole number."""
    return int(text) if text else None


def transformed(feed: DataFrame, mall: str) -> DataFrame:
    """The canonical columns."""
    made = feed.select(
        F.lit(mall).alias("mall_id"),
        clean("id").alias("product_id"),
        clean("title").alias("title"),
        clean("description").alias("description"),
        money("price").alias("price"),
        money("list_price").alias("list_price"),
        F.lit("KRW").alias("currency"),
        F.col("url"),
        F.col("image").alias("image_url"),
        levels("category").alias("category_path"),
        F.col("category").alias("category_raw"),
        clean("brand").alias("brand"),
        clean("maker").alias("maker"),
        gtin("gtin").alias("gtin"),
        availability("stock").alias("availability"),
        whole("reviews").alias("review_count"),
        utc("updated").alias("mall_updated_at"),
    )
    item = F.concat_ws(":", F.lit("item"), "mall_id", "product_id")
    return made.where("price > 0 AND title IS NOT NULL").select(
        *COLUMNS,
        discount("price", "list_price").alias("discount_rate"),
        tree("category_path").alias("category_tree"),
        item.alias("variant_key"),
        F.concat(F.lit("gtin:"), F.lpad("gtin", 14, "0")).alias("product_group_key"),
    )


def main() -> int:
    """Load the feed."""
    given = _arguments()
    begin = time.monotonic()
    builder = SparkSession.builder.appName("peer-glue-sample")
    spark = builder.config("spark.sql.variable.substitute", "false").getOrCreate()
    started = time.monotonic()
    feed = spark.read.option("header", True).option("escape", '"').csv(given.feed)
    products = transformed(feed, given.mall).cache()
    products.foreachPartition(_Indexer(given.opensearch, given.index))
    indexed = time.monotonic()
    products.foreachPartition(_Appender(given.dsn, given.schema))
    done = time.monotonic()
    spark.stop()
    print(
        json.dumps(
            {
                "start_s": started - begin,
                "read_and_opensearch_s": indexed - started,
                "warehouse_s": done - indexed,
            }
        )
    )
    return 0


class _Indexer:
    """Sends a partition."""

    def __init__(self, url: str, index: str) -> None:
        self._url, self._index = url, index

    def __call__(self, rows: Iterator[Row]) -> None:
        from opensearchpy import OpenSearch, helpers

        client = OpenSearch(self._url, timeout=300)
        helpers.bulk(client, (self._action(row.asDict()) for row in rows), chunk_size=BATCH)
        client.indices.refresh(index=self._index)

    def _action(self, row: dict[str, Any]) -> dict[str, Any]:
        document = {name: value for name, value in row.items() if value is not None}
        for name in ("price", "list_price"):
            if name in document:
                document[name] = float(document[name])
        return {
            "_index": self._index,
            "_id": f"{row['mall_id']}:{row['product_id']}",
            "_source": document,
        }


class _Appender:
    """Appends a partition to the table."""

    def __init__(self, dsn: str, schema: str) -> None:
        self._dsn, self._schema = dsn, schema

    def __call__(self, rows: Iterator[Row]) -> None:
        import psycopg

        places = ", ".join(["%s"] * len(COLUMNS))
        statement = f"INSERT INTO {self._schema}.products ({', '.join(COLUMNS)}) VALUES ({places})"
        with psycopg.connect(self._dsn) as connection, connection.cursor() as run:
            batch: list[tuple[Any, ...]] = []
            for row in rows:
                values = row.asDict()
                values["category_path"] = json.dumps(row["category_path"], ensure_ascii=False)
                values["mall_updated_at"] = row["mall_updated_at"].removesuffix("Z")
                batch.append(tuple(values[name] for name in COLUMNS))
                if len(batch) == BATCH:
                    run.executemany(statement, batch)
                    batch.clear()
            if batch:
                run.executemany(statement, batch)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("feed", "mall", "index", "opensearch", "dsn", "schema"):
        parser.add_argument(f"--{name}", required=True)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
