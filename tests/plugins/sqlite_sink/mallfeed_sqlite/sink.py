"""Products and cursors in SQLite: a load is one transaction, guarded by the cursors in it."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from mallfeed.kinds.field import CanonicalField
from mallfeed.product.fields import PRODUCT_FIELDS
from mallfeed.sinks import frames
from mallfeed.sinks.cursors import moved, pending
from mallfeed.sinks.port import ClaimCheck, Cursor, MallLoad, SinkResult
from mallfeed.table.digest import Digest, Hashes, digest_of, within
from mallfeed.table.shared_frame import frames_of
from mallfeed_sqlite.schema import columns


class SqliteSink:
    """`mallfeed.sinks.port.Sink` over an open file (`schema.connect`)."""

    name = "sqlite"

    def __init__(
        self, connection: sqlite3.Connection, fields: Sequence[CanonicalField] = PRODUCT_FIELDS
    ) -> None:
        self._connection = connection
        self._columns = columns(fields)

    def cursors(self, mall_ids: Sequence[str]) -> dict[str, Cursor | None]:
        """See Sink."""
        return self._held_cursors(mall_ids)

    def load(
        self,
        loads: Sequence[MallLoad],
        epoch: int,
        check_claim: ClaimCheck,
        reapply: bool = False,
    ) -> SinkResult:
        """See Sink."""
        malls = [load.changes.mall_id for load in loads]
        if not pending(loads, self.cursors(malls), epoch, reapply):
            return SinkResult()
        check_claim()
        written, deleted = Counter[str](), Counter[str]()
        with self._transaction():
            # Asked again inside the transaction: what the caller believed may be old by now.
            for load in pending(loads, self._held_cursors(malls), epoch, reapply):
                self._apply(load, written, deleted)
                self._move(replace(moved(load, epoch), moved_at=datetime.now(UTC)))
            check_claim()
        return SinkResult(dict(written), dict(deleted))

    def malls(self) -> set[str]:
        """See Sink."""
        return {row[0] for row in self._connection.execute("SELECT mall_id FROM products")}

    def digest(self, mall_id: str) -> Digest:
        """See Sink."""
        return digest_of(self._hashes(mall_id).values())

    def hashes(self, mall_id: str, buckets: Collection[str]) -> Hashes:
        """See Sink."""
        return within(self._hashes(mall_id), buckets)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def _apply(self, load: MallLoad, written: Counter[str], deleted: Counter[str]) -> None:
        mall_id, kept = load.changes.mall_id, set()
        (frame,) = frames_of([load.changes])
        for row in frames.rows(frame):
            if row["op"] == "U":
                self._upsert(row)
                written[mall_id] += 1
                kept.add(row["product_id"])
            else:
                deleted[mall_id] += self._delete(mall_id, row["product_id"])
        if load.changes.kind == "contents":
            for product_id in self._hashes(mall_id).keys() - kept:
                deleted[mall_id] += self._delete(mall_id, product_id)

    def _upsert(self, row: dict[str, Any]) -> None:
        """Replaced whole: what only a later release knows is null in a row that is written again."""
        names = self._columns
        self._connection.execute(
            f"INSERT OR REPLACE INTO products ({', '.join(names)}) "
            f"VALUES ({', '.join('?' * len(names))})",
            [_text(row.get(name)) for name in names],
        )

    def _delete(self, mall_id: str, product_id: str) -> int:
        query = "DELETE FROM products WHERE mall_id = ? AND product_id = ?"
        return self._connection.execute(query, (mall_id, product_id)).rowcount

    def _hashes(self, mall_id: str) -> dict[str, str | None]:
        query = "SELECT product_id, content_hash FROM products WHERE mall_id = ?"
        return dict(self._connection.execute(query, (mall_id,)).fetchall())

    def _held_cursors(self, mall_ids: Sequence[str]) -> dict[str, Cursor | None]:
        query = (
            "SELECT mall_id, table_uuid, snapshot_id, seq, epoch, feed_id, moved_at FROM cursors"
        )
        found = {
            row[0]: Cursor(*row[:6], datetime.fromisoformat(row[6]))
            for row in self._connection.execute(query)
        }
        return {mall_id: found.get(mall_id) for mall_id in mall_ids}

    def _move(self, cursor: Cursor) -> None:
        assert cursor.moved_at is not None, "it has just been set"
        self._connection.execute(
            "INSERT OR REPLACE INTO cursors (mall_id, table_uuid, snapshot_id, seq, epoch, feed_id, "
            "moved_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                *(cursor.mall_id, cursor.table_uuid, cursor.snapshot_id, cursor.seq),
                *(cursor.epoch, cursor.feed_id, cursor.moved_at.isoformat()),
            ),
        )


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)
