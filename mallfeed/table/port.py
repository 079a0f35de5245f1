"""The product table's port, in words the load use case understands.

Frames are opaque here (`Frame`): Spark DataFrames in the job, lists of dicts in memory, so that
order, crash and fault proofs run the very use case that the job runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from mallfeed.table.counts import Counts

Frame = Any


@dataclass(frozen=True)
class Commit:
    """A snapshot of the product table.

    Attributes
    ----------
    table_uuid : which table; a recreated one differs
    snapshot_id : Iceberg's id
    seq : Iceberg's sequence number, rising with each commit
    """

    table_uuid: str
    snapshot_id: int
    seq: int


@dataclass(frozen=True)
class Staged:
    """A feed read, normalised, checked and compared with the table, ready to be committed.

    `changes` has one row a product that must change: `op` 'U' (with all product columns) or 'D'
    (key only), key (mall_id, product_id). It is also the difference of the snapshots before and
    after the commit. A `shared` frame has rows of other malls as well (`mallfeed.table.shared_frame`).
    """

    feed_id: str
    mall_id: str
    counts: Counts
    changes: Frame
    shared: bool = False


@dataclass(frozen=True)
class Changes:
    """What a sink must do for one mall to come to `until`.

    Attributes
    ----------
    mall_id : whose
    kind : `difference` (apply it), or `contents` (all products; the sink's other ids are extras)
    frame : columns op, mall_id, product_id, canonical columns, content_hash; key product_id
    until : the snapshot to which it leads
    count : rows in the frame when known
    shared : the frame has rows of other malls as well (`mallfeed.table.shared_frame`)
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
        """The current snapshot; None while the table is empty and has none."""

    def find(self, feed_id: str) -> Commit | None:
        """The snapshot whose summary names this feed, among the current one's ancestors."""

    def commit(self, staged: Sequence[Staged]) -> Commit:
        """Apply all change sets in one snapshot that names the feeds (even when nothing changed).

        Raises Transient after conflicts that retries did not resolve. A commit whose outcome is
        unknown is looked for by `find` before it is tried again.
        """

    def changes(self, mall_id: str, since: Commit, until: Commit) -> Changes:
        """The mall's difference of two snapshots by content_hash.

        Raises SnapshotGone when `since` has expired or belongs to another table.
        """

    def contents(self, mall_id: str, at: Commit) -> Changes:
        """All the mall's products at a snapshot, for a full synchronisation."""
