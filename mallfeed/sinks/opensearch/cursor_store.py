"""Cursors, stored beside the indices: one document per physical index and mall, in `mallfeed-cursors`."""

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

    The external version of each cursor document is its position, so OpenSearch itself refuses any write
    that would move a cursor back.
    """

    def __init__(self, client: Any, index: LiveIndex) -> None:
        self._client = client
        self._index = index

    def read(self, mall_ids: Sequence[str]) -> dict[str, Cursor | None]:
        """Mall → its cursor; None if there is none, or only one of an older index with the same name.

        Raises SinkUnavailable if OpenSearch cannot read a cursor: treating it as missing would send all
        products of the mall again.
        """
        if not mall_ids:
            return {}
        ids = [self._id(mall_id) for mall_id in mall_ids]
        answer = self._client.mget(index=CURSOR_INDEX, body={"ids": ids}, realtime=True)
        docs = zip(mall_ids, answer["docs"], strict=True)
        return {mall_id: self._cursor(doc) for mall_id, doc in docs}

    def move(self, cursor: Cursor, at: datetime) -> bool:
        """Write the cursor; False if the stored one is further ahead."""
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
        source = doc["_source"]
        return Cursor(
            mall_id=source["mall_id"],
            table_uuid=source["table_uuid"],
            snapshot_id=int(source["snapshot_id"]),
            seq=int(source["seq"]),
            epoch=int(source["epoch"]),
            feed_id=source.get("feed_id"),
            moved_at=datetime.fromisoformat(source["moved_at"]),
        )
