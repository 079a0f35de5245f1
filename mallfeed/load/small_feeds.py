"""Stages many small feeds as one frame: Spark plans, writes and reads once for all of them.

For a feed of a thousand rows, Spark spends nearly all its time (a second or two) on planning. Feeds
of malls whose catalogs say the same (because their shops run on the same solution) are normalised by
the same projections. All feeds are compared with the table in one query, and written as one outcome.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.catalog.feed_spec import FeedSpec
from mallfeed.catalog.model import Catalog
from mallfeed.feed.raw import BOOKKEEPING, POSITION, RawFeed
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.neighbours import Neighbours
from mallfeed.load.outcome import NO_CODES, changes, codes, counts_of, note
from mallfeed.load.ports import Clock
from mallfeed.load.raw_frame import raw_frame
from mallfeed.load.silence import first_of, first_silence
from mallfeed.load.staging import MALL_IN_URI, Staging
from mallfeed.normalise.judge import judge, judged_by
from mallfeed.normalise.lookups import lookups
from mallfeed.normalise.normalise import normalise
from mallfeed.normalise.projections import Projections
from mallfeed.product.holding import of_micros
from mallfeed.product.record import Record
from mallfeed.product.supplement import named_by
from mallfeed.table import compare as cmp
from mallfeed.table.counting import all_of_feed
from mallfeed.table.fold import Folding
from mallfeed.table.iceberg import IcebergProductTable
from mallfeed.table.place import Place, by_mall
from mallfeed.table.port import Staged

LOG = logging.getLogger(__name__)

SMALL_BYTES = 8 * 1024 * 1024
"""Larger feeds are staged by themselves: what they would gain is little compared with what they cost."""
_MALL = "_mall_id"


@dataclass(frozen=True)
class Small:
    """A feed that may be staged together with others: its record, catalog and raw frame, the mall's other feeds, and
    `earlier` as `mallfeed.normalise.judge.judge` takes it."""

    feed: FeedRecord
    catalog: Catalog
    raw: RawFeed
    neighbours: Neighbours
    earlier: tuple[int, ...] = ()

    @property
    def spec(self) -> FeedSpec:
        """The catalog's feed."""
        return self.catalog.feeds[self.feed.feed_name or ""]

    @property
    def dates_products(self) -> bool:
        """Whether it is noted beside its products when it contained them."""
        return self.spec.mode == "delta" and self.catalog.silence is not None

    @property
    def merges(self) -> bool:
        """Whether its rows change what they name only."""
        return self.catalog.merges(self.feed.feed_name or "")


@dataclass(frozen=True)
class Together:
    """Stages small feeds together."""

    spark: SparkSession
    table: IcebergProductTable
    lake_bucket: str
    clock: Clock

    def stage(self, feeds: Sequence[Small]) -> dict[str, Staged]:
        """Feed id → its change set as `FeedEngine.stage` returns it, for the feeds that were staged.

        If a batch fails, that is logged, and its feeds are missing here: each is then staged by itself,
        so that only the feed that caused the failure fails.
        """
        staged: dict[str, Staged] = {}
        for alike in _batches(feeds):
            try:
                staged |= self._staged(alike)
            except Exception:
                LOG.exception("%d feeds could not be staged together", len(alike))
        return staged

    def _staged(self, feeds: Sequence[Small]) -> dict[str, Staged]:
        spec = feeds[0].spec
        moment = self.clock()
        compared = self._compared(feeds, moment)
        # Every row is written, so that all can be counted by mall; most are reduced to a few columns.
        bared = cmp.bared(compared, spec.mode, self.table.record)
        uri = Staging(self.lake_bucket, f"together-{uuid.uuid4().hex}").uri("outcome")
        bared.write.parquet(uri)
        outcome = self.spark.read.schema(bared.schema).parquet(uri)
        currencies = {small.feed.mall_id: small.catalog.currency for small in feeds}
        counted = (
            outcome.groupBy("mall_id")
            .agg(
                *all_of_feed(bared, self.table.record, F.expr(by_mall(currencies)), moment),
            )
            .collect()
        )
        seen = {row["mall_id"]: row for row in counted}
        has_problems = any(row["rejected"] or row["warned"] or row["dropped"] for row in counted)
        of_codes = codes(outcome) if has_problems else {}
        versions = {small.feed.feed_id: small.catalog.version for small in feeds}
        together = changes(outcome, self.table.record, versions, moment)
        staged = {}
        for small in feeds:
            mall = small.feed.mall_id
            counts = counts_of(small.raw, seen[mall].asDict(), of_codes.get(mall, NO_CODES))
            note(self.lake_bucket, small.feed, uri, counts, small.raw)
            staged[small.feed.feed_id] = Staged(
                small.feed.feed_id,
                mall,
                counts,
                together,
                True,
                first_of(
                    of_micros(seen[mall]["next_moment"]),
                    first_silence(small.catalog, small.feed, counts),
                ),
            )
        return staged

    def _compared(self, feeds: Sequence[Small], moment: datetime) -> DataFrame:
        spec, malls = feeds[0].spec, [small.feed.mall_id for small in feeds]
        checked = reduce(DataFrame.unionByName, self._checked(feeds, moment))
        place = place_of([(small.feed, small.neighbours) for small in feeds])
        record = self.table.record
        if not feeds[0].merges:
            return cmp.compare(
                checked,
                self.table.ids(*malls),
                record,
                mode=spec.mode,
                on_reject=spec.on_reject,
                duplicates=spec.duplicates,
                place=place,
            )
        folding = Folding(
            record,
            spec.mode,
            spec.on_reject,
            spec.duplicates,
            place,
            judge(
                record,
                feeds[0].catalog,
                feeds[0].feed.feed_name or "",
                moment,
                feeds[0].earlier,
            ),
        )
        touched = checked.select(*record.key).where(F.col(record.id).isNotNull())
        return folding.compared(checked, self.table.products(*malls, touched=touched))

    def _checked(self, feeds: Sequence[Small], moment: datetime) -> Iterator[DataFrame]:
        """One normalised frame per group of feeds that share their projections."""
        for same in _by(feeds, lambda small: _projections(small, self.table.record)):
            raw = raw_frame(self.spark, [small.raw for small in same]).select(
                "*", F.regexp_extract("_metadata.file_path", MALL_IN_URI, 1).alias(_MALL)
            )
            feed_name = same[0].feed.feed_name or ""
            yield normalise(raw, same[0].catalog, feed_name, self.table.record, _MALL, moment)


def is_small(feed: FeedRecord, neighbours: Neighbours) -> bool:
    """Whether the feed may be staged with others, as far as its record says."""
    plain = feed.is_file and not feed.slices_by_row and named_by(feed.slice) is None
    return plain and neighbours.are_before and feed.size_bytes <= SMALL_BYTES


def place_of(feeds: Sequence[tuple[FeedRecord, Neighbours]]) -> Place:
    """The place of feeds of different malls; several of them come after all that is loaded of their mall."""
    return Place(
        order=by_mall({feed.mall_id: feed.order for feed, _ in feeds}),
        slice=by_mall({feed.mall_id: feed.slice for feed, _ in feeds}),
        unnamed=by_mall({feed.mall_id: around.unnamed for feed, around in feeds}),
        settled=feeds[0][1].settled if len(feeds) == 1 else None,
        later=feeds[0][1].later if len(feeds) == 1 else (),
        brings=len(feeds) > 1 or feeds[0][0].feed_id not in feeds[0][1].outlived,
    )


def _batches(feeds: Sequence[Small]) -> list[list[Small]]:
    """Groups of at least two feeds that one comparison can process."""
    apt = [
        s
        for s in feeds
        if s.raw.rows and not s.raw.types and _MALL not in s.raw.columns
        if not _is_joined(s) and not s.dates_products
    ]
    alike = _by(apt, _compared_by)
    return [batch for batch in alike if len(batch) > 1]


def _compared_by(small: Small) -> object:
    """A key that is equal for feeds that one comparison can process."""
    spec = small.spec
    by_judge = judged_by(small.catalog, small.feed.feed_name or "") if small.merges else None
    return (spec.mode, spec.on_reject, spec.duplicates, small.merges, small.earlier, by_judge)


def _is_joined(small: Small) -> bool:
    """Whether its rows are brought together with each other, or with the mall's own tables."""
    return small.spec.inherit is not None or bool(
        lookups(small.catalog, small.feed.feed_name or "")
    )


def _by(feeds: Iterable[Small], key: Callable[[Small], object]) -> list[list[Small]]:
    groups: dict[object, list[Small]] = {}
    for small in feeds:
        groups.setdefault(key(small), []).append(small)
    return list(groups.values())


def _projections(small: Small, record: Record) -> object:
    """A key that is equal for feeds, of whatever mall, that are normalised in the same way."""
    types = {POSITION: "bigint"} | dict.fromkeys(
        (*BOOKKEEPING[1:], *small.raw.columns, _MALL), "string"
    )
    feed_name = small.feed.feed_name or ""
    made = Projections(types, small.catalog, feed_name, record, _MALL).in_order()
    return (small.raw.columns, tuple(tuple(columns.items()) for columns in made))
