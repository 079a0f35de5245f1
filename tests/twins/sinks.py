"""In-memory twins of the two sinks: same port, same rules, no services. Frames are lists of dicts.

`MemoryIndex` behaves as OpenSearch does: one document at a time, external versions, tombstones that
expire, a cursor that is moved last. `MemoryWarehouse` behaves as Redshift does: one transaction,
guarded by the mall's state. Both call `fault(point)` before each side effect, so that a test can
crash them there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from mallfeed.errors import SinkRefused
from mallfeed.sinks.cursors import moved, pending
from mallfeed.sinks.opensearch.document import document
from mallfeed.sinks.port import (
    ClaimCheck,
    Cursor,
    FeedLoad,
    MallLoad,
    Refusal,
    SinkResult,
    document_version,
)
from mallfeed.sinks.redshift.dialect import LAYOUT
from mallfeed.sinks.sql.columns import PRICE_COLUMNS
from mallfeed.table.digest import Digest, Hashes, digest_of, within

Key = tuple[str, str]
Fault = Callable[[str], None]
"""Called with the name of the side effect that is about to happen; may raise."""


def no_fault(_point: str) -> None:
    """Nothing goes wrong."""


def no_refusal(_document: Mapping[str, Any]) -> str | None:
    """Every document is taken."""
    return None


@dataclass
class _Stored:
    version: int
    document: dict[str, Any] | None  # None is a tombstone


class MemoryIndex:
    """A physical index. `refuse` returns a reason for documents that it would not take."""

    def __init__(
        self,
        name: str = "memory-index",
        fault: Fault = no_fault,
        refuse: Callable[[Mapping[str, Any]], str | None] = no_refusal,
    ) -> None:
        self.name = name
        self.fault = fault
        self.refuse = refuse
        self._stored: dict[Key, _Stored] = {}
        self._cursors: dict[str, Cursor] = {}

    def cursors(self, mall_ids: Sequence[str]) -> dict[str, Cursor | None]:
        """See Sink."""
        self.fault("index: read cursors")
        return {mall_id: self._cursors.get(mall_id) for mall_id in mall_ids}

    def load(
        self,
        loads: Sequence[MallLoad],
        epoch: int,
        check_claim: ClaimCheck,
        reapply: bool = False,
    ) -> SinkResult:
        """See Sink."""
        malls = [load.changes.mall_id for load in loads]
        todo = pending(loads, self.cursors(malls), epoch, reapply)
        if not todo:
            return SinkResult()
        check_claim()
        counts = _Counts()
        for load in todo:
            self._apply(load, document_version(epoch, load.changes.until.seq), counts)
        for load in todo:
            check_claim()
            self.fault("index: move cursor")
            self._move(moved(load, epoch))
        return counts.result()

    def documents(self, mall_id: str) -> dict[str, dict[str, Any]]:
        """The mall's documents that searches can see, by product id."""
        return {
            product_id: held.document
            for (mall, product_id), held in self._stored.items()
            if mall == mall_id and held.document is not None
        }

    def malls(self) -> set[str]:
        """See Sink."""
        return {key[0] for key, held in self._stored.items() if held.document is not None}

    def digest(self, mall_id: str) -> Digest:
        """See Sink."""
        return digest_of(one.get("content_hash") for one in self.documents(mall_id).values())

    def hashes(self, mall_id: str, buckets: Collection[str]) -> Hashes:
        """See Sink."""
        held = self.documents(mall_id)
        return within({key: one.get("content_hash") for key, one in held.items()}, buckets)

    def lose(self, mall_id: str, product_id: str) -> None:
        """Remove a document silently, so that only reconciling can notice it."""
        self._stored.pop((mall_id, product_id), None)

    def lapse_tombstones(self) -> None:
        """What happens when `index.gc_deletes` has passed."""
        self._stored = {key: held for key, held in self._stored.items() if held.document}

    def _apply(self, load: MallLoad, version: int, counts: _Counts) -> None:
        mall_id = load.changes.mall_id
        held_before = set(self.documents(mall_id))
        for row in load.changes.frame:
            key = (row["mall_id"], row["product_id"])
            self._write(key, version, document(row) if row["op"] == "U" else None, counts)
        if load.changes.kind == "contents":
            wanted = {row["product_id"] for row in load.changes.frame if row["op"] == "U"}
            for product_id in sorted(held_before - wanted):
                self._write((mall_id, product_id), version, None, counts)

    def _write(
        self, key: Key, version: int, wanted: dict[str, Any] | None, counts: _Counts
    ) -> None:
        self.fault("index: write document")
        held = self._stored.get(key)
        if held is not None and held.version > version:
            counts.stale[key[0]] += 1
            return
        reason = self.refuse(wanted) if wanted is not None else None
        if reason is not None:
            counts.refused.append(Refusal(*key, "document_parsing_exception", reason))
            return
        self._stored[key] = _Stored(version, wanted)
        if wanted is not None:
            counts.written[key[0]] += 1
        elif held is not None and held.document is not None:
            counts.deleted[key[0]] += 1

    def _move(self, cursor: Cursor) -> None:
        held = self._cursors.get(cursor.mall_id)
        if held is None or (held.epoch, held.seq) <= (cursor.epoch, cursor.seq):
            self._cursors[cursor.mall_id] = replace(cursor, moved_at=datetime.now(UTC))


@dataclass
class PriceRow:
    """A row of product_price_history."""

    mall_id: str
    product_id: str
    valid_from: datetime
    prices: tuple[Any, ...]
    valid_to: datetime | None = None


@dataclass
class WarehouseState:
    """What one transaction changes as a whole."""

    products: dict[Key, dict[str, Any]] = field(default_factory=dict)
    history: list[PriceRow] = field(default_factory=list)
    feed_loads: dict[str, FeedLoad] = field(default_factory=dict)
    cursors: dict[str, Cursor] = field(default_factory=dict)


class MemoryWarehouse:
    """The warehouse: everything of a load, or nothing.

    `refuse` returns a reason for rows that its COPY would not take: they cost the whole load.
    """

    def __init__(
        self,
        name: str = "memory-warehouse",
        fault: Fault = no_fault,
        refuse: Callable[[Mapping[str, Any]], str | None] = no_refusal,
    ) -> None:
        self.name = name
        self.fault = fault
        self.refuse = refuse
        self.state = WarehouseState()

    def cursors(self, mall_ids: Sequence[str]) -> dict[str, Cursor | None]:
        """See Sink."""
        self.fault("warehouse: read cursors")
        return {mall_id: self.state.cursors.get(mall_id) for mall_id in mall_ids}

    def load(
        self,
        loads: Sequence[MallLoad],
        epoch: int,
        check_claim: ClaimCheck,
        reapply: bool = False,
    ) -> SinkResult:
        """See Sink."""
        malls = [load.changes.mall_id for load in loads]
        todo = pending(loads, self.cursors(malls), epoch, reapply)
        if not todo:
            return SinkResult()
        check_claim()
        self.fault("warehouse: write stage")
        self._stage(todo)
        check_claim()
        after, counts = deepcopy(self.state), _Counts()
        # The guard reads again inside the transaction, whatever the caller believed before it.
        for load in pending(todo, after.cursors, epoch, reapply):
            _apply_to_warehouse(after, load, moved(load, epoch), counts)
        for load in todo:
            for feed in load.feeds:
                after.feed_loads.setdefault(feed.feed_id, feed)
        self.fault("warehouse: commit")
        self.state = after
        self.fault("warehouse: answer")
        return counts.result()

    def _stage(self, loads: Sequence[MallLoad]) -> None:
        rows = (row for load in loads for row in load.changes.frame if row["op"] == "U")
        for reason in filter(None, map(self.refuse, rows)):
            raise SinkRefused(f"COPY failed: {reason}")

    def products(self, mall_id: str) -> dict[str, dict[str, Any]]:
        """The mall's rows by product id."""
        return {key[1]: row for key, row in self.state.products.items() if key[0] == mall_id}

    def malls(self) -> set[str]:
        """See Sink."""
        return {*self.state.cursors, *(key[0] for key in self.state.products)}

    def digest(self, mall_id: str) -> Digest:
        """See Sink."""
        return digest_of(one.get("content_hash") for one in self.products(mall_id).values())

    def hashes(self, mall_id: str, buckets: Collection[str]) -> Hashes:
        """See Sink."""
        held = self.products(mall_id)
        return within({key: one.get("content_hash") for key, one in held.items()}, buckets)


def _apply_to_warehouse(
    state: WarehouseState, load: MallLoad, cursor: Cursor, counts: _Counts
) -> None:
    changes = load.changes
    mall_id = changes.mall_id
    rows = list(changes.frame)
    if changes.kind == "contents":
        wanted = {row["product_id"] for row in rows}
        extras = sorted(
            key[1] for key in state.products if key[0] == mall_id and key[1] not in wanted
        )
        rows += [{"op": "D", "mall_id": mall_id, "product_id": one} for one in extras]
    at = max((feed.committed_at for feed in load.feeds), default=datetime.now(UTC))
    for row in rows:
        _note_price(state, row, at)
        key = (mall_id, row["product_id"])
        if row["op"] == "U":
            state.products[key] = {column.name: row.get(column.name) for column in LAYOUT.products}
            counts.written[mall_id] += 1
        else:
            gone = state.products.pop(key, None)
            counts.deleted.update([mall_id] if gone is not None else [])
    state.cursors[mall_id] = replace(cursor, moved_at=datetime.now(UTC))


def _note_price(state: WarehouseState, row: Mapping[str, Any], at: datetime) -> None:
    prices = tuple(row.get(name) for name in PRICE_COLUMNS)
    for held in state.history:
        if (held.mall_id, held.product_id) != (row["mall_id"], row["product_id"]):
            continue
        if held.valid_to is None:
            if row["op"] == "U" and held.prices == prices:
                return
            held.valid_to = at
    if row["op"] == "U":
        state.history.append(PriceRow(row["mall_id"], row["product_id"], at, prices))


@dataclass
class _Counts:
    written: Counter[str] = field(default_factory=Counter)
    deleted: Counter[str] = field(default_factory=Counter)
    stale: Counter[str] = field(default_factory=Counter)
    refused: list[Refusal] = field(default_factory=list)

    def result(self) -> SinkResult:
        return SinkResult(
            dict(self.written), dict(self.deleted), dict(self.stale), tuple(self.refused)
        )
