"""Joins the tables that a catalog looks values up in to the raw frame, before anything is read of it.

A table goes to every executor, and each key stands in it once, so a row stays where it is and stays one row.
"""

from __future__ import annotations

from collections.abc import Sequence

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.catalog.model import Catalog
from mallfeed.errors import Terminal
from mallfeed.kinds.lookup import LookupType, key_of
from mallfeed.kinds.sources import OURS, Sources
from mallfeed.kinds.sql.pieces import column

_KEY, _VALUE, _SOUGHT = f"{OURS}key", f"{OURS}value", f"{OURS}sought"


def lookups(catalog: Catalog, feed_name: str) -> tuple[LookupType, ...]:
    """What the feed's fields and attributes look up."""
    types = (*catalog.fields_of(feed_name).values(), *catalog.attributes_of(feed_name).values())
    return tuple(one for one in types if isinstance(one, LookupType))


def with_lookups(
    frame: DataFrame, looked_up: Sequence[LookupType], catalog: Catalog, sources: Sources
) -> DataFrame:
    """The raw frame with one column for each value that is looked up; null where the table lacks the key.

    `sources` are those of the frame, under its own names.
    """
    wanted = {one.column: one for one in looked_up}
    for name_of_column, one in wanted.items():
        names = [column(name) for name in frame.columns]
        sought = frame.withColumn(_SOUGHT, F.expr(key_of(one, sources)))
        small = F.broadcast(_pairs(frame.sparkSession, catalog, one))
        found = sought.join(small, F.expr(f"{column(_SOUGHT)} = {column(_KEY)}"), "left")
        frame = found.selectExpr(*names, f"{column(_VALUE)} as {column(name_of_column)}")
    return frame


def _pairs(spark: SparkSession, catalog: Catalog, one: LookupType) -> DataFrame:
    table = catalog.tables.get(one.table_name)
    if table is None:
        raise Terminal(
            f"{catalog.mall} v{catalog.version} looks values up in {one.table_name}.csv, which was not read with it"
        )
    return spark.createDataFrame(
        table.pairs(one.key, one.value), f"`{_KEY}` string, `{_VALUE}` string"
    )
