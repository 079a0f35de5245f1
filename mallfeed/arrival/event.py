"""What S3 reports about new objects: EventBridge events and direct S3 notifications, as SQS carries them.

EventBridge has plain keys; direct notifications have URL-encoded ones. moto writes `eTag` in both,
AWS writes `etag` in EventBridge's: neither is read here, HeadObject has it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_plus

from mallfeed.errors import Terminal


class EventUnreadable(Terminal):
    """The message is not an S3 event: it belongs in the dead letter queue."""


@dataclass(frozen=True)
class ObjectCreated:
    """A new object version, as reported.

    Attributes
    ----------
    bucket, key : where; the key decoded
    version_id : None if the event names none
    size_bytes : None if the event names none
    at : when it happened according to the event, UTC
    """

    bucket: str
    key: str
    version_id: str | None
    size_bytes: int | None
    at: datetime


def parse_events(body: str) -> list[ObjectCreated]:
    """The new objects that a message reports; none for test events and deletions.

    Raises EventUnreadable for anything that is not an S3 event.
    """
    try:
        message = json.loads(body)
    except ValueError as error:
        raise EventUnreadable(f"not JSON ({error}): {body[:200]!r}") from error
    if not isinstance(message, dict):
        raise EventUnreadable(f"not an event: {body[:200]!r}")
    if message.get("Event") == "s3:TestEvent":
        return []
    try:
        if isinstance(message.get("Records"), list):
            return [_of_notification(one) for one in message["Records"] if _created(one)]
        if message.get("source") == "aws.s3":
            return [_of_eventbridge(message)] if message["detail-type"] == "Object Created" else []
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise EventUnreadable(f"S3 event without {error}: {body[:500]!r}") from error
    raise EventUnreadable(
        f"neither an EventBridge event of S3 nor its notification: {body[:200]!r}"
    )


def _created(record: dict[str, Any]) -> bool:
    name = str(record["eventName"])
    return name.removeprefix("s3:").startswith("ObjectCreated:")


def _of_notification(record: dict[str, Any]) -> ObjectCreated:
    told = record["s3"]["object"]
    return ObjectCreated(
        bucket=str(record["s3"]["bucket"]["name"]),
        key=unquote_plus(str(told["key"])),
        version_id=told.get("versionId") or None,
        size_bytes=told.get("size"),
        at=_moment(str(record["eventTime"])),
    )


def _of_eventbridge(event: dict[str, Any]) -> ObjectCreated:
    told = event["detail"]["object"]
    return ObjectCreated(
        bucket=str(event["detail"]["bucket"]["name"]),
        key=str(told["key"]),
        version_id=told.get("version-id") or None,
        size_bytes=told.get("size"),
        at=_moment(str(event["time"])),
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
