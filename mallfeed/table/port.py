"""The product table's port, in the terms of the load use case.

Frames are opaque here (`Frame`): Spark DataFrames in the job, lists of dicts in memory. So the tests of
order, crashes and faults run the same use case as the job.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from mallfeed.table.counts import Counts

Frame = Any


@dataclass(frozen=True)
class Commit:
    """A snapshot of the product table.

    Attributes
    ----------
    table_uuid : identifies the table; a recreated table has another one
    snapshot_id : Iceberg's id of the snapshot
    seq : Iceberg's sequence number, which rises with each commit
    """

    table_uuid: str
    snapshot_id: int
    seq: int


@dataclass(frozen=True)
class Staged:
    """A feed that was read, normalised, checked and compared with the table, ready to be committed.

    `changes` has one row per product that must change, with `op` 'U' (all columns are set) or 'D' (only
    the key is); key (mall_id, product_id). `next_moment` is when something else begins to hold of one of them. It is also the difference between the snapshots before and
    after the commit. A `shared` frame has rows of other malls too (`mallfeed.table.shared_frame`). `partitions` are those
    of the mall's supplements of which there are rows, too; sinks have none of these.
    """

    feed_id: str
    mall_id: str
    counts: Counts
    changes: Frame
    shared: bool = False
    next_moment: datetime | None = None
    partitions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Changes:
    """What a sink must apply to bring one mall to the snapshot `until`.

    Attributes
    ----------
    mall_id : the mall
    kind : `difference` (to be applied), or `contents` (all products; other ids in the sink are extras)
    frame : columns op, mall_id, product_id, canonical columns, content_hash; key product_id
    until : the snapshot that the sink then equals
    count : number of rows in the frame, if known
    shared : whether the frame has rows of other malls too (`mallfeed.table.shared_frame`)
    """

    mall_id: str
    kind: Literal["difference", "contents"]
    frame: Frame
    until: Commit
    count: int | None = None
    shared: bool = False


class ProductTable(Protocol):
    """The Iceberg table, or its in-memory twin."""

    def head(self) -> Commit | None:
        """The current snapshot; None while the table has none."""

    def find(self, feed_id: str) -> Commit | None:
        """The snapshot whose summary names this feed, among the ancestors of the current one; None if none does."""

    def commit(self, staged: Sequence[Staged]) -> Commit:
        """Apply all change sets in one snapshot that names the feeds, even if nothing changes.

        Raises Transient after conflicts that retries did not resolve. If the outcome of a commit is
        unknown, `find` is asked before the commit is tried again.
        """

    def changes(self, mall_id: str, since: Commit, until: Commit) -> Changes:
        """The difference between two snapshots of a mall by content_hash.

        Raises SnapshotGone if `since` has expired or belongs to another table.
        """

    def contents(self, mall_id: str, at: Commit) -> Changes:
        """All the mall's products at a snapshot, for a full synchronisation."""
