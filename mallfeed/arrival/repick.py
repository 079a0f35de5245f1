"""Chooses a feed's catalog version again, for a release or a replay."""

from __future__ import annotations

from collections.abc import Callable

from mallfeed.arrival.arrival import Arrivals
from mallfeed.arrival.arrived import Catalogs, with_choice
from mallfeed.arrival.choice import choose
from mallfeed.arrival.examine import Ignored
from mallfeed.arrival.key import place_of
from mallfeed.errors import FeedHeld
from mallfeed.ledger.model import FeedRecord

NOTHING_TO_READ = frozenset(
    {"empty_object", "object_gone", "manifest_invalid", "manifest_part_missing", "too_many_parts"}
)
"""Codes of feeds with nothing that could be loaded: they can only be dropped."""
LOOK_AGAIN = frozenset(
    {
        "unknown_mall", "no_catalog", "no_feed_for_key", "feed_time_invalid",
        "feed_time_in_future",
        "catalog_version_invalid", "catalog_unreadable",
    }
)  # fmt: skip
"""Codes of feeds that were held before their parts were known."""


def repick(
    arrivals: Arrivals, catalogs: Catalogs
) -> Callable[[FeedRecord, int | None], FeedRecord]:
    """The function that `mallfeed.ledger.operate` needs, over these catalogs."""

    def pick(record: FeedRecord, catalog_version: int | None) -> FeedRecord:
        if record.code in NOTHING_TO_READ:
            raise FeedHeld(
                record.code or "", f"{record.message} There is nothing to load: drop this feed"
            )
        if record.code in LOOK_AGAIN:
            return _looked_at_again(arrivals, record, catalog_version)
        return _picked(catalogs, record, catalog_version)

    return pick


def _looked_at_again(
    arrivals: Arrivals, record: FeedRecord, catalog_version: int | None
) -> FeedRecord:
    try:
        return arrivals.look_again(record, catalog_version)
    except Ignored as ignored:
        raise FeedHeld(ignored.code, f"{ignored.message}. Drop this feed") from ignored


def _picked(catalogs: Catalogs, record: FeedRecord, catalog_version: int | None) -> FeedRecord:
    versions = catalogs.versions(record.mall_id)
    if not versions:
        raise FeedHeld("unknown_mall", f"no catalog of mall {record.mall_id} is published")
    choice = choose(versions, record.mall_id, record.feed_time, catalog_version)
    feed_name = choice.catalog.feed_for_key(place_of(record.key).name)
    if feed_name is None and record.feed_name in choice.catalog.feeds:
        feed_name = record.feed_name  # a folder's signal matches only through its parts
    if feed_name is None:
        raise FeedHeld(
            "no_feed_for_key",
            f"{record.key} matches no feed of catalog v{choice.catalog.version} of {record.mall_id}",
        )
    return with_choice(record, choice, feed_name, catalog_version is not None)
