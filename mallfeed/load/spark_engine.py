"""Stages a feed with Spark: exact copy → raw frame → products → changes.

The outcome of a feed is written once, as Parquet under its staging prefix: every row that changes
something, was refused or has a warning. Commit, sinks, rejects and report all read from there.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce

from pyspark.sql import DataFrame, Observation, SparkSession

from mallfeed.catalog.model import FeedSpec
from mallfeed.errors import FeedHeld
from mallfeed.feed.raw import RawFeed
from mallfeed.ledger.identity import mall_of
from mallfeed.ledger.model import FeedRecord
from mallfeed.load.guards import check_guards
from mallfeed.load.outcome import NO_CODES, codes, counts_of, note, noted, outcome_of
from mallfeed.load.outcome import changes as changes_in
from mallfeed.load.ports import Clock, Watch
from mallfeed.load.preparing import CatalogOf, Preparing
from mallfeed.load.raw_frame import raw_frame
from mallfeed.load.rejects import Rejects
from mallfeed.load.restore import restored
from mallfeed.load.small_feeds import Small, Together, is_small
from mallfeed.load.staging import Staging, outcome_name
from mallfeed.normalise.normalise import normalise
from mallfeed.progress.steps import COMPARE
from mallfeed.progress.watch import RunWatch
from mallfeed.table import compare as cmp
from mallfeed.table.counts import Counts
from mallfeed.table.iceberg import IcebergProductTable
from mallfeed.table.port import Staged

LOG = logging.getLogger(__name__)

THIN_FROM, THIN_UP_TO = 50_000, 4_000_000
"""Rows of the feed and products of the mall between which rows are thinned before the shuffle (see
`mallfeed.table.compare.thinned`): with fewer rows it does not pay, more products do not fit into memory."""


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
    _ahead: dict[str, Staged] = field(default_factory=dict)
    _clean: set[str] = field(default_factory=set)

    def ahead(self, feeds: Sequence[tuple[FeedRecord, Sequence[str]]]) -> None:
        """See the port: small feeds are staged together."""
        try:
            ready = [
                Small(feed, self.catalog_of(feed), raw)
                for feed, later_deltas in feeds
                if is_small(feed, later_deltas) and (raw := self.preparing.ready(feed)) is not None
            ]
            if len(ready) > 1:
                together = Together(self.spark, self.table, self.lake_bucket, self.clock)
                with self.watch.step(COMPARE, [small.feed.feed_id for small in ready]):
                    self._ahead.update(together.stage(ready))
        except Exception:
            LOG.exception("staging small feeds together failed; each is staged by itself")

    def stage(self, feed: FeedRecord, later_deltas: Sequence[str]) -> Staged:
        """See the port. Writes `staging/<feed_id>/a<attempt>/`, and then `staged.json`."""
        staged = self._ahead.pop(feed.feed_id, None) or self._stage(feed, later_deltas)
        # Before a first attempt there are no rejects to replace, so `keep_rejects` can skip the feed.
        if not staged.counts.rejected and feed.attempt <= 1:
            self._clean.add(feed.feed_id)
        return staged

    def _stage(self, feed: FeedRecord, later_deltas: Sequence[str]) -> Staged:
        if feed.rollback_to is not None:
            with self.watch.step(COMPARE, [feed.feed_id]):
                return restored(self.spark, self.table, self.lake_bucket, feed, self.clock())
        catalog = self.catalog_of(feed)
        feed_name = feed.feed_name or ""
        spec = catalog.feeds[feed_name]
        raw = self.preparing.of(feed)
        with self.watch.step(COMPARE, [feed.feed_id]):
            checked = normalise(raw_frame(self.spark, [raw]), catalog, feed_name, self.table.record)
            staged_rows = self._compare(feed, spec, raw, checked, later_deltas)
        uri, outcome, counts = staged_rows
        note(self.lake_bucket, feed, uri, counts, raw)
        versions = {feed.feed_id: catalog.version}
        changes = changes_in(outcome, self.table.record, versions, self.clock())
        return Staged(feed.feed_id, feed.mall_id, counts, changes)

    def vouch(self, staged: Staged, feed: FeedRecord) -> None:
        """Raises FeedHeld, with the counts in its details, if a guard of the catalog holds the feed."""
        catalog = self.catalog_of(feed)
        spec = catalog.feeds[feed.feed_name or ""]
        try:
            check_guards(staged.counts, spec, catalog.currency)
        except FeedHeld as held:
            held.details["counts"] = staged.counts
            raise

    def keep_rejects(self, feed_ids: Sequence[str]) -> None:
        """See the port."""
        kept = [feed_id for feed_id in feed_ids if feed_id not in self._clean]
        self.rejects.keep([(mall_of(feed_id), feed_id) for feed_id in kept], self.clock())

    def counts(self, feed_id: str) -> Counts | None:
        """The counts of the feed when it was last staged; None if it never was."""
        staged = noted(self.lake_bucket, feed_id)
        return None if staged is None else staged.counts

    def _compare(
        self,
        feed: FeedRecord,
        spec: FeedSpec,
        raw: RawFeed,
        checked: DataFrame,
        later_deltas: Sequence[str],
    ) -> tuple[str, DataFrame, Counts]:
        """The URI of the outcome, the outcome, and its counts."""
        table = self.table.ids(feed.mall_id)
        if raw.rows >= THIN_FROM and 0 < self.table.size(feed.mall_id, THIN_UP_TO) <= THIN_UP_TO:
            checked = cmp.thinned(checked, table, self.table.record)
        compared = cmp.compare(
            checked,
            table,
            self.table.record,
            mode=spec.mode,
            on_reject=spec.on_reject,
            duplicates=spec.duplicates,
            later=self._touched(later_deltas),
        )
        observation = Observation()  # unnamed, hence unique: feeds are staged concurrently
        observed = compared.observe(
            observation, *cmp.counted(), *cmp.repeated(self.table.record), cmp.warned()
        )
        uri = Staging(self.lake_bucket, feed.feed_id).uri(outcome_name(feed.attempt))
        kept = cmp.worth_keeping(observed, spec.mode)
        kept.write.mode("overwrite").parquet(uri)
        outcome = self.spark.read.schema(kept.schema).parquet(uri)
        seen = observation.get
        has_problems = seen["rejected"] or seen["warned"] or seen["dropped"]
        of_codes = codes(outcome).get(feed.mall_id, NO_CODES) if has_problems else NO_CODES
        return uri, outcome, counts_of(raw, seen, of_codes)

    def _touched(self, later_deltas: Sequence[str]) -> DataFrame | None:
        """The products that later, already loaded deltas touch; columns mall_id, product_id.

        None if there are no such deltas. Raises FeedHeld `late_behind_expired`.
        """
        frames = []
        for feed_id in later_deltas:
            outcome = outcome_of(self.spark, self.lake_bucket, feed_id)
            if outcome is None:
                raise FeedHeld(
                    "late_behind_expired",
                    f"the loaded delta {feed_id} comes after this feed, and its staged copy has "
                    "expired, so the two cannot be put in order. Drop this feed, or ask the mall "
                    "for a full one.",
                )
            frames.append(cmp.touched(outcome, self.table.record))
        return reduce(lambda one, other: one.union(other), frames) if frames else None
