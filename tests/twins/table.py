"""The product table in memory: the same port and rules, so that thousands of faults can be tried.

Frames are lists of dicts with `op`, `mall_id`, `product_id`, canonical columns, `content_hash`.
`fault(point)` is called before and after each side effect; what it raises is a crash there.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mallfeed.errors import SnapshotGone
from mallfeed.product.supplement import MEMORY, partition_of, slice_of, supplement_in
from mallfeed.table.digest import Digest, Hashes, digest_of, within
from mallfeed.table.port import TABLE_ONLY, Changes, Commit, Staged

Row = dict[str, Any]
Products = Mapping[str, Row]
"""Product id → its row."""


@dataclass(frozen=True)
class _Snapshot:
    commit: Commit
    feeds: Mapping[str, str]
    malls: Mapping[str, Products]


@dataclass
class MemoryTable:
    """`mallfeed.load.ports.LoadTable` in memory."""

    fault: Callable[[str], None] = lambda _: None
    table_uuid: str = field(default_factory=lambda: str(uuid.uuid4()))
    _snapshots: list[_Snapshot] = field(default_factory=list)
    _next_id: int = 1
    _seq: int = 0

    def head(self) -> Commit | None:
        """The current snapshot."""
        return self._snapshots[-1].commit if self._snapshots else None

    def find(self, feed_id: str) -> Commit | None:
        """The snapshot that carries the feed."""
        carrying = [s.commit for s in self._snapshots if feed_id in s.feeds.values()]
        return carrying[0] if carrying else None

    def products(self, mall_id: str, at: Commit | None = None) -> Products:
        """A mall's products, by default now: product id → row."""
        if not self._snapshots:
            return {}
        snapshot = self._snapshots[-1] if at is None else self._snapshot(at)
        return snapshot.malls.get(mall_id, {})

    def shown(self, mall_id: str, at: Commit) -> Products:
        """The products that sinks have."""
        return {
            key: row for key, row in self.products(mall_id, at).items() if not row.get("expired")
        }

    def commit(self, staged: Sequence[Staged]) -> Commit:
        """Apply the change sets in one snapshot."""
        self.fault("table: before commit")
        malls = dict(self._snapshots[-1].malls) if self._snapshots else {}
        for feed in staged:
            for partition in (feed.mall_id, *feed.partitions):
                own = [row for row in feed.changes if row["mall_id"] == partition]
                malls[partition] = _applied(malls.get(partition, {}), own)
        self._seq += 1
        commit = Commit(self.table_uuid, self._next_id, self._seq)
        self._next_id += 1
        feeds = {feed.mall_id: feed.feed_id for feed in staged}
        self._snapshots.append(_Snapshot(commit, feeds, malls))
        self.fault("table: after commit")
        return commit

    def commits(self, mall_id: str, since: Commit, until: Commit) -> list[Commit]:
        """Commits that carry a feed of the mall."""
        between = self._between(since, until)
        return [snapshot.commit for snapshot in between if mall_id in snapshot.feeds]

    def supplements(self, mall_id: str, at: Commit | None = None) -> tuple[str, ...]:
        """Those that have rows."""
        if not self._snapshots:
            return ()
        snapshot = self._snapshots[-1] if at is None else self._snapshot(at)
        found = (supplement_in(one) for one, held in snapshot.malls.items() if held)
        names = (of[1] for of in found if of is not None and of[0] == mall_id)
        return tuple(sorted(name for name in names if name != MEMORY))

    def slices(self, mall_id: str, at: Commit) -> dict[str | None, int]:
        """Slice → number of products, and of rows of each supplement."""
        found = Counter(row.get("slice") for row in self.products(mall_id, at).values())
        for name in self.supplements(mall_id, at):
            found[slice_of(name)] = len(self.products(partition_of(mall_id, name), at))
        return dict(found)

    def served(self, staged: Staged, first: bool = False) -> list[Row]:
        """As sinks apply it."""
        rows: list[Row] = [one for one in staged.changes if one["mall_id"] == staged.mall_id]
        if first:
            return [row for row in rows if row["op"] == "U" and not row.get("expired")]
        return [
            deleted(row["mall_id"], row["product_id"]) if row.get("expired") else row
            for row in rows
            if row["op"] != TABLE_ONLY
        ]

    def changes(self, mall_id: str, since: Commit, until: Commit) -> Changes:
        """The difference by content_hash."""
        self._between(since, until)
        old, new = self.shown(mall_id, since), self.shown(mall_id, until)
        upserts = [row for key, row in new.items() if _hash(old.get(key)) != row["content_hash"]]
        deletes = [deleted(mall_id, key) for key in old if key not in new]
        return Changes(mall_id, "difference", [*upserts, *deletes], until)

    def contents(self, mall_id: str, at: Commit) -> Changes:
        """All products."""
        return Changes(mall_id, "contents", list(self.shown(mall_id, at).values()), at)

    def nothing(self, mall_id: str, until: Commit) -> Changes:
        """No change."""
        return Changes(mall_id, "difference", [], until, 0)

    def malls(self) -> set[str]:
        """Every mall that has products now."""
        malls = self._snapshots[-1].malls
        return {mall for mall, held in malls.items() if held and supplement_in(mall) is None}

    def digest(self, mall_id: str, at: Commit) -> Digest:
        """The mall's digest."""
        return digest_of(row["content_hash"] for row in self.shown(mall_id, at).values())

    def hashes(self, mall_id: str, at: Commit, buckets: Collection[str]) -> Hashes:
        """Product id → content_hash."""
        held = self.shown(mall_id, at)
        return within({key: row["content_hash"] for key, row in held.items()}, buckets)

    def mending(self, mall_id: str, at: Commit, product_ids: Collection[str]) -> Changes:
        """These products as they are at the snapshot."""
        held = self.shown(mall_id, at)
        rows = [held.get(one) or deleted(mall_id, one) for one in sorted(product_ids)]
        return Changes(mall_id, "difference", rows, at, len(rows))

    def next_moment(self, mall_id: str, after: datetime) -> datetime | None:
        """The first moment of a row (`moments`, a list) behind `after` and the one at which it was judged."""
        ahead = [
            moment
            for row in self.products(mall_id).values()
            for moment in row.get("moments", ())
            if moment > max(after, row.get("judged_at", after))
        ]
        return min(ahead, default=None)

    def touch(self) -> Commit:
        """A snapshot that changes nothing."""
        return self.commit(())

    def expire(self, keep: int = 1) -> None:
        """Forget all but the newest snapshots."""
        self._snapshots = self._snapshots[-keep:]

    def recreate(self) -> None:
        """Another table with the same products, whose sequence starts again."""
        malls = self._snapshots[-1].malls if self._snapshots else {}
        self.table_uuid, self._seq = str(uuid.uuid4()), 1
        commit = Commit(self.table_uuid, self._next_id, self._seq)
        self._next_id += 1
        self._snapshots = [_Snapshot(commit, {}, malls)]

    def _between(self, since: Commit, until: Commit) -> list[_Snapshot]:
        if since.table_uuid != until.table_uuid:
            raise SnapshotGone("another table")
        ids = [snapshot.commit.snapshot_id for snapshot in self._snapshots]
        if since.snapshot_id not in ids:
            raise SnapshotGone(f"snapshot {since.snapshot_id} no longer exists")
        start, end = ids.index(since.snapshot_id), ids.index(until.snapshot_id)
        return self._snapshots[start + 1 : end + 1]

    def _snapshot(self, commit: Commit) -> _Snapshot:
        for snapshot in self._snapshots:
            if snapshot.commit.snapshot_id == commit.snapshot_id:
                return snapshot
        raise SnapshotGone(f"snapshot {commit.snapshot_id} no longer exists")


def deleted(mall_id: str, product_id: str) -> Row:
    """A delete in a change set."""
    return {"op": "D", "mall_id": mall_id, "product_id": product_id, "content_hash": None}


def _applied(products: Products, changes: Sequence[Row]) -> Products:
    after = dict(products)
    for row in changes:
        if row["op"] == "D":
            after.pop(row["product_id"], None)
        else:
            after[row["product_id"]] = row | {"op": "U"}
    return after


def _hash(row: Row | None) -> str | None:
    return None if row is None else row["content_hash"]
