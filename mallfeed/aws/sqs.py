"""Queues: how much waits in them, and moving dead letters back."""

from __future__ import annotations

from typing import Any

from mallfeed.aws.failures import transient


def waiting(client: Any, queue_url: str) -> int:
    """Messages in the queue, in flight ones included (approximately, as SQS tells)."""
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


def move(client: Any, message: dict[str, Any], source_url: str, target_url: str) -> None:
    """Puts a received message into another queue, then deletes it (at least once, in that order)."""
    with transient(f"move a message to {target_url}"):
        client.send_message(QueueUrl=target_url, MessageBody=message["Body"])
        client.delete_message(QueueUrl=source_url, ReceiptHandle=message["ReceiptHandle"])
