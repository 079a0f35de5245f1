"""Feeds into products on this machine, without AWS: prepared and normalised as the job does it.

It brings Spark along: only commands that look at a feed with a catalog import it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession

from mallfeed.catalog.model import Catalog
from mallfeed.errors import FeedHeld
from mallfeed.feed.drift import check_header
from mallfeed.feed.formats.parquet_types import spark_type
from mallfeed.feed.local import LocalFiles, LocalParts
from mallfeed.feed.prepare import prepare
from mallfeed.feed.raw import RawFeed
from mallfeed.feed.wanted import wanted_columns
from mallfeed.product.duplicates import with_duplicates_marked
from mallfeed.product.normalise import normalise
from mallfeed.product.projections import Projections

LONG_SQL = 200
"""Characters; shorter expressions cost a fresh parser little."""


def prepared(catalog: Catalog, feed_name: str, files: Sequence[Path], folder: Path) -> RawFeed:
    """The raw frame, in the folder. Raises FeedHeld (undecodable, drift …)."""

    def on_columns(columns: Sequence[str], types: Mapping[str, str]) -> None:
        drift = check_header(columns, types, catalog, feed_name)
        if drift is not None:
            raise FeedHeld("drift", drift.message)

    wanted = wanted_columns(catalog, feed_name)
    out = LocalParts(folder)
    return prepare(LocalFiles(files), catalog.feeds[feed_name], wanted, out, on_columns)


def write_products(
    spark: SparkSession, raw: RawFeed, catalog: Catalog, feed_name: str, folder: Path
) -> None:
    """The normalised frame with duplicates marked, as Parquet: the one thing that is Spark's."""
    products = normalise(raw_frame(spark, raw), catalog, feed_name)
    marked = with_duplicates_marked(products, catalog.feeds[feed_name].duplicates)
    marked.write.parquet(str(folder))


def raw_frame(spark: SparkSession, raw: RawFeed) -> DataFrame:
    """What preparing wrote; its schema is given, so that no job looks for it."""
    types = frame_types(raw)
    ddl = ", ".join(f"`{name.replace('`', '``')}` {type_}" for name, type_ in types.items())
    return spark.read.schema(ddl).parquet(*raw.uris)


def frame_types(raw: RawFeed) -> dict[str, str]:
    """Columns of the raw frame → Spark's names of their types."""
    schema = pq.read_schema(raw.uris[0])
    return {field.name: spark_type(field.type) for field in schema}


def expressions(raw: RawFeed, catalog: Catalog, feed_name: str) -> list[str]:
    """The SQL that normalising will parse, for a fresh Spark to get used to."""
    projections = Projections(frame_types(raw), catalog, feed_name).in_order()
    return [sql for columns in projections for sql in columns.values() if len(sql) > LONG_SQL]
