"""Bulk requests: their items, and how these are packed into bodies of bounded size."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

Op = Literal["index", "delete"]


class BulkItem(NamedTuple):
    """One document to write or delete.

    `version` is external (`external_gte`: an equal one may be written again). `source` is the document
    as JSON in UTF-8 without line breaks; None for a delete.
    """

    document_id: str
    op: Op
    version: int
    source: bytes | None

    @property
    def mall_id(self) -> str:
        """The part of the document id before the first colon: mall ids have none."""
        return self.document_id.partition(":")[0]

    @property
    def product_id(self) -> str:
        """The part of the document id after the mall's id."""
        return self.document_id.partition(":")[2]

    @property
    def size_bytes(self) -> int:
        """About how many bytes it takes in a body; the action line counts as 100 bytes and the id."""
        return 100 + len(self.document_id) + len(self.source or b"")


@dataclass(frozen=True)
class BatchLimits:
    """A body ends at whichever limit is reached first; a single document that is larger is sent alone."""

    max_bytes: int = 6 * 1024 * 1024
    max_items: int = 5_000


def batches(items: Iterable[BulkItem], limits: BatchLimits) -> Iterator[list[BulkItem]]:
    """The items in their order, in lists that make one body each."""
    batch: list[BulkItem] = []
    size = 0
    for item in items:
        if batch and (size + item.size_bytes > limits.max_bytes or len(batch) >= limits.max_items):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += item.size_bytes
    if batch:
        yield batch


def body(batch: Iterable[BulkItem]) -> bytes:
    """The NDJSON of a bulk request to one index (`POST /<index>/_bulk`)."""
    lines: list[bytes] = []
    for item in batch:
        action = {
            "_id": item.document_id,
            "version": item.version,
            "version_type": "external_gte",
        }
        lines.append(json.dumps({item.op: action}, ensure_ascii=False).encode())
        if item.source is not None:
            lines.append(item.source)
    lines.append(b"")
    return b"\n".join(lines)
