"""Reads the raw frames that were prepared (`mallfeed.feed.raw`) with Spark."""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import DataFrame, SparkSession

from mallfeed.feed.raw import BOOKKEEPING, POSITION, RawFeed, names_in_files
from mallfeed.spark_paths import exactly


def raw_frame(spark: SparkSession, raws: Sequence[RawFeed]) -> DataFrame:
    """The rows of these feeds, which must have the same columns and types.

    Columns: the bookkeeping of `mallfeed.feed.raw`, then the mall's columns under the mall's names.
    """
    uris = [exactly(uri) for raw in raws for uri in raw.uris]
    types = frame_types(raws[0])
    in_files = zip(names_in_files(raws[0].columns), types.values(), strict=True)
    ddl = ", ".join(f"{name} {type_}" for name, type_ in in_files)
    return spark.read.schema(ddl).parquet(*uris).toDF(*types)


def frame_types(raw: RawFeed) -> dict[str, str]:
    """The columns of the raw frame, in order → Spark's names of their types."""
    bookkeeping = {POSITION: "bigint", **dict.fromkeys(BOOKKEEPING[1:], "string")}
    return bookkeeping | {column: raw.types.get(column, "string") for column in raw.columns}
