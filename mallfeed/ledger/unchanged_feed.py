"""Full feeds that repeat what is already published: they need no run."""

from __future__ import annotations

from collections.abc import Sequence

from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import UNSETTLED, State


def unchanged_bytes(record: FeedRecord, published: FeedRecord, feeds: Sequence[FeedRecord]) -> bool:
    """Whether a waiting full feed equals the published one in everything that decides its outcome.

    That is: bytes, feed name, catalog text and code; nothing loaded after the published one, in
    whatever slice (it may have taken products over), and nothing else unsettled in the mall (so both cursors stand
    at it). A feed that a person asked
    for never counts as unchanged, and neither does one that brings back products that have gone silent.
    """
    if record.mode != "full" or record.order <= published.order or record.released:
        return False
    if published.gone_silent:
        return False
    return _same(record, published) and not any(
        feed.state in UNSETTLED or (_is_in_the_shop(feed) and feed.order > published.order)
        for feed in feeds
        if feed.feed_id != record.feed_id
    )


def _is_in_the_shop(feed: FeedRecord) -> bool:
    return feed.state is State.LOADED or feed.is_published_full


def _same(record: FeedRecord, published: FeedRecord) -> bool:
    return (
        bool(record.etag)
        and (record.etag, record.size_bytes) == (published.etag, published.size_bytes)
        and (record.feed_name, record.catalog_hash) == (published.feed_name, published.catalog_hash)
        and record.code_version == published.code_version
    )
