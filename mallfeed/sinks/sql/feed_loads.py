"""A feed's row in `feed_loads`, written in the transaction that loads it."""

# ruff: noqa: S608 - values enter through `literals` only
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mallfeed.sinks.port import FeedLoad
from mallfeed.sinks.sql import literals as lit
from mallfeed.sinks.sql.inserts import inserts

FEEDS = "mallfeed_feeds"


def feed_loads(feeds: Sequence[FeedLoad], now: datetime, most_bytes: int) -> list[str]:
    """A feed's row is written once; a repeat leaves it as it is.

    By position, in the order of `tables`: columns that a later release has added lie behind these, and
    stay null ("the first n columns are loaded", Redshift developer guide, INSERT).
    """
    if not feeds:
        return []
    return [
        f"CREATE TEMP TABLE {FEEDS} (LIKE feed_loads)",
        *inserts(FEEDS, [_row(feed, now) for feed in feeds], most_bytes),
        f"DELETE FROM {FEEDS} USING feed_loads WHERE feed_loads.feed_id = {FEEDS}.feed_id",
        f"INSERT INTO feed_loads SELECT * FROM {FEEDS}",
    ]


def _row(feed: FeedLoad, now: datetime) -> str:
    counts = feed.counts
    return lit.row(
        lit.text(feed.feed_id),
        lit.text(feed.mall_id),
        lit.text(feed.feed_name),
        lit.number(feed.catalog_version),
        lit.text(feed.catalog_hash),
        lit.text(feed.key),
        lit.number(feed.size_bytes),
        lit.number(counts.rows_read),
        lit.number(counts.accepted),
        lit.number(counts.changed),
        lit.number(counts.vanished),
        lit.number(counts.rejected),
        lit.number(counts.warnings),
        lit.timestamp(feed.started_at),
        lit.timestamp(feed.committed_at),
        lit.timestamp(now),
        lit.number(feed.seq),
    )
