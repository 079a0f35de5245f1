"""Refused rows, taken from the staged outcomes: for the table `rejects`, and as examples for reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import reduce
from typing import Any

from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.load.outcome import noted, outcome_of
from mallfeed.normalise.normalise import rejects, warnings
from mallfeed.product.codes import CODES
from mallfeed.report.build import EXAMPLES_PER_CODE
from mallfeed.table.schema import REJECT_COLUMNS, foreign_columns, table_name


class Rejects:
    """The refused rows of staged feeds."""

    def __init__(self, spark: SparkSession, database: str, lake_bucket: str) -> None:
        self._spark = spark
        self._name = table_name(database, "rejects")
        self._lake_bucket = lake_bucket

    def keep(self, feeds: Sequence[tuple[str, str]], at: datetime) -> None:
        """Replace the rows of these feeds, given as (mall id, feed id), in the table `rejects`.

        All are written in one commit; none is made if there is nothing to write or to remove. Each feed
        has its own partition, so repeating this replaces only its rows. A feed that no longer has refused
        rows (it was released with another catalog) loses those of its earlier attempt.
        """
        of_outcome: dict[str, dict[str, str]] = {}
        staged_feeds = []
        for mall, feed in feeds:
            staged = noted(self._lake_bucket, feed)
            if staged is None:
                continue
            staged_feeds.append(feed)
            if staged.counts.rejected:
                of_outcome.setdefault(staged.uri, {})[mall] = feed
        ours = F.col("feed_id").isin(*staged_feeds)
        if of_outcome:
            frames = [self._rows(uri, feed_of, at) for uri, feed_of in of_outcome.items()]
            together = reduce(lambda one, other: one.unionByName(other), frames)
            foreign = foreign_columns(self._spark, self._name, REJECT_COLUMNS)
            nulls = (F.lit(None).cast(kind).alias(name) for name, kind in foreign)
            together.select("*", *nulls).writeTo(self._name).overwrite(ours)
        elif staged_feeds and not (kept := self._spark.table(self._name)).where(ours).isEmpty():
            kept.limit(0).writeTo(self._name).overwrite(ours)

    def examples(self, feed_id: str, kind: str) -> list[dict[str, Any]]:
        """The first rows of each code, as dictionaries of row, code, field, value and raw.

        `kind` is `rejects` or `warnings`. Empty for a feed that was never staged.
        """
        outcome = outcome_of(self._spark, self._lake_bucket, feed_id)
        if outcome is None:
            return []
        problems = rejects(outcome) if kind == "rejects" else warnings(outcome)
        of_code = Window.partitionBy("code").orderBy("_pos")
        first = problems.withColumn("_nth", F.row_number().over(of_code))
        shown = first.where(F.col("_nth") <= EXAMPLES_PER_CODE).orderBy("_pos", "code")
        columns = (F.col("_row").alias("row"), "code", "field", "value", F.left("raw", F.lit(2000)))
        return [
            dict(zip(("row", "code", "field", "value", "raw"), row, strict=True))
            for row in shown.select(*columns).collect()
        ]

    def _rows(self, uri: str, feed_of: Mapping[str, str], at: datetime) -> DataFrame:
        """The refused rows of these malls (mall id → feed id) in an outcome, with REJECT_COLUMNS."""
        malls = [F.lit(item) for pair in feed_of.items() for item in pair]
        outcome = self._spark.read.parquet(uri).where(F.col("mall_id").isin(*feed_of))
        refused = rejects(outcome).withColumns(
            {
                "feed_id": F.create_map(*malls)[F.col("mall_id")],
                "row": F.col("_row"),
                "message": _meaning(),
                "rejected_at": F.lit(at),
            }
        )
        columns = [F.col(name).cast(kind).alias(name) for name, kind in REJECT_COLUMNS]
        return refused.select(*columns)


def _meaning() -> Column:
    """A column with the code's meaning in English, for people who query the table itself."""
    pairs = [F.lit(text) for code in CODES.values() for text in (code.name, code.meaning_en)]
    return F.create_map(*pairs)[F.col("code")]
