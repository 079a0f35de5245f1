"""Which catalog version a feed is read with: the one named in its metadata, or that of its feed-time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mallfeed.arrival.arrived import Choice
from mallfeed.arrival.bucket import ObjectFacts
from mallfeed.errors import FeedHeld

FEED_TIME = "feed-time"
CATALOG_VERSION = "catalog-version"


def feed_time_of(facts: ObjectFacts, zone: str) -> datetime:
    """The `feed-time` metadata (ISO 8601; without a zone in `zone`), else LastModified.

    Raises FeedHeld `feed_time_invalid`.
    """
    text = facts.metadata.get(FEED_TIME)
    if text is None:
        return facts.last_modified
    try:
        moment = datetime.fromisoformat(text.strip())
        return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    except ValueError as error:
        raise FeedHeld(
            "feed_time_invalid",
            f"metadata {FEED_TIME} is {text!r}; expected ISO 8601 such as 2026-11-22T09:00:00+09:00. "
            "Upload it again with a valid one, or release this feed to use its upload time",
        ) from error


MOST_AHEAD = timedelta(days=1)
"""Clocks and zones are off by hours; what is further ahead is a slip, and would make every later feed an older one."""


def check_feed_time(feed_time: datetime, now: datetime) -> None:
    """Raises FeedHeld `feed_time_in_future` if it is more than `MOST_AHEAD` from now."""
    if feed_time <= now + MOST_AHEAD:
        return
    raise FeedHeld(
        "feed_time_in_future",
        f"metadata {FEED_TIME} is {feed_time.isoformat()}, more than a day ahead of {now.isoformat()}: later feeds would "
        "count as older than this one. Upload it again with the time of its data, or release this feed to use its "
        "upload time",
    )


def ahead_remark(feed_time: datetime, uploaded: datetime) -> str:
    """What a feed's story says of a feed-time that counts as none."""
    return (
        f"arrived; metadata {FEED_TIME} {feed_time.isoformat()} is after the upload ({uploaded.isoformat()}) and counts "
        "as none"
    )


def named_version(facts: ObjectFacts) -> int | None:
    """The `catalog-version` metadata (`2` or `v2`); raises FeedHeld `catalog_version_invalid`."""
    text = facts.metadata.get(CATALOG_VERSION)
    if text is None:
        return None
    try:
        return int(text.strip().removeprefix("v"))
    except ValueError as error:
        raise FeedHeld(
            "catalog_version_invalid",
            f"metadata {CATALOG_VERSION} is {text!r}; expected a version number such as 2. Upload it "
            "again with a valid one, or release this feed with the name of a version",
        ) from error


def choose(
    versions: Sequence[Choice], mall_id: str, feed_time: datetime, named: int | None
) -> Choice:
    """The named version, or else the newest one in force at the feed-time.

    Raises FeedHeld `no_catalog`.
    """
    if named is not None:
        found = [one for one in versions if one.catalog.version == named]
        known = ", ".join(f"v{one.catalog.version}" for one in versions)
        missing = f"catalog version {named} of mall {mall_id} is not published (known: {known})"
    else:
        found = [one for one in versions if one.catalog.effective_from <= feed_time]
        first = min(one.catalog.effective_from for one in versions)
        missing = (
            f"no catalog of mall {mall_id} is in force at feed-time {feed_time.isoformat()}; the "
            f"first one is in force from {first.isoformat()}"
        )
    if not found:
        raise FeedHeld(
            "no_catalog", f"{missing}. Publish one, or release this feed with the name of a version"
        )
    return max(found, key=lambda one: (one.catalog.effective_from, one.catalog.version))
