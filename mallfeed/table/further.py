"""Columns that a later release has added to a table: a load of this release leaves them null.

So this release loads on after going back to it. A MERGE names its columns and needs nothing; what
appends a frame must bring every column of the table (Spark: INCOMPATIBLE_DATA_FOR_TABLE).
"""

from __future__ import annotations

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812


def with_further_columns(frame: DataFrame, spark: SparkSession, table: str) -> DataFrame:
    """The frame and, as null, each column of the table that it does not have."""
    known = set(frame.columns)
    further = [field for field in spark.table(table).schema.fields if field.name not in known]
    return frame.select("*", *(F.lit(None).cast(f.dataType).alias(f.name) for f in further))
