"""Staging a feed of a mall whose rows have stamps: what is remembered of them stands beside the mall's products, in a partition
of its own, so that one commit takes both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.ledger.model import FeedRecord
from mallfeed.product.holding import at
from mallfeed.product.record import EXPIRED, SAID_AT
from mallfeed.product.supplement import MEMORY as OF_STAMPS
from mallfeed.product.supplement import partition_of
from mallfeed.table.fold import Folding
from mallfeed.table.iceberg import IcebergProductTable
from mallfeed.table.outcomes import MEMORY
from mallfeed.table.port import Staged
from mallfeed.table.stamps import MAKES, Stamped, with_stamps

KEPT = timedelta(days=30)
"""What is known of products that are not there, deletes and parts that wait for them, is forgotten so long after the time that
it names: it is in no table of products, and full feeds, which end it, may never come."""


@dataclass(frozen=True)
class Stamps:
    """What is remembered of the stamps of one mall, as a run finds it; `now` is when the feed is staged."""

    table: IcebergProductTable
    feed: FeedRecord
    now: datetime

    def of(self, folding: Folding, touched: DataFrame | None) -> Stamped:
        """The same folding with the mall's stamps; `touched` are the products that rows touch (columns: the record's key),
        None = all may be."""
        memory = self.table.memory(self.feed.mall_id)
        if touched is not None:
            memory = memory.join(touched, list(self.table.record.key), "left_semi")
        age = datetime.fromisoformat(self.feed.age[0]).replace(tzinfo=UTC)
        return with_stamps(folding, memory, age, by_person=self.feed.is_by_person)

    def staged(self, staged: Staged, outcome: DataFrame, catalog_version: int) -> Staged:
        """The same change set with what is to be remembered from now on; `outcome` is that of `of`."""
        record, partition = self.table.record, partition_of(self.feed.mall_id, OF_STAMPS)
        told = outcome.where(F.col(MEMORY).isNotNull())
        names = [one.name for one in record.fields if one.name != record.id]
        waiting = [F.col(f"{MEMORY}.waiting").getField(name).alias(name) for name in names]
        told = told.select(*record.key, f"{MEMORY}.op", f"{MEMORY}.{SAID_AT}", *waiting)
        memory = self.table.memory(self.feed.mall_id)
        is_old = f"forall({SAID_AT}, x -> x.does <> '{MAKES}' and x.at < {at(self.now - KEPT)})"
        forgotten = memory.where(is_old).join(told, list(record.key), "left_anti")
        rows = told.unionByName(
            forgotten.select(*record.key, F.lit("D").alias("op"), SAID_AT, *names)
        )
        own: dict[str, Column] = {name: F.col(name) for name in names} | {
            "mall_id": F.lit(partition),
            record.id: F.col(record.id),
            "content_hash": F.sha2(F.to_json(F.struct(SAID_AT, *names)), 256),
            EXPIRED: F.lit(True),
            SAID_AT: F.col(SAID_AT),
            "feed_id": F.lit(self.feed.feed_id),
            "catalog_version": F.lit(catalog_version),
            "loaded_at": F.lit(self.now),
        }
        columns = [
            own.get(name, F.lit(None)).cast(kind).alias(name) for name, kind in record.columns
        ]
        beside = rows.select("op", *columns)
        counts = staged.counts.model_copy(update={"beside": beside.count()})
        changes = staged.changes.unionByName(beside)
        return replace(staged, counts=counts, changes=changes, partitions=(partition,))
