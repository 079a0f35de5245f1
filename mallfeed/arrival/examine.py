"""Examines an arrived object step by step: the object, its catalog and feed name, its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mallfeed.arrival.arrived import Arrived, Catalogs, Choice
from mallfeed.arrival.bucket import FeedBucket, ObjectFacts
from mallfeed.arrival.choice import (
    FEED_TIME,
    ahead_remark,
    check_feed_time,
    choose,
    feed_time_of,
    named_version,
)
from mallfeed.arrival.folder import MOST_MANIFEST_BYTES, checked, listed_parts, parts_at
from mallfeed.arrival.key import MANIFEST, PREFIX, SUCCESS_MARKER, place_of
from mallfeed.catalog.model import Catalog
from mallfeed.errors import FeedHeld
from mallfeed.ledger.identity import UNKNOWN_MALL
from mallfeed.ledger.model import MOST_EARLY
from mallfeed.ledger.states import PART_OF_FOLDER

SIGNALS = {"success_marker": SUCCESS_MARKER, "manifest": MANIFEST}
"""How a folder feed arrives → the name of the object that signals it."""


class Ignored(Exception):
    """The object is not a feed; `code` and message say why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Examiner:
    """The steps; each raises FeedHeld or Ignored if the feed goes no further."""

    def __init__(self, bucket: FeedBucket, catalogs: Catalogs) -> None:
        self._bucket = bucket
        self._catalogs = catalogs

    def look(self, arrived: Arrived) -> Arrived:
        """With what HeadObject says."""
        if arrived.place.ignored is not None:
            raise Ignored(arrived.place.ignored, _IGNORED[arrived.place.ignored])
        return arrived.with_facts(self._facts(arrived))

    def choose(self, arrived: Arrived) -> Arrived:
        """With feed-time, catalog version and feed name."""
        versions = self._known_versions(arrived)
        facts = arrived.facts
        feed_time = feed_time_of(facts, versions[-1].catalog.timezone)
        check_feed_time(feed_time, max(arrived.at, facts.last_modified))
        is_early = feed_time > facts.last_modified + MOST_EARLY
        if is_early:
            arrived = replace(arrived, remark=ahead_remark(feed_time, facts.last_modified))
            feed_time = facts.last_modified
        says_when = FEED_TIME in facts.metadata and not is_early
        named = named_version(arrived.facts)
        choice = choose(versions, arrived.place.mall_id, feed_time, named)
        return replace(
            arrived,
            feed_time=feed_time,
            exported_at=feed_time if says_when else None,
            choice=choice,
            named=named is not None,
            feed_name=self._feed_name(arrived, choice.catalog),
        )

    def gather(self, arrived: Arrived) -> Arrived:
        """With the parts that make up the feed: the object itself, or those of a folder."""
        assert arrived.choice is not None
        assert arrived.feed_name is not None
        catalog = arrived.choice.catalog
        signal = SIGNALS.get(catalog.feeds[arrived.feed_name].arrival)
        arrived = replace(arrived, earlier=self._earlier_versions(arrived))
        if signal is None:
            return self._single(arrived)
        if arrived.place.last_name != signal:
            raise Ignored(
                PART_OF_FOLDER,
                f"part of a folder of feed {arrived.feed_name}: it is read once {signal} arrives",
            )
        return self._folder(arrived, catalog)

    def _facts(self, arrived: Arrived) -> ObjectFacts:
        event = arrived.event
        facts = self._bucket.head(event.key, event.version_id)
        if facts is None:
            raise FeedHeld(
                "object_gone",
                f"{event.key} (version {event.version_id or 'latest'}) was deleted before it could "
                "be read. Upload it again (as a new feed) and drop this one",
            )
        return facts

    def _known_versions(self, arrived: Arrived) -> Sequence[Choice]:
        mall_id = arrived.place.mall_id
        if mall_id == UNKNOWN_MALL:
            raise FeedHeld(
                "unknown_mall",
                f"{arrived.event.key} names no mall: keys are {PREFIX}<mall_id>/<name> with a mall id "
                "of 2 to 31 characters a-z, 0-9 and _. Upload it under the right key and drop this",
            )
        versions = self._catalogs.versions(mall_id)
        if not versions:
            raise FeedHeld(
                "unknown_mall",
                f"no catalog of mall {mall_id} is published. Publish one (mallfeed catalog "
                "publish), then release this feed; or drop it if the key is wrong",
            )
        return versions

    def _feed_name(self, arrived: Arrived, catalog: Catalog) -> str:
        """The named feed that the key belongs to; a signal may match only through its folder's parts."""
        place = arrived.place
        name = catalog.feed_for_key(place.name)
        wanted = next((how for how, signal in SIGNALS.items() if signal == place.last_name), None)
        if wanted and (name is None or catalog.feeds[name].arrival != wanted):
            prefix = f"{PREFIX}{place.mall_id}/{place.folder}"
            owners = {
                catalog.feed_for_key(place_of(v.key).name) for v in self._bucket.versions(prefix)
            }
            fitting = sorted(one for one in owners if one and catalog.feeds[one].arrival == wanted)
            if fitting:
                return fitting[0]
            if place.last_name == SUCCESS_MARKER:
                raise Ignored(
                    "signal_without_folder", "no feed of this mall arrives as a folder here"
                )
        if name is None:
            raise FeedHeld(
                "no_feed_for_key",
                f"{place.name} matches no feed of catalog v{catalog.version} of {place.mall_id} "
                f"({', '.join(f'{n}: {f.key_pattern}' for n, f in catalog.feeds.items())}). Upload "
                "it under a matching name and drop this one, or publish a catalog and release it",
            )
        return name

    def _earlier_versions(self, arrived: Arrived) -> tuple[str, ...]:
        """The key's older versions, oldest first: their number orders versions of the same second."""
        key = arrived.event.key
        ids = [v.version_id for v in self._bucket.versions(key) if v.key == key and not v.deleted]
        version_id = arrived.facts.version_id
        older = ids[ids.index(version_id) + 1 :] if version_id in ids else []
        return tuple(reversed(older))

    def _single(self, arrived: Arrived) -> Arrived:
        facts, key = arrived.facts, arrived.event.key
        if arrived.place.last_name == SUCCESS_MARKER:
            raise Ignored(
                "signal_without_folder",
                f"feed {arrived.feed_name} takes single objects, so {SUCCESS_MARKER} has no meaning",
            )
        if facts.size_bytes == 0:
            raise FeedHeld(
                "empty_object", f"{key} has no content. Upload it again; the last good data stays"
            )
        return arrived

    def _folder(self, arrived: Arrived, catalog: Catalog) -> Arrived:
        prefix = f"{PREFIX}{arrived.place.mall_id}/{arrived.place.folder}"
        facts = arrived.facts
        parts = parts_at(
            self._bucket.versions(prefix),
            facts.last_modified,
            lambda name: catalog.feed_for_key(name) == arrived.feed_name,
        )
        if arrived.place.last_name == MANIFEST:
            manifest = self._bucket.read(arrived.event.key, facts.version_id, MOST_MANIFEST_BYTES)
            parts = listed_parts(manifest or b"", prefix, parts)
        return replace(arrived, parts=checked(parts, prefix))


_IGNORED = {
    "outside_feeds": f"keys outside {PREFIX} are not feeds",
    "other_bucket": "not an object of the feeds bucket",
    "folder_marker": "a folder marker, not a feed",
    "temporary_file": "a temporary file of a writer, not a feed",
    "hidden_file": "a hidden file, not a feed",
    "bookkeeping_file": "a bookkeeping file of a writer, not a feed",
}
