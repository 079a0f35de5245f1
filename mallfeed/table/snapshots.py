"""Snapshots of an Iceberg table, read from its metadata: the `.snapshots` table lacks sequence numbers."""

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
    """One snapshot: its commit, the feeds that it carries (mall id → feed id), and its parent's id."""

    commit: Commit
    feeds: Mapping[str, str]
    parent: int | None


@dataclass(frozen=True)
class History:
    """The content of one metadata file of the table. Every commit, expiry and rollback writes a new file.

    Attributes
    ----------
    file : its location
    current : id of the current snapshot; -1 or None while there is none
    snapshots : id → snapshot, for all that exist, including those that were rolled back
    """

    file: str
    current: int | None
    snapshots: Mapping[int, Snapshot]

    def ancestors(self, start: int | None) -> Iterator[Snapshot]:
        """The snapshot `start`, its parent, and so on back to the oldest that exists."""
        while start is not None and (snapshot := self.snapshots.get(start)) is not None:
            yield snapshot
            start = snapshot.parent


class Snapshots:
    """The current snapshot and its ancestors; thread-safe.

    A thousand malls commit to one table, so yesterday's cursor stands about a thousand snapshots back.
    Therefore the history is read in one piece and serves all malls and sinks of a run. It is kept until
    the table is seen to have changed.
    """

    def __init__(self, spark: SparkSession, name: str) -> None:
        self._spark = spark
        self._name = name
        self._history: History | None = None
        self._reading = Lock()

    def java_table(self) -> Any:
        """The Iceberg Table object, refreshed. If the table has changed, the kept history is discarded."""
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
        """The snapshots from the current one back to the oldest that still exists."""
        history = self._now()
        return history.ancestors(history.current)

    def between(self, since: Commit, until: Commit) -> list[Snapshot]:
        """The snapshots after `since`, up to and including `until`, oldest first.

        This list never changes, so the table is not read again if the kept history has `until`. Use
        `require` to learn whether `since` has expired in the meantime.

        Raises
        ------
        SnapshotGone : `since` has expired, is not an ancestor, or belongs to another table.
        """
        if since.table_uuid != until.table_uuid:
            raise SnapshotGone(f"{self._name}: the cursor belongs to table {since.table_uuid}")
        newest_first: list[Snapshot] = []
        for snapshot in self._with(until).ancestors(until.snapshot_id):
            if snapshot.commit.snapshot_id == since.snapshot_id:
                return newest_first[::-1]
            newest_first.append(snapshot)
        raise SnapshotGone(f"{self._name}: snapshot {since.snapshot_id} no longer exists")

    def require(self, snapshot_id: int) -> None:
        """Raises SnapshotGone if the table does not have this snapshot any more."""
        if self.java_table().snapshot(snapshot_id) is None:
            raise SnapshotGone(f"{self._name}: snapshot {snapshot_id} no longer exists")

    def _with(self, commit: Commit) -> History:
        """The kept history if it has the commit, or else the current one."""
        kept = self._history
        return kept if kept is not None and commit.snapshot_id in kept.snapshots else self._now()

    def _now(self) -> History:
        """The table's current history; it is only read if the table has changed since the kept one."""
        with self._reading:
            table = self.java_table()
            history = self._history or _read(self._spark, table)
            self._history = history
            return history


def feeds_property(feeds: Mapping[str, str]) -> str:
    """Mall id → feed id, as the text that is stored in a snapshot's summary."""
    return ",".join(f"{mall}={feed}" for mall, feed in sorted(feeds.items()))


def parse_feeds(summary: Mapping[str, str]) -> dict[str, str]:
    """The reverse of `feeds_property`; empty for a snapshot that carries no feed (compaction)."""
    text = summary.get(FEEDS_PROPERTY) or ""
    return dict(pair.split("=", 1) for pair in text.split(",") if pair)


def _read(spark: SparkSession, table: Any) -> History:
    """The history, read in one call: reading it snapshot by snapshot takes about ten JVM calls for each."""
    jvm: Any = spark._jvm
    metadata = table.operations().current()
    content = json.loads(jvm.org.apache.iceberg.TableMetadataParser.toJson(metadata))
    snapshots = [_snapshot(content["table-uuid"], one) for one in content["snapshots"]]
    return History(
        file=_file(metadata),
        current=content.get("current-snapshot-id"),
        snapshots={one.commit.snapshot_id: one for one in snapshots},
    )


def _file(metadata: Any) -> str:
    return str(metadata.metadataFileLocation())


def _snapshot(table_uuid: str, content: Mapping[str, Any]) -> Snapshot:
    """A snapshot from its JSON, whose keys are those of Iceberg's table specification."""
    return Snapshot(
        commit=Commit(table_uuid, content["snapshot-id"], content["sequence-number"]),
        feeds=parse_feeds(content["summary"]),
        parent=content.get("parent-snapshot-id"),
    )


def _commit(table: Any, snapshot: Any) -> Commit:
    return Commit(
        table_uuid=str(table.uuid()),
        snapshot_id=int(snapshot.snapshotId()),
        seq=int(snapshot.sequenceNumber()),
    )
