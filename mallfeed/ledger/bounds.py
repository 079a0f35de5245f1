"""Keeps a record small enough for one ledger item (DynamoDB holds 400 KB at most)."""

from __future__ import annotations

from mallfeed.ledger.model import Event, FeedRecord

MAX_EVENTS = 60
MAX_NOTE = 500
MAX_MESSAGE = 4_000
MAX_PARTS = 5_000
"""Parts of a folder feed: about 70 bytes each once compressed, so 350 KB."""
_FIRST_EVENTS = 5


def bounded(record: FeedRecord) -> FeedRecord:
    """The record with its story and message cut to what an item holds; the first events stay."""
    changes: dict[str, object] = {}
    if record.message and len(record.message) > MAX_MESSAGE:
        changes["message"] = record.message[: MAX_MESSAGE - 1] + "…"
    events = tuple(_short(event) for event in record.events)
    if len(events) > MAX_EVENTS:
        events = events[:_FIRST_EVENTS] + events[-(MAX_EVENTS - _FIRST_EVENTS) :]
    if events != record.events:
        changes["events"] = events
    return record.model_copy(update=changes) if changes else record


def _short(event: Event) -> Event:
    if len(event.note) <= MAX_NOTE:
        return event
    return event.model_copy(update={"note": event.note[: MAX_NOTE - 1] + "…"})
