"""An arrived object becomes an entry in the ledger: WAITING, HELD with a code, or IGNORED.

A fault in the data never fails the message; a transient fault of S3 always does, so that the message
is delivered again. Everything may happen twice: the object version is the identity.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from mallfeed.arrival.arrived import Arrived, Catalogs, entry
from mallfeed.arrival.bucket import FeedBucket
from mallfeed.arrival.choice import CATALOG_VERSION, FEED_TIME
from mallfeed.arrival.event import ObjectCreated
from mallfeed.arrival.examine import Examiner, Ignored
from mallfeed.arrival.folder import same_parts
from mallfeed.arrival.key import Place, place_of
from mallfeed.errors import CatalogInvalid, FeedHeld
from mallfeed.ledger.apply_decision import settle
from mallfeed.ledger.identity import UNKNOWN_MALL, feed_id
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.port import Ledger
from mallfeed.ledger.states import SAME_PARTS, UNSETTLED, State

MOST_SIGNALS = 20
"""Older versions of a folder's signal that are looked up, newest first, in one call to the ledger.
Parts reappear after others only if files were added and removed again in between."""


class Arrivals:
    """Enters arrived objects in the ledger."""

    def __init__(
        self,
        ledger: Ledger,
        bucket: FeedBucket,
        bucket_name: str,
        catalogs: Catalogs,
        clock: Callable[[], datetime],
    ) -> None:
        self._ledger = ledger
        self._examiner = Examiner(bucket, catalogs)
        self._bucket_name = bucket_name
        self._clock = clock

    def take(self, event: ObjectCreated) -> FeedRecord:
        """The ledger's record of the object: the new one, or the existing one.

        Raises Transient if S3 or the ledger cannot be reached.
        """
        place = self._place(event)
        if event.version_id is not None:
            known = self._ledger.feed(
                feed_id(place.mall_id, event.bucket, event.key, event.version_id)
            )
            if known is not None:
                return known
        arrived = Arrived.of(event, place, self._clock())
        record = self._ledger.enter(self._judge(arrived))
        if record.state not in UNSETTLED or (
            record.state is State.WAITING and record.mode == "delta"
        ):
            return record
        # Late, older than the published feed, or nothing new: that follows from the mall's other feeds.
        settled = settle(self._ledger, record.mall_id, self._clock())
        return next((one for one in settled.closed if one.feed_id == record.feed_id), record)

    def look_again(self, record: FeedRecord, catalog_version: int | None) -> FeedRecord:
        """The record with catalog, feed name and parts determined again, for a person who releases it.

        A feed-time that cannot be read, or cannot be true, is replaced by the object's own time. Raises FeedHeld or
        Ignored when it still cannot be loaded.
        """
        event = ObjectCreated(
            record.bucket, record.key, record.version_id, record.size_bytes, record.last_modified
        )
        arrived = self._examiner.look(Arrived.of(event, self._place(event), record.arrived_at))
        unreadable = {
            "feed_time_invalid": FEED_TIME,
            "feed_time_in_future": FEED_TIME,
            "catalog_version_invalid": CATALOG_VERSION,
        }
        metadata = dict(arrived.facts.metadata)
        metadata.pop(unreadable.get(record.code or "", ""), None)
        if catalog_version is not None:
            metadata[CATALOG_VERSION] = str(catalog_version)
        arrived = arrived.with_facts(replace(arrived.facts, metadata=metadata))
        found = entry(self._examiner.gather(self._examiner.choose(arrived)), State.WAITING)
        kept = {"arrived_at", "events", "revision", "state", "code", "message", "released"}
        return found.model_copy(update={name: getattr(record, name) for name in kept})

    def _place(self, event: ObjectCreated) -> Place:
        if event.bucket != self._bucket_name:
            return Place(UNKNOWN_MALL, event.key, ignored="other_bucket")
        return place_of(event.key)

    def _judge(self, arrived: Arrived) -> FeedRecord:
        """The record to enter; it keeps what was determined on the way, whatever the outcome."""
        found = [arrived]
        try:
            for step in (
                self._examiner.look,
                self._examiner.choose,
                self._examiner.gather,
                self._compare,
            ):
                found.append(step(found[-1]))
        except Ignored as ignored:
            return entry(found[-1], State.IGNORED, ignored.code, ignored.message)
        except FeedHeld as held:
            return entry(found[-1], State.HELD, held.code, held.message)
        except CatalogInvalid as error:
            return entry(
                found[-1],
                State.HELD,
                "catalog_unreadable",
                f"the catalogs of {arrived.place.mall_id} cannot be read: {error}. Publish a "
                "corrected version, then release the feed",
            )
        return entry(found[-1], State.WAITING)

    def _compare(self, arrived: Arrived) -> Arrived:
        """The object unchanged, unless an older version of the signal made a feed of the same parts.

        The feeds of those versions are looked up by their ids: `Ledger.feeds` leaves loaded feeds
        out, and if they were published again, they would overwrite newer ones.
        """
        if not arrived.is_folder:
            return arrived
        record = entry(arrived, State.WAITING)
        ids = [
            feed_id(record.mall_id, record.bucket, record.key, version_id)
            for version_id in reversed(arrived.earlier[-MOST_SIGNALS:])
        ]
        known = self._ledger.feeds_by_id(ids)
        if same := same_parts(record.etag, [known[one] for one in ids if one in known]):
            raise Ignored(
                SAME_PARTS,
                f"the same parts already make up feed {same.feed_id}, which is {same.state}",
            )
        return arrived
