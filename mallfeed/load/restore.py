"""Staging what a person decides: a rollback, which compares the mall's products in an earlier snapshot with those in
the table now, and a slice that is dropped."""

from __future__ import annotations

from datetime import datetime

from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.errors import FeedHeld, SnapshotGone
from mallfeed.ledger.model import FeedRecord
from mallfeed.load.outcome import note
from mallfeed.load.staging import Staging, changes_name
from mallfeed.product.holding import has_come, next_moment, of_micros
from mallfeed.shell import command
from mallfeed.table.counts import Counts
from mallfeed.table.iceberg import IcebergProductTable
from mallfeed.table.port import Staged


def restored(
    spark: SparkSession,
    table: IcebergProductTable,
    lake_bucket: str,
    feed: FeedRecord,
    at: datetime,
) -> Staged:
    """The change set that takes the mall back to the snapshot `feed.rollback_to`.

    Raises FeedHeld `snapshot_expired` if the snapshot is gone; a feed can then only be replayed.
    """
    assert feed.rollback_to is not None
    try:
        changes = table.restoring(feed.mall_id, feed.rollback_to)
    except SnapshotGone as gone:
        raise FeedHeld(
            "snapshot_expired",
            f"the state of {feed.mall_id} after {feed.replay_of} has expired (snapshot "
            f"{feed.rollback_to}). Drop this feed, and replay a full feed of that time instead: "
            f"{command('mallfeed replay', feed.replay_of)}",
        ) from gone
    # What supplements said then, and what is remembered of stamps, comes back with the products.
    partitions = table.partitions_beside(feed.mall_id, feed.rollback_to)
    for partition in partitions:
        changes = changes.unionByName(table.restoring(partition, feed.rollback_to))
    uri = Staging(lake_bucket, feed.feed_id).uri(changes_name(feed.attempt))
    lineage = {"feed_id": F.lit(feed.feed_id), "loaded_at": F.lit(at).cast("timestamp")}
    changes.withColumns(lineage).write.mode("overwrite").parquet(uri)
    kept = spark.read.parquet(uri)
    products = kept.where(F.col("mall_id") == feed.mall_id)
    by_op = {row["op"]: int(row["rows"]) for row in _by_op(products)}
    counts = Counts(
        changed=by_op.get("U", 0),
        vanished=by_op.get("D", 0),
        beside=kept.where(F.col("mall_id") != feed.mall_id).count() if partitions else 0,
        products_before=table.ids(feed.mall_id).count(),
    )
    note(lake_bucket, feed, uri, counts)
    # What held of them then may be over, or not have begun: that is due at once.
    turns = products.where("op = 'U'").where(has_come(at)).limit(1).count()
    moment = at if turns else _next_moment(products, at)
    return Staged(
        feed.feed_id, feed.mall_id, counts, kept, next_moment=moment, partitions=partitions
    )


def _next_moment(changes: DataFrame, at: datetime) -> datetime | None:
    return of_micros(changes.agg(F.min(F.expr(next_moment(at)))).collect()[0][0])


def emptied(
    spark: SparkSession,
    table: IcebergProductTable,
    lake_bucket: str,
    feed: FeedRecord,
    unnamed: str | None,
) -> Staged:
    """The change set that takes away all products of the feed's slice.

    `unnamed` is the slice of products that the table holds without one.
    """
    uri = Staging(lake_bucket, feed.feed_id).uri(changes_name(feed.attempt))
    table.emptying(feed.mall_id, feed.slice, unnamed).write.mode("overwrite").parquet(uri)
    kept = spark.read.parquet(uri)
    gone, before = kept.count(), table.ids(feed.mall_id).count()
    counts = Counts(vanished=gone, products_before=gone, elsewhere=before - gone)
    note(lake_bucket, feed, uri, counts)
    return Staged(feed.feed_id, feed.mall_id, counts, kept)


def _by_op(changes: DataFrame) -> list[Row]:
    return changes.groupBy("op").agg(F.count("*").alias("rows")).collect()
