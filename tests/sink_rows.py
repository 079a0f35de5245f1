"""Rows and loads for tests of the sinks, without Spark."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from mallfeed.sinks.port import FeedLoad, MallLoad
from mallfeed.table.counts import Counts
from mallfeed.table.port import Changes, Commit

TABLE = "3f0c6c5e-9d0b-4a55-a1d4-000000000001"
START = datetime(2026, 11, 1, tzinfo=UTC)


def upsert(mall_id: str, product_id: str, price: int = 12900, **other: Any) -> dict[str, Any]:
    """A product as it comes out of the table."""
    row = {
        "op": "U",
        "mall_id": mall_id,
        "product_id": product_id,
        "title": f"무선 이어폰 {product_id}",
        "price": Decimal(price),
        "currency": "KRW",
        "url": f"https://shop.example/{product_id}",
        "category_path": ["전자", "이어폰"],
        "availability": "in_stock",
        "content_hash": f"{product_id}-{price}",
    }
    return {**row, **other}


def delete(mall_id: str, product_id: str) -> dict[str, Any]:
    """A product that has gone."""
    return {"op": "D", "mall_id": mall_id, "product_id": product_id}


def commit(seq: int, table: str = TABLE) -> Commit:
    """The snapshot with that sequence number."""
    return Commit(table, 1000 + seq, seq)


def at(seq: int) -> datetime:
    """When that snapshot was committed."""
    return START + timedelta(minutes=seq)


def load(
    mall_id: str,
    seq: int,
    *rows: dict[str, Any],
    kind: Literal["difference", "contents"] = "difference",
    table: str = TABLE,
) -> MallLoad:
    """The mall's load to that snapshot, with one feed."""
    changes = Changes(mall_id, kind, list(rows), commit(seq, table), len(rows))
    return MallLoad(changes, (feed_load(mall_id, seq, len(rows)),))


def feed_load(mall_id: str, seq: int, changed: int = 0) -> FeedLoad:
    """The feed that led to that snapshot."""
    return FeedLoad(
        feed_id=f"{mall_id}-{seq:016d}",
        mall_id=mall_id,
        feed_name="full",
        catalog_version=1,
        catalog_hash="c0ffee",
        key=f"feeds/{mall_id}/it's-{seq}\\.csv",
        size_bytes=1234,
        counts=Counts(rows_read=changed, accepted=changed, changed=changed),
        started_at=at(seq) - timedelta(seconds=30),
        committed_at=at(seq),
        seq=seq,
    )
