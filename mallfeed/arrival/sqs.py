"""Queues: how many messages wait in them, and moving dead letters back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from mallfeed.aws.failures import transient


def waiting(client: Any, queue_url: str) -> int:
    """Messages in the queue, including those in flight (approximate, as SQS reports them)."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    with transient(f"GetQueueAttributes {queue_url}"):
        answer = client.get_queue_attributes(QueueUrl=queue_url, AttributeNames=names)
    return sum(int(answer["Attributes"][name]) for name in names)


def receive(client: Any, queue_url: str, most: int = 10) -> list[dict[str, Any]]:
    """Up to 10 messages, hidden from others for the queue's visibility time."""
    with transient(f"ReceiveMessage {queue_url}"):
        answer = client.receive_message(
            QueueUrl=queue_url, MaxNumberOfMessages=min(10, most), WaitTimeSeconds=0
        )
    return list(answer.get("Messages", []))


def look_through(client: Any, queue_url: str) -> list[dict[str, Any]]:
    """All messages that can be received now, each once, left in the queue and visible again."""
    found: dict[str, dict[str, Any]] = {}
    try:
        while True:
            with transient(f"ReceiveMessage {queue_url}"):
                answer = client.receive_message(
                    QueueUrl=queue_url,
                    MaxNumberOfMessages=10,
                    VisibilityTimeout=30,
                    WaitTimeSeconds=1,
                    MessageAttributeNames=["All"],
                )
            fresh = {m["MessageId"]: m for m in answer.get("Messages", [])}
            if not fresh.keys() - found.keys():
                return list(found.values())
            found |= fresh
    finally:
        for message in found.values():
            with transient(f"ChangeMessageVisibility {queue_url}"):
                client.change_message_visibility(
                    QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
                )


def dead_letter_url(client: Any, queue_url: str) -> str:
    """The queue to which that queue's redrive policy moves what could not be handled."""
    with transient(f"GetQueueAttributes {queue_url}"):
        answer = client.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["RedrivePolicy"])
        arn = json.loads(answer["Attributes"]["RedrivePolicy"])["deadLetterTargetArn"]
        return str(client.get_queue_url(QueueName=arn.rsplit(":", 1)[1])["QueueUrl"])


def move(
    client: Any,
    message: dict[str, Any],
    source_url: str,
    target_url: str,
    note: Mapping[str, str] | None = None,
) -> None:
    """Puts a received message into another queue, then deletes it (in that order: at least once).

    `note` goes with it as message attributes.
    """
    attributes = {
        name: {"DataType": "String", "StringValue": value} for name, value in (note or {}).items()
    }
    with transient(f"move a message to {target_url}"):
        client.send_message(
            QueueUrl=target_url, MessageBody=message["Body"], MessageAttributes=attributes
        )
        client.delete_message(QueueUrl=source_url, ReceiptHandle=message["ReceiptHandle"])
