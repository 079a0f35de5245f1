"""Amazon SQS: messages, batches and attributes of queues.

Sources: Amazon SQS Developer Guide, "Amazon SQS message quotas" and "Amazon SQS queue quotas"; API Reference, SendMessage,
SendMessageBatch, CreateQueue. A message may have 1 MiB since August 2025 (256 KiB before).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import regex

from infra.local.limits.errors import Check, Refusal

MOST_BYTES = 1_048_576
"""Of one message with its attributes, and of all messages of a batch together."""
MOST_IN_BATCH = 10
MOST_ATTRIBUTES = 10
RANGES = {
    "DelaySeconds": (0, 900),
    "MaximumMessageSize": (1024, MOST_BYTES),
    "MessageRetentionPeriod": (60, 1_209_600),
    "ReceiveMessageWaitTimeSeconds": (0, 20),
    "VisibilityTimeout": (0, 43_200),
}
"""Attributes of a queue (CreateQueue)."""
_FORBIDDEN = regex.compile(r"[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


def send(asked: Mapping[str, Any], handler: Any) -> None:
    """SendMessage: contents, attributes, and the size that the queue allows."""
    _contents(asked)
    most = _allowed(asked["QueueUrl"], handler)
    if size_bytes(asked) > most:
        raise Refusal(
            "InvalidParameterValue",
            f"One or more parameters are invalid. Reason: Message must be shorter than {most} bytes.",
        )


def send_batch(asked: Mapping[str, Any], handler: Any) -> None:
    """SendMessageBatch: each message, and all of them together."""
    entries = asked.get("Entries") or []
    _entries(entries)
    for entry in entries:
        _contents(entry)
    whole = sum(map(size_bytes, entries))
    most = _allowed(asked["QueueUrl"], handler)
    if whole > MOST_BYTES or any(size_bytes(entry) > most for entry in entries):
        raise Refusal(
            "AWS.SimpleQueueService.BatchRequestTooLong",
            f"Batch requests cannot be longer than {min(most, MOST_BYTES)} bytes. You have sent {whole} bytes.",
        )


def batch(asked: Mapping[str, Any], _: Any = None) -> None:
    """DeleteMessageBatch, ChangeMessageVisibilityBatch."""
    _entries(asked.get("Entries") or [])


def queue(asked: Mapping[str, Any], _: Any = None) -> None:
    """CreateQueue, SetQueueAttributes."""
    for name, value in (asked.get("Attributes") or {}).items():
        least, most = RANGES.get(name, (None, None))
        if least is None or most is None:
            continue
        if not str(value).isascii() or not str(value).isdigit() or not least <= int(value) <= most:
            raise Refusal("InvalidAttributeValue", f"Invalid value for the parameter {name}.")


def size_bytes(message: Mapping[str, Any]) -> int:
    """Of the body and of name, type and value of every attribute, in UTF-8."""
    attributes = (message.get("MessageAttributes") or {}).items()
    return len(_bytes(message.get("MessageBody"))) + sum(
        len(_bytes(part))
        for name, one in attributes
        for part in (name, one.get("DataType"), one.get("StringValue"), one.get("BinaryValue"))
    )


def _bytes(part: str | bytes | None) -> bytes:
    return part.encode() if isinstance(part, str) else part or b""


def _allowed(url: str, handler: Any) -> int:
    """MaximumMessageSize of the queue; a queue that is not there is moto's to refuse."""
    name = url.rsplit("/", 1)[-1]
    found = handler.sqs_backend.queues.get(name)
    return MOST_BYTES if found is None else int(found.maximum_message_size)


def _contents(message: Mapping[str, Any]) -> None:
    body = message.get("MessageBody") or ""
    if not body:
        raise Refusal("MissingParameter", "The request must contain the parameter MessageBody.")
    if _FORBIDDEN.search(body):
        raise Refusal(
            "InvalidMessageContents", "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | "
            "#x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
        )  # fmt: skip
    count = len(message.get("MessageAttributes") or {})
    if count > MOST_ATTRIBUTES:
        raise Refusal(
            "InvalidParameterValue",
            f"Number of message attributes [{count}] exceeds the allowed maximum [{MOST_ATTRIBUTES}].",
        )


def _entries(entries: Iterable[Any]) -> None:
    count = len(list(entries))
    if count > MOST_IN_BATCH:
        raise Refusal(
            "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
            f"Maximum number of entries per request are {MOST_IN_BATCH}. You have sent {count}.",
        )


RULES: dict[str, Check] = {
    "ChangeMessageVisibilityBatch": batch,
    "CreateQueue": queue,
    "DeleteMessageBatch": batch,
    "SendMessage": send,
    "SendMessageBatch": send_batch,
    "SetQueueAttributes": queue,
}
