"""Keeps a record small enough for one ledger item (DynamoDB allows 400 KB at most)."""

from __future__ import annotations

from collections.abc import Sequence

from mallfeed.ledger.model import Event, FeedRecord, Part

MAX_EVENTS = 60
MAX_EVENTS_OF_LARGE = 20
"""How many events are kept for a feed whose parts take up most of its item."""
MAX_NOTE = 500
MAX_MESSAGE = 4_000
MAX_FIGURES = 500
MAX_PARTS = 5_000
"""Parts of a folder feed: each takes 61 to 64 bytes when packed, if its name contains a UUID."""
MAX_PARTS_BYTES = 340_000
"""Size of the packed parts. An item has 409,600 bytes; the rest takes at most 60,000: 20 events and a
message in characters of four bytes, and the longest key twice."""
_LARGE_PARTS_BYTES = 150_000
_BYTES_OF_CHARACTER = 4
_BYTES_BESIDE_NAME = 90
_FIRST_EVENTS = 5


def bounded(record: FeedRecord) -> FeedRecord:
    """The record with its story and message cut so that it fits into an item; the first events stay."""
    changes: dict[str, object] = {}
    if record.message and len(record.message) > MAX_MESSAGE:
        changes["message"] = record.message[: MAX_MESSAGE - 1] + "…"
    if record.figures_ko and len(record.figures_ko) > MAX_FIGURES:
        changes["figures_ko"] = record.figures_ko[: MAX_FIGURES - 1] + "…"
    events = tuple(_short(event) for event in record.events)
    most = MAX_EVENTS_OF_LARGE if _is_large(record.parts) else MAX_EVENTS
    if len(events) > most:
        events = events[:_FIRST_EVENTS] + events[-(most - _FIRST_EVENTS) :]
    if events != record.events:
        changes["events"] = events
    return record.model_copy(update=changes) if changes else record


def _is_large(parts: Sequence[Part]) -> bool:
    """Estimated from the longest possible names, because packing the parts would cost too much."""
    names = sum(len(part.key) for part in parts) * _BYTES_OF_CHARACTER
    return names + len(parts) * _BYTES_BESIDE_NAME > _LARGE_PARTS_BYTES


def _short(event: Event) -> Event:
    if len(event.note) <= MAX_NOTE:
        return event
    return event.model_copy(update={"note": event.note[: MAX_NOTE - 1] + "…"})
