"""The feed engine in memory: feeds are lists of rows, staged against the in-memory table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Any

from mallfeed.errors import FeedHeld, SnapshotGone
from mallfeed.ledger.model import FeedRecord
from mallfeed.sinks.port import Refusal
from mallfeed.table.counts import Counts
from mallfeed.table.port import Commit, Staged
from tests.model.oracle import Said
from tests.twins.table import MemoryTable, deleted


def product(mall_id: str, product_id: str, value: int) -> dict[str, Any]:
    """A canonical row whose only difference is its price."""
    return {
        "op": "U",
        "mall_id": mall_id,
        "product_id": product_id,
        "title": f"상품 {product_id}",
        "price": Decimal(value),
        "currency": "KRW",
        "url": f"https://shop.example/{product_id}",
        "category_path": ["전자"],
        "content_hash": sha256(f"{product_id}={value}".encode()).hexdigest(),
    }


class MemoryEngine:
    """`mallfeed.load.ports.FeedEngine` over the rows of feeds in memory."""

    def __init__(
        self,
        said: dict[str, Said],
        table: MemoryTable,
        fault: Callable[[str], None],
        rejects_of: set[str],
    ) -> None:
        self._said = said
        self._table = table
        self._fault = fault
        self._rejects_of = rejects_of

    def ahead(self, feeds: Sequence[tuple[FeedRecord, Sequence[str]]]) -> None:
        """Nothing is staged for several feeds at once."""

    def stage(self, feed: FeedRecord, later_deltas: Sequence[str]) -> Staged:
        """See the port: the last operation of each product counts."""
        self._fault("engine: copy exactly")
        if feed.rollback_to is not None:
            return self._restored(feed, feed.rollback_to)
        said = self._said[feed.feed_id]
        if said.bad:
            raise FeedHeld("undecodable", "byte 12 is not utf-8")
        overridden = {pid for later in later_deltas for _, pid, _ in self._said[later].rows}
        last = {pid: (op, value) for op, pid, value in said.rows}
        held = self._table.products(feed.mall_id)
        changes = []
        for pid, (op, value) in last.items():
            if pid in overridden:
                continue
            row = product(feed.mall_id, pid, value)
            if op == "D" and pid in held:
                changes.append(deleted(feed.mall_id, pid))
            elif op == "U" and (
                pid not in held or held[pid]["content_hash"] != row["content_hash"]
            ):
                changes.append(row)
        if said.full:
            gone = [pid for pid in held if pid not in last and pid not in overridden]
            changes += [deleted(feed.mall_id, pid) for pid in gone]
        self._fault("engine: write outcome")
        counts = Counts(
            rows_read=len(said.rows),
            changed=sum(row["op"] == "U" for row in changes),
            vanished=sum(row["op"] == "D" for row in changes),
            products_before=len(held),
        )
        return Staged(feed.feed_id, feed.mall_id, counts, changes)

    def _restored(self, feed: FeedRecord, snapshot_id: int) -> Staged:
        try:
            at = Commit(self._table.table_uuid, snapshot_id, 0)
            then, held = self._table.products(feed.mall_id, at), self._table.products(feed.mall_id)
        except SnapshotGone as gone:
            raise FeedHeld("snapshot_expired", str(gone)) from gone
        changes = [row for key, row in then.items() if held.get(key) != row]
        changes += [deleted(feed.mall_id, key) for key in held if key not in then]
        upserts = sum(row["op"] == "U" for row in changes)
        counts = Counts(changed=upserts, vanished=len(changes) - upserts, products_before=len(held))
        return Staged(feed.feed_id, feed.mall_id, counts, changes)

    def vouch(self, staged: Staged, feed: FeedRecord) -> None:
        """No guard holds anything here."""

    def keep_rejects(self, feed_ids: Sequence[str]) -> None:
        """No row is refused here; remembers for which feeds this was called."""
        self._fault("engine: keep rejects")
        self._rejects_of.update(feed_ids)

    def counts(self, feed_id: str) -> Counts | None:
        """No counts are remembered."""
        return None


class QuietReporter:
    """Records which feeds it is to report, and crashes where the schedule says so."""

    def __init__(self, fault: Callable[[str], None], told: list[FeedRecord]) -> None:
        self._fault = fault
        self._told = told

    def coming(self, feeds: Sequence[FeedRecord]) -> None:
        """Nothing to collect."""

    def finished(self, feed: FeedRecord, refused: Sequence[Refusal]) -> None:
        """See the port."""
        self._fault("reporter: write")
        self._told.append(feed)
