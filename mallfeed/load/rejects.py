"""Refused rows, out of the staged outcomes: into the table `rejects`, and as examples."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from typing import Any

from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.aws.staging import Staging
from mallfeed.product.codes import CODES
from mallfeed.product.normalise import rejects, warnings
from mallfeed.report.build import EXAMPLES_A_CODE
from mallfeed.table.schema import REJECT_COLUMNS, table_name


class Rejects:
    """The refused rows of staged feeds."""

    def __init__(self, spark: SparkSession, database: str, lake_bucket: str) -> None:
        self._spark = spark
        self._name = table_name(database, "rejects")
        self._lake_bucket = lake_bucket

    def keep(self, feeds: Sequence[tuple[str, str]], at: datetime) -> None:
        """Replace the rows of these feeds, (mall id, feed id) each, in the table `rejects`.

        One commit for all. Each feed is a partition of its own, so that a repetition replaces
        just its rows.
        """
        frames = [self._rows(mall, feed, at) for mall, feed in feeds if self._any(feed)]
        if not frames:
            return
        together = reduce(lambda one, other: one.unionByName(other), frames)
        ours = F.col("feed_id").isin(*[feed for _, feed in feeds])
        together.writeTo(self._name).overwrite(ours)

    def examples(self, feed_id: str, kind: str) -> list[dict[str, Any]]:
        """The first rows of each code: row, code, field, value, raw; `kind` rejects or warnings."""
        outcome = self._outcome(feed_id)
        if outcome is None:
            return []
        told = rejects(outcome) if kind == "rejects" else warnings(outcome)
        of_code = Window.partitionBy("code").orderBy("_pos")
        first = told.withColumn("_nth", F.row_number().over(of_code))
        shown = first.where(F.col("_nth") <= EXAMPLES_A_CODE).orderBy("_pos", "code")
        columns = (F.col("_row").alias("row"), "code", "field", "value", F.left("raw", F.lit(2000)))
        return [
            dict(zip(("row", "code", "field", "value", "raw"), row, strict=True))
            for row in shown.select(*columns).collect()
        ]

    def _any(self, feed_id: str) -> bool:
        staged = Staging(self._lake_bucket, feed_id).read_json("staged.json")
        return staged is not None and staged["counts"]["rejected"] > 0

    def _outcome(self, feed_id: str) -> DataFrame | None:
        staged = Staging(self._lake_bucket, feed_id).read_json("staged.json")
        return None if staged is None else self._spark.read.parquet(staged["outcome"])

    def _rows(self, mall_id: str, feed_id: str, at: datetime) -> DataFrame:
        outcome = self._outcome(feed_id)
        assert outcome is not None, f"{feed_id} was staged"
        told = rejects(outcome).withColumns(
            {
                "mall_id": F.lit(mall_id),
                "feed_id": F.lit(feed_id),
                "row": F.col("_row"),
                "message": _meaning(),
                "rejected_at": F.lit(at),
            }
        )
        return told.select(*[F.col(name).cast(kind).alias(name) for name, kind in REJECT_COLUMNS])


def _meaning() -> Column:
    """The code's meaning in English, for those who read the table itself."""
    pairs = [F.lit(text) for code in CODES.values() for text in (code.name, code.meaning_en)]
    return F.create_map(*pairs)[F.col("code")]
