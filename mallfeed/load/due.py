"""Staging what is due: what holds at a moment of the mall's products of which something has begun or ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.catalog.model import Catalog
from mallfeed.kinds.sql.pieces import Sql, case, column, text
from mallfeed.ledger.model import FeedRecord
from mallfeed.load.judged_again import (
    by_version,
    first_feed,
    judged_over,
    last_contained,
    said_of,
)
from mallfeed.load.outcome import note
from mallfeed.load.staging import Staging, changes_name
from mallfeed.normalise.judge import judge
from mallfeed.product.holding import at, has_come
from mallfeed.product.record import EXPIRED, said_column
from mallfeed.product.silence import CONTAINED_AT, Silence
from mallfeed.table.counts import Counts
from mallfeed.table.fold_columns import CONTAINED, judged
from mallfeed.table.fold_rows import extended
from mallfeed.table.iceberg import IcebergProductTable
from mallfeed.table.port import Staged

_SHOWN = (
    "price",
    "list_price",
    said_column("list_price"),
    "availability",
    said_column("availability"),
    EXPIRED,
)
"""Columns that a moment may change."""
_GOES = "_goes"
"""Column of the staged changes: what silence has made of the product just now; null = nothing."""
_OUT_OF_STOCK, _VANISHED = "out_of_stock", "vanished"


@dataclass(frozen=True)
class Due:
    """Stages feeds that a moment has made (`mallfeed.ledger.due`).

    `catalogs` are version → catalog of the mall, first the one that reads products of versions that are gone; `now`
    is when it is staged; `silence` is the mall's rule for products that no feed has contained for a while. No product
    goes back, where the run is late: what its last feed has brought after the moment counts (its `loaded_at`), and one
    that is as it is to be now stays so, since a feed may have found it like that.
    """

    spark: SparkSession
    table: IcebergProductTable
    lake_bucket: str
    catalogs: Mapping[int, Catalog]
    now: datetime
    silence: Silence | None = None

    def staged(self, feed: FeedRecord, moment: datetime) -> Staged:
        """The change set of the products of which something else holds at the moment."""
        uri = Staging(self.lake_bucket, feed.feed_id).uri(changes_name(feed.attempt))
        self._changes(feed, moment).write.mode("overwrite").parquet(uri)
        kept = self.spark.read.parquet(uri)
        found = {row[_GOES]: int(row["count"]) for row in kept.groupBy(_GOES).count().collect()}
        counts = Counts(
            changed=sum(found.values()),
            products_before=self.table.ids(feed.mall_id).count(),
            silent_out_of_stock=found.get(_OUT_OF_STOCK, 0),
            silent_vanished=found.get(_VANISHED, 0),
        )
        note(self.lake_bucket, feed, uri, counts)
        return Staged(feed.feed_id, feed.mall_id, counts, kept.drop(_GOES))

    def _changes(self, feed: FeedRecord, moment: datetime) -> DataFrame:
        # The first condition is for the reader, which skips files by it. Of what a rollback has restored since, what held then may be over, too.
        come = (
            self.table.products(feed.mall_id)
            .where(self._has_come(at(max(self.now, moment))))
            .where(self._has_come(_judged_at(moment)))
        )
        lineage = {"feed_id": F.lit(feed.feed_id), "loaded_at": F.expr(_judged_at(moment))}

        def of_version(products: DataFrame, catalog: Catalog) -> DataFrame:
            return self._of_version(products, catalog, moment)

        return by_version(come, self.catalogs, of_version).withColumns(lineage)

    def _has_come(self, moment: Sql) -> Sql:
        """Whether something else may hold of a product: also of those that silence has changed, which may be back."""
        if self.silence is None:
            return has_come(moment)
        silent = self.silence.has_come(last_contained(self.silence), moment)
        changed = f"{EXPIRED} is not null or {said_column('availability')} is not null"
        return f"(coalesce({has_come(moment)}, false) or {silent} or {changed})"

    def _of_version(self, products: DataFrame, catalog: Catalog, moment: datetime) -> DataFrame:
        """Products that one version of the catalog has read; columns: op and those of the table."""
        record = self.table.record
        feed, judged_at = first_feed(catalog), _judged_at(moment)
        anew = judge(record, catalog, feed, judged_at, silence=self.silence)
        said = said_of(record, record.own, anew, self.silence)
        now = f"greatest({at(self.now)}, {judged_at})"
        later = judge(record, catalog, feed, now, silence=self.silence)
        at_now = later.over(extended(products, said), _SHOWN.__contains__)
        at_now = at_now.withColumnsRenamed({judged(one): f"now_{one}" for one in _SHOWN})
        seen = judged_over(at_now, anew)
        differs = " and ".join(f"({_differs(of)})" for of in (judged, "now_{}".format))
        new = {name: judged(name) for name in (*_SHOWN, "base_price", "content_hash")}
        new[CONTAINED_AT] = CONTAINED  # `loaded_at` is about to say something else
        columns = [f"{new.get(name, column(name))} as {column(name)}" for name, _ in record.columns]
        goes = f"{self._goes(judged_at)} as {_GOES}"
        return seen.where(differs).selectExpr(f"{text('U')} as op", *columns, goes)

    def _goes(self, moment: Sql) -> Sql:
        """What silence makes of a product that had not become that before."""
        if self.silence is None:
            return "cast(null as string)"
        gone = f"{EXPIRED} is null and {self.silence.has_vanished(CONTAINED, moment)}"
        said = said_column("availability")
        out = f"{said} is null and {judged(said)} is not null"
        return case((gone, text(_VANISHED)), (out, text(_OUT_OF_STOCK)))


def _differs(of: Callable[[str], str]) -> Sql:
    """Whether the product is shown otherwise than the columns `of` say."""
    return " or ".join(f"not ({one} <=> {of(one)})" for one in _SHOWN)


def _judged_at(moment: datetime) -> Sql:
    return f"greatest({at(moment)}, loaded_at)"
