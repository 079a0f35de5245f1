"""The raw frame that preparing has written (`mallfeed.feed.raw`), as Spark reads it."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import DataFrame, SparkSession

from mallfeed.feed.raw import BOOKKEEPING, POSITION, RawFeed
from mallfeed.product.sql import column


def raw_frame(spark: SparkSession, raws: Sequence[RawFeed]) -> DataFrame:
    """The rows of these feeds, which have the same columns and types.

    Where all is text the schema is known: looking for it would cost a job of its own.
    """
    uris = [uri for raw in raws for uri in raw.uris]
    if raws[0].types:
        return spark.read.parquet(*uris)
    return spark.read.schema(text_schema(raws[0])).parquet(*uris)


def text_schema(raw: RawFeed) -> str:
    """The DDL of a feed whose columns are all text."""
    columns = {POSITION: "bigint", **dict.fromkeys((*BOOKKEEPING[1:], *raw.columns), "string")}
    return ", ".join(f"{column(name)} {type_}" for name, type_ in columns.items())
