"""Feeds that say again what is published already."""

from __future__ import annotations

from collections.abc import Sequence

from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import UNSETTLED, State


def unchanged_bytes(
    record: FeedRecord, published: FeedRecord, feeds: Sequence[FeedRecord], code_version: str
) -> bool:
    """Whether a full feed equals the published one in all that decides what comes out of it.

    That is: bytes, feed name, catalog text and code; nothing loaded after the published one, and
    nothing unsettled in the mall (so both cursors stand at it).
    """
    if record.mode != "full" or record.order <= published.order:
        return False
    same = (
        bool(record.etag)
        and (record.etag, record.size_bytes) == (published.etag, published.size_bytes)
        and (record.feed_name, record.catalog_hash) == (published.feed_name, published.catalog_hash)
        and code_version == published.code_version
    )
    quiet = not any(
        feed.state in UNSETTLED or (feed.state is State.LOADED and feed.order > published.order)
        for feed in feeds
    )
    return same and quiet


def same_parts(record: FeedRecord, feeds: Sequence[FeedRecord]) -> FeedRecord | None:
    """The feed that is made of the very same object versions, when a folder's signal is repeated.

    The same parts are the same feed, whatever the signal's version.
    """
    if record.parts and record.parts[0].key == record.key:
        return None
    return next(
        (
            feed
            for feed in feeds
            if feed.key == record.key
            and feed.etag == record.etag
            and feed.feed_id != record.feed_id
            and feed.order < record.order
        ),
        None,
    )
