"""Keeps the Iceberg tables small: old rejects, compaction, expiry of snapshots, orphan files.

Loads go on in the meantime. If a load commits to a mall whose files are being rewritten, the rewrite
fails: only that mall misses its compaction, and this does not count as a failure (`Tidied.left`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from pyspark.sql import SparkSession

from mallfeed.ledger.items import KEEP as KEEP_FEEDS
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import State
from mallfeed.maintain.maintain import in_short
from mallfeed.product.record import PRODUCT
from mallfeed.table.commits import met_another
from mallfeed.table.schema import CATALOG, table_name
from mallfeed.table.snapshots import Snapshots

LOG = logging.getLogger(__name__)

KEEP = timedelta(days=7)
"""Snapshots of this age are always kept: `mallfeed rollback` reaches this far back."""
LONGEST_RUN = timedelta(hours=24)
"""No run lives longer (Glue's time limit is far below). A run may still read the snapshot it began with."""
ORPHANS_AFTER = timedelta(days=3)
"""Only files older than this are removed as orphans: newer ones may belong to a commit in progress."""

MALLS_PER_REWRITE = 20
"""How many malls are rewritten in one commit: a thousand malls then make 50 snapshots per night, and a
load can only collide with a rewrite during the time that a few malls take."""

TABLES = (PRODUCT.table, "rejects")
Counts = dict[str, int]


@dataclass
class Tidied:
    """What was done with the tables.

    Attributes
    ----------
    tables : table → what was done, in rows, files and snapshots
    left : steps that a load got in the way of (`tidy products: compact mall_a`) → that it did
    failed : what failed (`tidy rejects: expire`) → why
    """

    tables: dict[str, Counts] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def note(self, what: str, error: Exception) -> None:
        """A step did not succeed: another commit was faster, or it failed."""
        if met_another(error):
            LOG.info("%s: left, a load has committed in the meantime", what)
            self.left[what] = "a load has committed in the meantime: the next night does it"
        else:
            LOG.exception("%s: failed", what)
            self.failed[what] = in_short(error)


def expire_before(
    now: datetime,
    open_feeds: Iterable[FeedRecord],
    cursors_at: Iterable[datetime],
    keep: timedelta = KEEP,
) -> datetime:
    """The time before which snapshots are no longer needed.

    A snapshot is needed by a cursor that stands at it (differences start there) or a rollback that goes
    back to it, by an open feed that may be committed (its commit is looked up in the snapshots), and by
    a run that is still reading it.
    """
    oldest = [now - max(keep, LONGEST_RUN), *cursors_at]
    oldest += [feed.arrived_at for feed in open_feeds if _may_have_committed(feed)]
    return min(oldest)


def _may_have_committed(feed: FeedRecord) -> bool:
    """Whether a commit of the feed may be looked up; not that of a delta that waits behind a HELD feed."""
    return feed.state in (State.RUNNING, State.SYNCING) or feed.committing


def snapshot_times(spark: SparkSession, database: str, ids: Collection[int]) -> list[datetime]:
    """When these snapshots of the product table were committed; those that are gone are left out."""
    table = Snapshots(spark, table_name(database, PRODUCT.table)).java_table()
    snapshots = [table.snapshot(snapshot_id) for snapshot_id in sorted(ids)]
    return [
        datetime.fromtimestamp(one.timestampMillis() / 1000, UTC)
        for one in snapshots
        if one is not None
    ]


def tidy(spark: SparkSession, database: str, before: datetime | None, now: datetime) -> Tidied:
    """Make both tables small. Raises nothing: each step is tried, whatever happened to the others.

    Removes rejects whose feeds the ledger no longer has; rewrites small files and those with many
    deleted rows; expires snapshots older than `before` (never the current one; none if it is None);
    removes files that belong to no snapshot once they are three days old.
    """
    done = Tidied()
    for table in TABLES:
        name, counts = f"{database}.{table}", done.tables.setdefault(table, {})
        steps: dict[str, Callable[[], Counts]] = {
            "compact": partial(_compact, spark, table, name, done),
            "deletes": partial(drop_deletes, spark, name),
            "manifests": partial(_rewrite_manifests, spark, name),
            "expire": partial(_expire, spark, name, before),
            "orphans": partial(_remove_orphans, spark, name, now),
        }
        if table == "rejects":
            steps = {"old rows": partial(_forget, spark, name, now - KEEP_FEEDS), **steps}
        for step, do in steps.items():
            LOG.info("%s: %s", name, step)
            try:
                counts.update(do())
            except Exception as error:
                done.note(f"tidy {table}: {step}", error)
    return done


def _forget(spark: SparkSession, name: str, before: datetime) -> Counts:
    """Delete rejects older than `before`; if there are none, no snapshot is made.

    The rows of a feed are in files of their own and have the same time, so whole files are deleted
    without being read.
    """
    old = f"rejected_at < {_moment(before)}"
    rows = spark.table(f"{CATALOG}.{name}").where(old).count()
    if rows:
        spark.sql(f"DELETE FROM {CATALOG}.{name} WHERE {old}")  # noqa: S608 - a time of our own
    return {"rows_removed": rows}


def _compact(spark: SparkSession, table: str, name: str, done: Tidied) -> Counts:
    """Rewrite files where it is worth it, some malls at a time.

    If a load has committed to one of these malls, they are rewritten in halves, down to the one mall
    that is being loaded. That mall, and malls whose files cannot be rewritten, are noted in `done`.
    """
    malls = _malls(spark, name)
    left = [malls[at : at + MALLS_PER_REWRITE] for at in range(0, len(malls), MALLS_PER_REWRITE)]
    rewritten = written = 0
    while left:
        some = left.pop()
        try:
            counts = rewrite(spark, name, some)
        except Exception as error:
            if len(some) > 1 and met_another(error):
                half = len(some) // 2
                left += [some[:half], some[half:]]
            else:
                done.note(f"tidy {table}: compact {', '.join(some)}", error)
            continue
        rewritten += counts["rewritten_data_files_count"]
        written += counts["added_data_files_count"]
    return {"files_rewritten": rewritten, "files_written": written}


def _malls(spark: SparkSession, name: str) -> list[str]:
    """The malls that have files in the table."""
    malls = spark.sql(f"SELECT DISTINCT partition.mall_id FROM {CATALOG}.{name}.files")  # noqa: S608
    return sorted(str(row[0]) for row in malls.collect())


def rewrite(spark: SparkSession, name: str, malls: Collection[str]) -> Counts:
    """Rewrite files of these partitions in one commit where it is worth it; returns the counts by the procedure's own
    names."""
    listed = ", ".join(f'"{mall}"' for mall in malls)
    return _call(
        spark,
        f"rewrite_data_files(table => '{name}', where => 'mall_id IN ({listed})', "
        "options => map('min-input-files', '5', 'delete-file-threshold', '1', "
        "'partial-progress.enabled', 'false', 'max-concurrent-file-group-rewrites', '2'))",
    )


def drop_deletes(spark: SparkSession, name: str) -> Counts:
    """Remove delete files that are older than all data of their mall, since they no longer delete anything.

    The others become so when their data is rewritten. Delete files themselves are not rewritten:
    Iceberg 1.10 cannot do that for tables with lists (apache/iceberg#15080).
    """
    jvm: Any = spark._jvm
    actions = jvm.org.apache.iceberg.spark.actions.SparkActions.get(spark._jsparkSession)
    table = Snapshots(spark, f"{CATALOG}.{name}").java_table()
    actions.removeDanglingDeleteFiles(table).execute()
    return {}


def _rewrite_manifests(spark: SparkSession, name: str) -> Counts:
    _call(spark, f"rewrite_manifests('{name}')")
    return {}


def _expire(spark: SparkSession, name: str, before: datetime | None) -> Counts:
    if before is None:
        return {}
    counts = _call(
        spark,
        f"expire_snapshots(table => '{name}', older_than => {_moment(before)}, retain_last => 1)",
    )
    return {"files_expired": sum(n for what, n in counts.items() if what.endswith("_files_count"))}


def _remove_orphans(spark: SparkSession, name: str, now: datetime) -> Counts:
    orphans = spark.sql(
        f"CALL {CATALOG}.system.remove_orphan_files(table => '{name}', "
        f"older_than => {_moment(now - ORPHANS_AFTER)}, prefix_listing => true)"
    )
    return {"orphans_removed": orphans.count()}


def _call(spark: SparkSession, procedure: str) -> Counts:
    """Call the procedure; returns its counts by its own names."""
    row = spark.sql(f"CALL {CATALOG}.system.{procedure}").first()
    counts: dict[str, Any] = {} if row is None else row.asDict()
    return {what: int(count or 0) for what, count in counts.items()}


def _moment(at: datetime) -> str:
    """A SQL timestamp with milliseconds, as in the dates of snapshots: several may share one second."""
    return f"TIMESTAMP '{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}'"
