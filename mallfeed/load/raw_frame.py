"""The raw frame that preparing has written (`mallfeed.feed.raw`), as Spark reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pyspark.sql import DataFrame, SparkSession

from mallfeed.feed.raw import BOOKKEEPING, POSITION, RawFeed
from mallfeed.kinds.sql.pieces import column


def raw_frame(
    spark: SparkSession, raws: Sequence[RawFeed], types: Mapping[str, str] | None = None
) -> DataFrame:
    """The rows of these feeds, which have the same columns and types.

    `types` is column → Spark's name of its type, for one who has looked already. Where all is text
    they are known; where neither holds, Spark looks for them in a job of its own.
    """
    uris = [uri for raw in raws for uri in raw.uris]
    known = types or (None if raws[0].types else _all_text(raws[0]))
    if known is None:
        return spark.read.parquet(*uris)
    ddl = ", ".join(f"{column(name)} {type_}" for name, type_ in known.items())
    return spark.read.schema(ddl).parquet(*uris)


def _all_text(raw: RawFeed) -> dict[str, str]:
    return {POSITION: "bigint", **dict.fromkeys((*BOOKKEEPING[1:], *raw.columns), "string")}
