"""Snapshots of an Iceberg table through its Java API: the `.snapshots` table lacks sequence numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyspark.sql import SparkSession

from mallfeed.errors import SnapshotGone
from mallfeed.table.port import Commit

FEEDS_PROPERTY = "mallfeed.feeds"
"""Snapshot summary property: `<mall_id>=<feed_id>` pairs joined by commas."""


@dataclass(frozen=True)
class Snapshot:
    """One snapshot: its commit, and the feeds it carries (mall id → feed id)."""

    commit: Commit
    feeds: Mapping[str, str]


class Snapshots:
    """The current snapshot and its ancestors, read fresh at each call."""

    def __init__(self, spark: SparkSession, name: str) -> None:
        self._spark = spark
        self._name = name

    def java_table(self) -> Any:
        """The Iceberg Table object, refreshed."""
        jvm: Any = self._spark._jvm
        table = jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(
            self._spark._jsparkSession, self._name
        )
        table.refresh()
        return table

    def head(self) -> Commit | None:
        """The current snapshot; None while there is none."""
        table = self.java_table()
        current = table.currentSnapshot()
        return None if current is None else _commit(table, current)

    def ancestors(self, start: int | None = None) -> Iterator[Snapshot]:
        """Snapshots from `start` (default the current one) back to the oldest that still exists."""
        table = self.java_table()
        snapshot = table.currentSnapshot() if start is None else table.snapshot(start)
        while snapshot is not None:
            yield Snapshot(_commit(table, snapshot), parse_feeds(snapshot.summary()))
            parent = snapshot.parentId()
            snapshot = None if parent is None else table.snapshot(parent)

    def between(self, since: Commit, until: Commit) -> list[Snapshot]:
        """Snapshots after `since` up to and including `until`, oldest first.

        Raises
        ------
        SnapshotGone : `since` has expired, or is not an ancestor, or belongs to another table.
        """
        if since.table_uuid != until.table_uuid:
            raise SnapshotGone(f"{self._name}: the cursor belongs to table {since.table_uuid}")
        found: list[Snapshot] = []
        for snapshot in self.ancestors(until.snapshot_id):
            if snapshot.commit.snapshot_id == since.snapshot_id:
                return found[::-1]
            found.append(snapshot)
        raise SnapshotGone(f"{self._name}: snapshot {since.snapshot_id} is no longer there")


def feeds_property(feeds: Mapping[str, str]) -> str:
    """Mall id → feed id as the text that a snapshot's summary keeps."""
    return ",".join(f"{mall}={feed}" for mall, feed in sorted(feeds.items()))


def parse_feeds(summary: Mapping[str, str]) -> dict[str, str]:
    """The reverse of `feeds_property`; empty for a snapshot that carries no feed (compaction)."""
    text = summary.get(FEEDS_PROPERTY) or ""
    return dict(pair.split("=", 1) for pair in text.split(",") if pair)


def _commit(table: Any, snapshot: Any) -> Commit:
    return Commit(
        table_uuid=str(table.uuid()),
        snapshot_id=int(snapshot.snapshotId()),
        seq=int(snapshot.sequenceNumber()),
    )
