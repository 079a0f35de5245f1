"""Keeping the Iceberg tables small: compaction, expiry, orphan files; and how far expiry may go."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from pyspark.sql import SparkSession

from mallfeed.ledger.model import FeedRecord
from mallfeed.table.schema import CATALOG, table_name
from mallfeed.table.snapshots import Snapshots

LOG = logging.getLogger(__name__)

KEEP = timedelta(days=7)
"""Snapshots that stay in any case: `mallfeed rollback` reaches so far back."""
LONGEST_RUN = timedelta(hours=24)
"""No run lives longer (Glue's time limit is far below): it may still read what it began with."""
ORPHANS_AFTER = timedelta(days=3)
"""Files that no snapshot knows may be those of a commit under way."""

TABLES = ("products", "rejects")


def expire_before(
    now: datetime,
    open_feeds: Iterable[FeedRecord],
    cursors_at: Iterable[datetime],
    keep: timedelta = KEEP,
) -> datetime:
    """Snapshots older than this are needed by nobody.

    Neither by a cursor (each stands at a snapshot, the difference starts there), nor by a feed that
    is not closed (its commit is looked for by its snapshot), nor by a run that is still reading.
    """
    oldest = [now - max(keep, LONGEST_RUN), *cursors_at]
    oldest += [feed.arrived_at for feed in open_feeds]
    return min(oldest)


def snapshot_times(spark: SparkSession, database: str, ids: Collection[int]) -> list[datetime]:
    """When these snapshots of the product table were committed; those that are gone are left out."""
    table = Snapshots(spark, table_name(database, "products")).java_table()
    found = [table.snapshot(snapshot_id) for snapshot_id in sorted(ids)]
    return [
        datetime.fromtimestamp(one.timestampMillis() / 1000, UTC)
        for one in found
        if one is not None
    ]


def tidy(
    spark: SparkSession, database: str, before: datetime, now: datetime
) -> dict[str, dict[str, int]]:
    """Compact, expire and clean both tables; table → what was done, in files and snapshots.

    Small files and those with many deleted rows are rewritten; snapshots older than `before` go
    (never the current one), and files that belong to nothing once they are three days old.
    """
    done: dict[str, dict[str, int]] = {}
    for table in TABLES:
        name = f"{database}.{table}"
        LOG.info("compacting %s", name)
        rewritten = _call(
            spark,
            f"rewrite_data_files(table => '{name}', options => map("
            "'min-input-files', '5', 'delete-file-threshold', '1', "
            "'partial-progress.enabled', 'false', 'max-concurrent-file-group-rewrites', '2'))",
        )
        _call(spark, f"rewrite_position_delete_files('{name}')")
        _call(spark, f"rewrite_manifests('{name}')")
        LOG.info("expiring snapshots of %s before %s", name, before.isoformat())
        expired = _call(
            spark,
            f"expire_snapshots(table => '{name}', older_than => {_moment(before)}, "
            "retain_last => 1)",
        )
        orphans = spark.sql(
            f"CALL {CATALOG}.system.remove_orphan_files(table => '{name}', "
            f"older_than => {_moment(now - ORPHANS_AFTER)}, prefix_listing => true)"
        ).count()
        done[table] = {
            "files_rewritten": int(rewritten["rewritten_data_files_count"]),
            "files_written": int(rewritten["added_data_files_count"]),
            "files_expired": sum(
                int(value or 0) for key, value in expired.items() if key.endswith("_files_count")
            ),
            "orphans_removed": orphans,
        }
    return done


def _call(spark: SparkSession, procedure: str) -> dict[str, Any]:
    row = spark.sql(f"CALL {CATALOG}.system.{procedure}").first()
    return {} if row is None else row.asDict()


def _moment(at: datetime) -> str:
    """To the millisecond, as snapshots are dated: several may be of one second."""
    return f"TIMESTAMP '{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}'"
