"""Stages a feed with Spark: exact copy → raw frame → products → changes.

The outcome of a feed is written once, as Parquet under its staging prefix: every row that changes
something, was refused or has a warning. Commit, sinks, rejects and report all read from there.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import reduce

from pyspark.sql import DataFrame, Observation, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.catalog.feed_spec import FeedSpec
from mallfeed.catalog.model import Catalog
from mallfeed.errors import CatalogInvalid, FeedHeld
from mallfeed.feed.raw import RawFeed
from mallfeed.ledger.identity import mall_of
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.neighbours import Neighbours
from mallfeed.load.due import Due
from mallfeed.load.few_rows import few_rows
from mallfeed.load.guards import check_guards
from mallfeed.load.named_slices import named_slices
from mallfeed.load.outcome import NO_CODES, codes, counts_of, note, noted, outcome_of
from mallfeed.load.outcome import changes as changes_in
from mallfeed.load.ports import Clock, Watch
from mallfeed.load.preparing import CatalogOf, Preparing, VersionsOf, no_versions
from mallfeed.load.raw_frame import raw_frame
from mallfeed.load.rejects import Rejects
from mallfeed.load.restore import emptied, restored
from mallfeed.load.silence import first_of, first_silence, silence_of, with_own
from mallfeed.load.small_feeds import Small, Together, is_small, place_of
from mallfeed.load.staging import Staging, outcome_name
from mallfeed.load.stamps import Stamps
from mallfeed.load.supplements import Supplements
from mallfeed.normalise.judge import judge, tells_sales
from mallfeed.normalise.normalise import normalise
from mallfeed.normalise.spark_conf import COMPILED, INTERPRETED
from mallfeed.product.holding import of_micros
from mallfeed.product.silence import Silence
from mallfeed.product.supplement import named_by
from mallfeed.progress.steps import COMPARE
from mallfeed.progress.watch import RunWatch
from mallfeed.table import compare as cmp
from mallfeed.table.counting import all_of_feed
from mallfeed.table.counts import Counts
from mallfeed.table.fold import Folding
from mallfeed.table.fold_columns import IN_SLICE
from mallfeed.table.fold_rows import Later, is_folded
from mallfeed.table.iceberg import IcebergProductTable
from mallfeed.table.place import Place
from mallfeed.table.port import Staged

LOG = logging.getLogger(__name__)

THIN_FROM, THIN_UP_TO = 50_000, 4_000_000
"""Rows of the feed and products of the mall between which rows are thinned before the shuffle (see
`mallfeed.table.compare.thinned`): with fewer rows it does not pay, more products do not fit into memory."""
BROADCAST_UP_TO = 500_000
"""Rows of a delta whose ids, about 100 bytes each, are sent to every executor to find the products they touch."""


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
    versions_of: VersionsOf = no_versions
    _ahead: dict[str, Staged] = field(default_factory=dict)
    _clean: set[str] = field(default_factory=set)
    _supplemented: dict[str, bool] = field(default_factory=dict)

    def suit(self, feeds: Sequence[FeedRecord]) -> None:
        """See the port: few rows are not worth compiling for."""
        try:
            self._look_for_supplements(*{feed.mall_id for feed in feeds})
            beside = any(self._has_supplements(feed.mall_id) for feed in feeds)
            few = not beside and few_rows(feeds, self.table)
            for setting, value in (INTERPRETED if few else COMPILED).items():
                self.spark.conf.set(setting, value)
        except Exception:
            LOG.exception("how many rows the run has is not known; it is compiled for")

    def ahead(self, feeds: Sequence[tuple[FeedRecord, Neighbours]]) -> None:
        """See the port: small feeds are staged together."""
        try:
            small = [
                (feed, around)
                for feed, around in feeds
                if is_small(feed, around) and not self.catalog_of(feed).has_stamps
            ]
            ready = [
                Small(feed, self.catalog_of(feed), raw, neighbours, self._earlier(feed))
                for feed, neighbours in small
                if not self._has_supplements(feed.mall_id)
                and (raw := self.preparing.ready(feed)) is not None
            ]
            if len(ready) > 1:
                together = Together(self.spark, self.table, self.lake_bucket, self.clock)
                with self.watch.step(COMPARE, [small.feed.feed_id for small in ready]):
                    self._ahead.update(together.stage(ready))
        except Exception:
            LOG.exception("staging small feeds together failed; each is staged by itself")

    def stage(self, feed: FeedRecord, neighbours: Neighbours) -> Staged:
        """See the port. Writes `staging/<feed_id>/a<attempt>/`, and then `staged.json`."""
        staged = self._ahead.pop(feed.feed_id, None) or self._stage(feed, neighbours)
        # Before a first attempt there are no rejects to replace, so `keep_rejects` can skip the feed.
        if not staged.counts.rejected and feed.attempt <= 1:
            self._clean.add(feed.feed_id)
        return staged

    def _stage(self, feed: FeedRecord, neighbours: Neighbours) -> Staged:
        if feed.rollback_to is not None:
            with self.watch.step(COMPARE, [feed.feed_id]):
                now = self.clock()
                staged = restored(self.spark, self.table, self.lake_bucket, feed, now)
                if self._may_have_silence(feed):
                    # It contains all products: what was silent, then or now, is due at once.
                    staged = replace(staged, next_moment=now)
                return staged
        if feed.due_at is not None:
            with self.watch.step(COMPARE, [feed.feed_id]):
                due = Due(
                    self.spark,
                    self.table,
                    self.lake_bucket,
                    self._catalogs(feed),
                    self.clock(),
                    silence_of(self.catalog_of(feed), neighbours),
                )
                return due.staged(feed, feed.due_at)
        supplement = named_by(feed.slice)
        if feed.drops_slice and supplement is not None:
            with self.watch.step(COMPARE, [feed.feed_id]):
                return self._supplements(feed, neighbours).dropped(feed, supplement)
        if feed.drops_slice:
            with self.watch.step(COMPARE, [feed.feed_id]):
                return emptied(self.spark, self.table, self.lake_bucket, feed, neighbours.unnamed)
        catalog = self.catalog_of(feed)
        feed_name = feed.feed_name or ""
        spec = catalog.feeds[feed_name]
        raw = self.preparing.of(feed)
        with self.watch.step(COMPARE, [feed.feed_id]):
            frame, moment = raw_frame(self.spark, [raw]), self.clock()
            checked = normalise(frame, catalog, feed_name, self.table.record, moment=moment)
            staged_rows = self._compare(feed, spec, raw, checked, neighbours, moment)
            if supplement is not None:
                of = self._supplements(feed, neighbours, moment)
                return self._of_supplement(feed, supplement, raw, staged_rows, of)
        uri, outcome, counts, ahead = staged_rows
        versions = {feed.feed_id: catalog.version}
        changes = changes_in(outcome, self.table.record, versions, moment)
        ahead = first_of(ahead, first_silence(catalog, feed, counts))
        staged = Staged(feed.feed_id, feed.mall_id, counts, changes, next_moment=ahead)
        if catalog.has_stamps:
            staged = Stamps(self.table, feed, moment).staged(staged, outcome, catalog.version)
        note(self.lake_bucket, feed, uri, staged.counts, raw)
        return staged

    def _has_supplements(self, mall_id: str) -> bool:
        """Whether the table has rows of one of the mall's; no other run loads feeds of the mall."""
        if mall_id not in self._supplemented:
            self._look_for_supplements(mall_id)
        return self._supplemented[mall_id]

    def _look_for_supplements(self, *mall_ids: str) -> None:
        found = self.table.supplements(*mall_ids)
        self._supplemented.update({mall: mall in found for mall in mall_ids})

    def _of_supplement(
        self,
        feed: FeedRecord,
        name: str,
        raw: RawFeed,
        folded: tuple[str, DataFrame, Counts, datetime | None],
        supplements: Supplements,
    ) -> Staged:
        """The change set of a supplement, whose rows are `folded` into what it said before."""
        uri, outcome, counts, _ = folded
        of_rows = counts.model_copy(
            update={
                "vanished": 0,
                "vanished_by_reject": 0,
                "taken_back": counts.vanished,
                "given_before": counts.products_before,
            }
        )
        staged = supplements.staged(feed, name, outcome, of_rows, self.catalog_of(feed))
        note(self.lake_bucket, feed, uri, staged.counts, raw)
        return staged

    def _supplements(
        self, feed: FeedRecord, neighbours: Neighbours, moment: datetime | None = None
    ) -> Supplements:
        return Supplements(
            self.spark,
            self.table,
            self.lake_bucket,
            self._catalogs(feed),
            moment or self.clock(),
            silence_of(self.catalog_of(feed), neighbours),
        )

    def vouch(self, staged: Staged, feed: FeedRecord, usual: Sequence[Counts]) -> None:
        """See the port. FeedHeld has the counts in its details."""
        catalog = self.catalog_of(feed)
        spec = catalog.feeds[feed.feed_name or ""]
        try:
            check_guards(staged.counts, spec, catalog.currency, usual)
        except FeedHeld as held:
            held.details["counts"] = staged.counts
            raise

    def keep_rejects(self, feed_ids: Sequence[str]) -> None:
        """See the port."""
        kept = [feed_id for feed_id in feed_ids if feed_id not in self._clean]
        self.rejects.keep([(mall_of(feed_id), feed_id) for feed_id in kept], self.clock())

    def next_moment(self, feed: FeedRecord, neighbours: Neighbours) -> datetime | None:
        """See the port."""
        assert feed.due_at is not None
        silence = silence_of(self.catalog_of(feed), neighbours)
        return self.table.next_moment(feed.mall_id, feed.due_at, silence)

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
        neighbours: Neighbours,
        moment: datetime,
    ) -> tuple[str, DataFrame, Counts, datetime | None]:
        """The URI of the outcome, the outcome, its counts, and the next moment of its products."""
        supplement, has_stamps = named_by(feed.slice), self.catalog_of(feed).has_stamps
        # What has been said since is remembered with its stamps.
        later = self._later(neighbours) if supplement is not None or not has_stamps else []
        place = place_of([(feed, neighbours)])
        if feed.slices_by_row:
            named = named_slices(checked) if spec.mode == "full" else ()
            place = replace(place, slice=IN_SLICE, named=named)
        silence = silence_of(self.catalog_of(feed), neighbours)
        if silence is not None:
            silence = with_own(silence, feed, place.named)
        merges = self.catalog_of(feed).merges(feed.feed_name or "")
        dates = silence is not None and spec.mode == "delta"
        takes_turns = any(is_folded(one.outcome) or one.uploaded_before for one in later)
        if supplement is not None:
            of = self._supplements(feed, neighbours, moment)
            compared = of.folded(feed, supplement, spec, checked, place, later)
        elif (
            has_stamps
            or merges
            or takes_turns
            or dates
            or not place.brings
            or self._has_supplements(feed.mall_id)
        ):
            compared = self._folded(feed, spec, raw, checked, later, place, moment, silence)
        else:
            compared = self._matched(feed, spec, raw, checked, later, place)
        observation = Observation()  # unnamed, hence unique: feeds are staged concurrently
        observed = compared.observe(
            observation,
            *all_of_feed(
                compared, self.table.record, F.lit(self.catalog_of(feed).currency), moment
            ),
        )
        uri = Staging(self.lake_bucket, feed.feed_id).uri(outcome_name(feed.attempt))
        kept = cmp.worth_keeping(observed, spec.mode)
        kept.write.mode("overwrite").parquet(uri)
        outcome = self.spark.read.schema(kept.schema).parquet(uri)
        seen = observation.get
        has_problems = seen["rejected"] or seen["warned"] or seen["dropped"]
        of_codes = codes(outcome).get(feed.mall_id, NO_CODES) if has_problems else NO_CODES
        counts = counts_of(raw, seen, of_codes)
        counts = counts.model_copy(update={"slices": place.named or ()})
        return uri, outcome, counts, of_micros(seen["next_moment"])

    def _matched(
        self,
        feed: FeedRecord,
        spec: FeedSpec,
        raw: RawFeed,
        checked: DataFrame,
        later: Sequence[Later],
        place: Place,
    ) -> DataFrame:
        """The rows compared by their hashes: each is a whole product, and so are those of later deltas."""
        table = self.table.ids(feed.mall_id)
        if (
            raw.rows >= THIN_FROM
            and 0 < self.table.size(feed.mall_id, up_to=THIN_UP_TO) <= THIN_UP_TO
        ):
            checked = cmp.thinned(checked, table, self.table.record, place)
        touched = [cmp.touched(one.outcome, self.table.record) for one in later]
        return cmp.compare(
            checked,
            table,
            self.table.record,
            mode=spec.mode,
            on_reject=spec.on_reject,
            duplicates=spec.duplicates,
            later=reduce(lambda one, other: one.union(other), touched) if touched else None,
            place=place,
        )

    def _folded(
        self,
        feed: FeedRecord,
        spec: FeedSpec,
        raw: RawFeed,
        checked: DataFrame,
        later: Sequence[Later],
        place: Place,
        moment: datetime,
        silence: Silence | None,
    ) -> DataFrame:
        """The rows folded into the products, field by field, and later deltas over them."""
        key = self.table.record.key
        touched = None
        if spec.mode == "delta":  # few of many products
            frames = [checked, *(one.outcome for one in later)]
            keys = [frame.select(*key).where(F.col(key[1]).isNotNull()) for frame in frames]
            touched = reduce(lambda one, other: one.union(other), keys)
        folding = Folding(
            self.table.record,
            spec.mode,
            spec.on_reject,
            spec.duplicates,
            place,
            judge(
                self.table.record,
                self.catalog_of(feed),
                feed.feed_name or "",
                moment,
                self._earlier(feed),
                silence,
            ),
            later,
            silence,
            self._over(feed, touched),
        )
        if self.catalog_of(feed).has_stamps:
            folding = Stamps(self.table, feed, moment).of(folding, touched)
        table = self.table.products(
            feed.mall_id, touched=touched, broadcast=raw.rows <= BROADCAST_UP_TO and not later
        )
        return folding.compared(checked, table)

    def _over(self, feed: FeedRecord, touched: DataFrame | None) -> list[DataFrame] | None:
        """What the mall's supplements say, of the products that are touched; None if it has none."""
        if not self._has_supplements(feed.mall_id):
            return None
        of = None if touched is None else touched.distinct()
        return self._supplements(feed, Neighbours()).rows(feed.mall_id, of)

    def _catalogs(self, feed: FeedRecord) -> dict[int, Catalog]:
        """Version → catalog of the mall, the feed's own first."""
        own = self.catalog_of(feed)
        return {own.version: own} | {one.version: one for one in self.versions_of(feed)}

    def _may_have_silence(self, feed: FeedRecord) -> bool:
        """Whether any version of the catalog has `silence`; a rollback is not held because one cannot be read."""
        try:
            return any(one.silence is not None for one in self.versions_of(feed))
        except CatalogInvalid:
            return True

    def _earlier(self, feed: FeedRecord) -> tuple[int, ...]:
        """Versions of the catalog that told sales otherwise (`mallfeed.normalise.judge.tells_sales`)."""
        catalog = self.catalog_of(feed)
        merges = catalog.merges(feed.feed_name or "")
        return tells_sales(catalog, self.versions_of(feed)) if merges else ()

    def _later(self, neighbours: Neighbours) -> list[Later]:
        """Deltas that say something newer and are loaded already, oldest first. Raises FeedHeld `late_behind_expired`."""
        found = []
        for feed_id in neighbours.later:
            outcome = outcome_of(self.spark, self.lake_bucket, feed_id)
            if outcome is None:
                raise FeedHeld(
                    "late_behind_expired",
                    f"the loaded delta {feed_id} is newer than this feed, and its staged copy has "
                    "expired, so the two cannot be put in order. Drop this feed, or ask the mall "
                    "for a full one.",
                )
            before = feed_id in neighbours.uploaded_before
            found.append(Later(outcome, before, brings=feed_id not in neighbours.outlived))
        return found
