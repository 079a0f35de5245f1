"""Snapshots of an Iceberg table by its metadata: the `.snapshots` table lacks sequence numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from pyspark.sql import SparkSession

from mallfeed.errors import SnapshotGone
from mallfeed.table.port import Commit

FEEDS_PROPERTY = "mallfeed.feeds"
"""Snapshot summary property: `<mall_id>=<feed_id>` pairs joined by commas."""


@dataclass(frozen=True)
class Snapshot:
    """One snapshot: its commit, the feeds it carries (mall id → feed id), the id of its parent."""

    commit: Commit
    feeds: Mapping[str, str]
    parent: int | None


@dataclass(frozen=True)
class History:
    """What one metadata file tells of the table: each commit, expiry, rollback writes another one.

    Attributes
    ----------
    file : its location
    current : id of the current snapshot; -1 or None while there is none
    snapshots : id → snapshot, all that exist: those that were rolled back as well
    """

    file: str
    current: int | None
    snapshots: Mapping[int, Snapshot]

    def ancestors(self, start: int | None) -> Iterator[Snapshot]:
        """Snapshots from `start` back, by their parents, to the oldest that exists."""
        while start is not None and (snapshot := self.snapshots.get(start)) is not None:
            yield snapshot
            start = snapshot.parent


class Snapshots:
    """The current snapshot and its ancestors, for several threads.

    A thousand malls commit to the one table, so yesterday's cursor stands some thousand snapshots
    back. Therefore their history is read in one piece, and answers for every mall and both sinks
    of a run; it is kept until the table is seen to have moved.
    """

    def __init__(self, spark: SparkSession, name: str) -> None:
        self._spark = spark
        self._name = name
        self._history: History | None = None
        self._reading = Lock()

    def java_table(self) -> Any:
        """The Iceberg Table object, refreshed; a history of before the table moved is forgotten."""
        jvm: Any = self._spark._jvm
        table = jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(
            self._spark._jsparkSession, self._name
        )
        table.refresh()
        kept = self._history
        if kept is not None and kept.file != _file(table.operations().current()):
            self._history = None
        return table

    def head(self) -> Commit | None:
        """The current snapshot; None while there is none."""
        table = self.java_table()
        current = table.currentSnapshot()
        return None if current is None else _commit(table, current)

    def ancestors(self) -> Iterator[Snapshot]:
        """Snapshots from the current one back to the oldest that still exists."""
        history = self._now()
        return history.ancestors(history.current)

    def between(self, since: Commit, until: Commit) -> list[Snapshot]:
        """Snapshots after `since` up to and including `until`, oldest first.

        Which snapshots these are never changes: the table is not asked again when it has told of
        `until` already. Whether `since` has expired meanwhile, `require` tells.

        Raises
        ------
        SnapshotGone : `since` has expired, or is not an ancestor, or belongs to another table.
        """
        if since.table_uuid != until.table_uuid:
            raise SnapshotGone(f"{self._name}: the cursor belongs to table {since.table_uuid}")
        found: list[Snapshot] = []
        for snapshot in self._with(until).ancestors(until.snapshot_id):
            if snapshot.commit.snapshot_id == since.snapshot_id:
                return found[::-1]
            found.append(snapshot)
        raise SnapshotGone(f"{self._name}: snapshot {since.snapshot_id} is no longer there")

    def require(self, snapshot_id: int) -> None:
        """Ask the table now; raises SnapshotGone when the snapshot is no longer there."""
        if self.java_table().snapshot(snapshot_id) is None:
            raise SnapshotGone(f"{self._name}: snapshot {snapshot_id} is no longer there")

    def _with(self, commit: Commit) -> History:
        """The history that is kept, if it knows the commit; else that of now."""
        kept = self._history
        return kept if kept is not None and commit.snapshot_id in kept.snapshots else self._now()

    def _now(self) -> History:
        """The table's history now; read where that which is kept is of before the table moved."""
        with self._reading:
            table = self.java_table()
            history = self._history or _read(self._spark, table)
            self._history = history
            return history


def feeds_property(feeds: Mapping[str, str]) -> str:
    """Mall id → feed id as the text that a snapshot's summary keeps."""
    return ",".join(f"{mall}={feed}" for mall, feed in sorted(feeds.items()))


def parse_feeds(summary: Mapping[str, str]) -> dict[str, str]:
    """The reverse of `feeds_property`; empty for a snapshot that carries no feed (compaction)."""
    text = summary.get(FEEDS_PROPERTY) or ""
    return dict(pair.split("=", 1) for pair in text.split(",") if pair)


def _read(spark: SparkSession, table: Any) -> History:
    """The history by one call: asked one by one, a snapshot costs about ten calls into the JVM."""
    jvm: Any = spark._jvm
    metadata = table.operations().current()
    told = json.loads(jvm.org.apache.iceberg.TableMetadataParser.toJson(metadata))
    snapshots = [_snapshot(told["table-uuid"], one) for one in told["snapshots"]]
    return History(
        file=_file(metadata),
        current=told.get("current-snapshot-id"),
        snapshots={one.commit.snapshot_id: one for one in snapshots},
    )


def _file(metadata: Any) -> str:
    return str(metadata.metadataFileLocation())


def _snapshot(table_uuid: str, told: Mapping[str, Any]) -> Snapshot:
    """A snapshot from its JSON, whose names are those of Iceberg's table specification."""
    return Snapshot(
        commit=Commit(table_uuid, told["snapshot-id"], told["sequence-number"]),
        feeds=parse_feeds(told["summary"]),
        parent=told.get("parent-snapshot-id"),
    )


def _commit(table: Any, snapshot: Any) -> Commit:
    return Commit(
        table_uuid=str(table.uuid()),
        snapshot_id=int(snapshot.snapshotId()),
        seq=int(snapshot.sequenceNumber()),
    )
