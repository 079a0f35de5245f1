"""Staging a feed with Spark: exact copy → raw frame → products → what they change.

The outcome of a feed is written once, as Parquet under its staging prefix: every row that changes
something, was refused or has a warning. Commit, sinks, rejects and report all read that.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce

from pyspark.sql import DataFrame, Observation, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.aws.staging import Staging
from mallfeed.catalog.model import Catalog, FeedSpec
from mallfeed.errors import FeedHeld
from mallfeed.feed.identity import mall_of
from mallfeed.feed.raw import BOOKKEEPING, POSITION, RawFeed
from mallfeed.ledger.model import Counts, FeedRecord
from mallfeed.load.guards import check_guards
from mallfeed.load.ports import Clock, Watch
from mallfeed.load.preparing import CatalogOf, Preparing
from mallfeed.load.rejects import Rejects
from mallfeed.load.restore import restored
from mallfeed.product.normalise import normalise
from mallfeed.product.sql import column
from mallfeed.progress.steps import COMPARE
from mallfeed.progress.watch import RunWatch
from mallfeed.table import compare as cmp
from mallfeed.table.iceberg import IcebergProductTable
from mallfeed.table.port import Staged
from mallfeed.table.schema import PRODUCT_COLUMNS

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class SparkEngine:
    """`mallfeed.load.ports.FeedEngine` on Spark and S3."""

    spark: SparkSession
    table: IcebergProductTable
    lake_bucket: str
    catalog_of: CatalogOf
    clock: Clock
    rejects: Rejects
    preparing: Preparing
    watch: Watch = field(default_factory=RunWatch)

    def stage(self, feed: FeedRecord, later_deltas: Sequence[str]) -> Staged:
        """See the port. Writes `staging/<feed_id>/a<attempt>/` and then `staged.json`."""
        if feed.rollback_to is not None:
            with self.watch.step(COMPARE, [feed.feed_id]):
                return restored(self.spark, self.table, self.lake_bucket, feed, self.clock())
        catalog = self.catalog_of(feed)
        feed_name = feed.feed_name or ""
        spec = catalog.feeds[feed_name]
        staging = Staging(self.lake_bucket, feed.feed_id)
        raw = self.preparing.of(feed)
        with self.watch.step(COMPARE, [feed.feed_id]):
            checked = normalise(self._read_frame(raw), catalog, feed_name)
            outcome, counts = self._compare(feed, spec, raw, checked, later_deltas, staging)
        changes = self._lineage(cmp.changes_of(outcome), feed, catalog)
        staging.write_json(
            "staged.json",
            {
                "attempt": feed.attempt,
                "outcome": staging.uri(f"a{feed.attempt}/outcome"),
                "counts": counts.model_dump(),
                "facts": dict(raw.facts),
                "sha256": raw.sha256,
            },
        )
        return Staged(feed.feed_id, feed.mall_id, counts, changes)

    def vouch(self, staged: Staged, feed: FeedRecord) -> None:
        """Raises FeedHeld where the catalog's guards hold the feed; it carries the counts."""
        spec = self.catalog_of(feed).feeds[feed.feed_name or ""]
        try:
            check_guards(staged.counts, spec)
        except FeedHeld as held:
            held.details["counts"] = staged.counts
            raise

    def keep_rejects(self, feed_ids: Sequence[str]) -> None:
        """See the port."""
        self.rejects.keep([(mall_of(feed_id), feed_id) for feed_id in feed_ids], self.clock())

    def counts(self, feed_id: str) -> Counts | None:
        """The counts of the feed as it was staged last; None when it never was."""
        staged = Staging(self.lake_bucket, feed_id).read_json("staged.json")
        return None if staged is None else Counts.model_validate(staged["counts"])

    def _read_frame(self, raw: RawFeed) -> DataFrame:
        """Where all is text the schema is known: looking for it would cost a job of its own."""
        if raw.types:
            return self.spark.read.parquet(*raw.uris)
        columns = {POSITION: "bigint", **dict.fromkeys((*BOOKKEEPING[1:], *raw.columns), "string")}
        ddl = ", ".join(f"{column(name)} {type_}" for name, type_ in columns.items())
        return self.spark.read.schema(ddl).parquet(*raw.uris)

    def _compare(
        self,
        feed: FeedRecord,
        spec: FeedSpec,
        raw: RawFeed,
        checked: DataFrame,
        later_deltas: Sequence[str],
        staging: Staging,
    ) -> tuple[DataFrame, Counts]:
        compared = cmp.compare(
            checked,
            self.table.ids(feed.mall_id),
            mode=spec.mode,
            on_reject=spec.on_reject,
            duplicates=spec.duplicates,
            later=self._touched(later_deltas),
        )
        seen = Observation()  # a name of its own: feeds are staged side by side
        observed = compared.observe(seen, *cmp.counted(), cmp.warned())
        uri = staging.uri(f"a{feed.attempt}/outcome")
        kept = cmp.worth_keeping(observed, spec.mode)
        kept.write.mode("overwrite").parquet(uri)
        outcome = self.spark.read.schema(kept.schema).parquet(uri)
        found = seen.get
        told = found["rejected"] or found["warned"]
        return outcome, _counts(raw, found, _codes(outcome) if told else ({}, {}))

    def _touched(self, later_deltas: Sequence[str]) -> DataFrame | None:
        """Ids that loaded later deltas speak of: column product_id."""
        frames = []
        for feed_id in later_deltas:
            staged = Staging(self.lake_bucket, feed_id).read_json("staged.json")
            if staged is None:
                raise FeedHeld(
                    "late_behind_expired",
                    f"the loaded delta {feed_id} comes after this feed, and its staged copy has "
                    "expired, so the two cannot be put in order. Drop this feed, or ask the mall "
                    "for a full one.",
                )
            outcome = self.spark.read.parquet(staged["outcome"])
            frames.append(cmp.touched(outcome))
        return reduce(lambda one, other: one.union(other), frames) if frames else None

    def _lineage(self, changes: DataFrame, feed: FeedRecord, catalog: Catalog) -> DataFrame:
        lineage = {
            "mall_id": F.lit(feed.mall_id),
            "feed_id": F.lit(feed.feed_id),
            "catalog_version": F.lit(catalog.version),
            "loaded_at": F.lit(self.clock()),
        }
        columns = [
            lineage.get(name, F.col(name)).cast(sql_type).alias(name)
            for name, sql_type in PRODUCT_COLUMNS
        ]
        return changes.select("op", *columns)


def _codes(outcome: DataFrame) -> tuple[dict[str, int], dict[str, int]]:
    """Rejects and warnings by code: refused rows count once a code, warned cells each."""
    kinds = []
    for name in ("_rejects", "_warnings"):
        codes = outcome.where(F.col(cmp.OUTCOME).isin(*cmp.FROM_THE_FEED)).select(
            F.lit(name).alias("kind"), F.explode(F.col(f"{name}.code")).alias("code")
        )
        kinds.append(codes)
    rows = kinds[0].union(kinds[1]).groupBy("kind", "code").count().collect()
    rejects = {row["code"]: row["count"] for row in rows if row["kind"] == "_rejects"}
    warnings = {row["code"]: row["count"] for row in rows if row["kind"] == "_warnings"}
    return dict(sorted(rejects.items())), dict(sorted(warnings.items()))


def _counts(
    raw: RawFeed, seen: dict[str, int], codes: tuple[dict[str, int], dict[str, int]]
) -> Counts:
    counts = Counts(
        rows_read=raw.rows,
        accepted=seen["accepted"] or 0,
        rejected=seen["rejected"] or 0,
        duplicates=seen["duplicates"] or 0,
        deletes=seen["deletes"] or 0,
        changed=seen["changed"] or 0,
        vanished=seen["vanished"] or 0,
        vanished_by_reject=seen["vanished_by_reject"] or 0,
        products_before=seen["products_before"] or 0,
        warnings=sum(codes[1].values()),
        reject_codes=codes[0],
        warning_codes=codes[1],
    )
    told = counts.accepted + counts.rejected + counts.duplicates + counts.deletes
    if told != raw.rows:
        raise RuntimeError(f"{raw.rows} rows were read but {told} are accounted for: {counts}")
    return counts
