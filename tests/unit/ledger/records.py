"""Feeds and plans for tests: small, valid, with a readable order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from mallfeed.ledger.identity import feed_id, order_key
from mallfeed.ledger.model import FeedRecord, Part, PlanRecord
from mallfeed.ledger.states import State

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def feed(number: int, mall: str = "mall_a", **changes: Any) -> FeedRecord:
    """The feed at position `number` in the mall's order; full and WAITING unless changed."""
    key = f"feeds/{mall}/{number:04d}.csv"
    identity = feed_id(mall, "feeds", key, "v1")
    values: dict[str, Any] = {
        "feed_id": identity,
        "mall_id": mall,
        "bucket": "feeds",
        "key": key,
        "version_id": "v1",
        "etag": f"etag{number}",
        "size_bytes": 1000,
        "parts": (Part(key=key, version_id="v1", size_bytes=1000, etag=f"etag{number}"),),
        "last_modified": at(number),
        "order": order_key(at(number), key, 0, identity),
        "arrived_at": at(number),
        "feed_time": at(number),
        "feed_name": "full",
        "format": "csv",
        "catalog_version": 1,
        "catalog_hash": "hash",
        "state": State.WAITING,
    }
    return FeedRecord(**{**values, **changes})


def delta(number: int, mall: str = "mall_a", **changes: Any) -> FeedRecord:
    return feed(number, mall, **{"mode": "delta", "feed_name": "delta", **changes})


def plan(name: str, *feeds: FeedRecord, **changes: Any) -> PlanRecord:
    values: dict[str, Any] = {
        "plan_id": name,
        "feed_ids": tuple(one.feed_id for one in feeds),
        "malls": tuple(one.mall_id for one in feeds),
        "created_at": at(100),
    }
    return PlanRecord(**{**values, **changes})
