"""What is known about an arrived object so far, and the ledger's entry made from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from mallfeed.arrival.bucket import ObjectFacts
from mallfeed.arrival.event import ObjectCreated
from mallfeed.arrival.key import Place
from mallfeed.catalog.model import Catalog
from mallfeed.code_version import code_version
from mallfeed.ledger.identity import FeedIdentity, ObjectPart, parts_checksum
from mallfeed.ledger.model import Event, FeedRecord, Part
from mallfeed.ledger.states import State


class Choice(Protocol):
    """A published catalog version: the catalog and the hash of its text."""

    @property
    def catalog(self) -> Catalog:
        """The catalog."""

    @property
    def hash(self) -> str:
        """Hash of what was published."""


class Catalogs(Protocol):
    """The published catalogs."""

    def versions(self, mall_id: str) -> Sequence[Choice]:
        """All versions of a mall's catalog, oldest first; empty for an unknown mall."""


@dataclass(frozen=True)
class Arrived:
    """An object on its way into the ledger; filled in step by step."""

    event: ObjectCreated
    place: Place
    at: datetime
    facts: ObjectFacts
    feed_time: datetime
    exported_at: datetime | None = None
    remark: str | None = None
    choice: Choice | None = None
    named: bool = False
    feed_name: str | None = None
    parts: tuple[ObjectPart, ...] = ()
    earlier: tuple[str, ...] = ()  # ids of the key's older versions, oldest first

    @staticmethod
    def of(event: ObjectCreated, place: Place, at: datetime) -> Arrived:
        """What the event alone says."""
        facts = ObjectFacts(event.version_id or "null", "", event.size_bytes or 0, event.at)
        return Arrived(event, place, at, facts, event.at)

    def with_facts(self, facts: ObjectFacts) -> Arrived:
        """With what HeadObject says; the feed-time is the object's until metadata say otherwise."""
        return replace(self, facts=facts, feed_time=facts.last_modified)

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder's signal."""
        return bool(self.parts)


def entry(
    arrived: Arrived, state: State, code: str | None = None, message: str | None = None
) -> FeedRecord:
    """The record to enter."""
    identity = _identity(arrived)
    note = f"{code}: {message}" if code else arrived.remark or "arrived"
    record = FeedRecord(
        feed_id=identity.feed_id,
        mall_id=identity.mall_id,
        bucket=identity.bucket,
        key=identity.key,
        version_id=identity.version_id,
        etag=identity.etag,
        size_bytes=identity.size_bytes,
        parts=tuple(Part(**part.__dict__) for part in identity.parts),
        last_modified=identity.last_modified,
        order=identity.order,
        arrived_at=arrived.at,
        feed_time=arrived.feed_time,
        exported_at=arrived.exported_at,
        state=state,
        code=code,
        message=message,
        finished_at=None if state is State.WAITING else arrived.at,
        code_version=code_version(),
        events=(Event(at=arrived.at, state=state, note=note),),
    )
    return with_choice(record, arrived.choice, arrived.feed_name, arrived.named)


def with_choice(
    record: FeedRecord, choice: Choice | None, feed_name: str | None, named: bool
) -> FeedRecord:
    """The record with what the catalog version says about its feed."""
    if choice is None:
        return record
    changes: dict[str, object] = {
        "catalog_version": choice.catalog.version,
        "catalog_hash": choice.hash,
        "catalog_named": named,
        "zone": choice.catalog.timezone,
    }
    if feed_name is not None:
        spec = choice.catalog.feeds[feed_name]
        changes |= {
            "feed_name": feed_name,
            "format": spec.format,
            "mode": spec.mode,
            "slice": choice.catalog.slice_of(feed_name),
            "has_stamps": choice.catalog.has_stamps and not spec.is_supplement,
            "slices_by_row": spec.slice_from is not None,
            "priority": spec.capacity.priority,
            "window": spec.schedule.window,
        }
    return record.model_copy(update=changes)


def _identity(arrived: Arrived) -> FeedIdentity:
    event, facts = arrived.event, arrived.facts
    whole = ObjectPart(event.key, facts.version_id, facts.size_bytes, facts.etag)
    parts = arrived.parts or (whole,)
    return FeedIdentity(
        mall_id=arrived.place.mall_id,
        bucket=event.bucket,
        key=event.key,
        version_id=facts.version_id,
        etag=parts_checksum(parts) if arrived.is_folder else facts.etag,
        size_bytes=sum(part.size_bytes for part in parts),
        last_modified=facts.last_modified,
        place=len(arrived.earlier),
        parts=parts,
    )
