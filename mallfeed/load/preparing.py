"""Preparing feeds: the part of staging that needs no Spark, so that it can run while Spark starts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

from mallfeed.catalog.model import Catalog
from mallfeed.errors import FeedHeld
from mallfeed.feed.drift import check_header
from mallfeed.feed.prepare import prepare
from mallfeed.feed.raw import RawFeed
from mallfeed.feed.source_columns import wanted_columns
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import State
from mallfeed.load.ports import Watch
from mallfeed.load.staging import S3Source, StagedFrame, Staging
from mallfeed.progress.steps import PREPARE
from mallfeed.progress.watch import RunWatch
from mallfeed.reading.budget import USUAL, Budget

CatalogOf = Callable[[FeedRecord], Catalog]
"""Feed → the catalog version that the ledger records for it."""
VersionsOf = Callable[[FeedRecord], Sequence[Catalog]]
"""Feed → all published versions of its mall, to suggest one that fits when the feed has drifted."""
AT_ONCE = 4
"""Feeds prepared at the same time: each keeps about two threads busy, and one or two of its blocks in memory."""


def no_versions(feed: FeedRecord) -> Sequence[Catalog]:
    """No published versions are known."""
    return ()


class Preparing:
    """Makes the exact copies and raw frames of one run's feeds; see `mallfeed.feed.prepare`.

    `catalog_of` serves whoever needs a feed's catalog in the same run: it has read it already. `budget` is
    what reading a feed may cost; one that was released though it was too costly is read without.
    """

    def __init__(
        self,
        lake_bucket: str,
        catalog_of: CatalogOf,
        versions_of: VersionsOf = no_versions,
        watch: Watch | None = None,
        budget: Budget = USUAL,
    ) -> None:
        self._lake_bucket = lake_bucket
        self.catalog_of = catalog_of
        self.versions_of = versions_of
        self._watch = watch or RunWatch()
        self.budget = budget
        self._begun: dict[tuple[str, int], Future[RawFeed]] = {}

    @contextmanager
    def ahead(self, feeds: Sequence[FeedRecord]) -> Iterator[None]:
        """Within this block, prepare in the background those feeds that are certain to be staged.

        A feed in a later attempt may be in the table already, so it is not among them. When the block
        ends, feeds whose preparation has not begun are skipped.
        """
        sure = [f for f in feeds if f.attempt == 1 and f.state is not State.SYNCING]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for feed in (feed for feed in sure if feed.is_file):
                self._begun[feed.feed_id, feed.attempt] = pool.submit(self._prepare, feed)
            try:
                yield
            finally:
                pool.shutdown(cancel_futures=True)

    def ready(self, feed: FeedRecord) -> RawFeed | None:
        """Waits for the raw frame of a feed that is being prepared; None if there is none.

        If preparing it failed, `of` raises the reason.
        """
        begun = self._begun.get((feed.feed_id, feed.attempt))
        return None if begun is None or begun.exception() is not None else begun.result()

    def of(self, feed: FeedRecord) -> RawFeed:
        """The feed's raw frame, under its staging prefix. Raises FeedHeld (undecodable, drift, too_costly …)."""
        begun = self._begun.pop((feed.feed_id, feed.attempt), None)
        return begun.result() if begun is not None else self._prepare(feed)

    def _prepare(self, feed: FeedRecord) -> RawFeed:
        catalog, feed_name = self.catalog_of(feed), feed.feed_name or ""
        staging = Staging(self._lake_bucket, feed.feed_id)

        def on_columns(columns: Sequence[str], types: Mapping[str, str]) -> None:
            if check_header(columns, types, catalog, feed_name) is not None:
                versions = self.versions_of(feed)
                drift = check_header(columns, types, catalog, feed_name, versions)
                assert drift is not None
                raise FeedHeld("drift", drift.message, {"drift": drift})

        with self._watch.step(PREPARE, [feed.feed_id]), staging.copying(feed) as parts:
            return prepare(
                S3Source(parts),
                catalog.feeds[feed_name],
                wanted_columns(catalog, feed_name),
                StagedFrame(staging, feed.attempt),
                on_columns=on_columns,
                on_rows=partial(self._watch.read, feed.feed_id),
                budget=None if feed.alone else self.budget,
            )
