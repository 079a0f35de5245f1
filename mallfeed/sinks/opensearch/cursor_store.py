"""Cursors beside the index: one document a physical index and mall, in `mallfeed-cursors`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from mallfeed.errors import SinkUnavailable
from mallfeed.sinks.opensearch.bootstrap import LiveIndex
from mallfeed.sinks.opensearch.index_template import CURSOR_INDEX
from mallfeed.sinks.port import Cursor, document_version


class CursorStore:
    """Reads and moves the cursors of one physical index.

    Each cursor document carries its own place as external version, so that a write that would move
    it back is refused by OpenSearch itself, whoever sends it.
    """

    def __init__(self, client: Any, index: LiveIndex) -> None:
        self._client = client
        self._index = index

    def read(self, mall_ids: Sequence[str]) -> dict[str, Cursor | None]:
        """By mall; None where there is none, or only one of an older index of the same name.

        Raises SinkUnavailable where OpenSearch cannot tell: taken for none, it would have the whole
        mall sent again.
        """
        if not mall_ids:
            return {}
        ids = [self._id(mall_id) for mall_id in mall_ids]
        answer = self._client.mget(index=CURSOR_INDEX, body={"ids": ids}, realtime=True)
        found = zip(mall_ids, answer["docs"], strict=True)
        return {mall_id: self._cursor(doc) for mall_id, doc in found}

    def move(self, cursor: Cursor, at: datetime) -> bool:
        """Write it; False when the stored one is further already."""
        from opensearchpy.exceptions import ConflictError

        body = {
            "index": self._index.name,
            "index_uuid": self._index.uuid,
            "mall_id": cursor.mall_id,
            "table_uuid": cursor.table_uuid,
            "snapshot_id": cursor.snapshot_id,
            "seq": cursor.seq,
            "epoch": cursor.epoch,
            "feed_id": cursor.feed_id,
            "moved_at": at.astimezone(UTC).isoformat(),
        }
        try:
            self._client.index(
                index=CURSOR_INDEX,
                id=self._id(cursor.mall_id),
                body=body,
                version=document_version(cursor.epoch, cursor.seq),
                version_type="external_gte",
            )
        except ConflictError:
            return False
        return True

    def _id(self, mall_id: str) -> str:
        return f"{self._index.name}/{self._index.uuid}/{mall_id}"

    def _cursor(self, doc: dict[str, Any]) -> Cursor | None:
        if "error" in doc:
            raise SinkUnavailable(f"OpenSearch cannot read the cursor {doc['_id']}: {doc['error']}")
        if not doc.get("found"):
            return None
        held = doc["_source"]
        return Cursor(
            mall_id=held["mall_id"],
            table_uuid=held["table_uuid"],
            snapshot_id=int(held["snapshot_id"]),
            seq=int(held["seq"]),
            epoch=int(held["epoch"]),
            feed_id=held.get("feed_id"),
            moved_at=datetime.fromisoformat(held["moved_at"]),
        )
