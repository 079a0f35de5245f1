"""An SQS event source mapping: batches to a function, with the semantics of Lambda's poller."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from infra.local.lambda_runtime import Function, FunctionError
from infra.local.limits import functions
from infra.local.place import REGION

_WAIT_S = 5
_BETWEEN_BYTES = 16
"""More than a record's share of what surrounds the records."""


class QueueMapping:
    """Reads one queue for one function.

    A message is deleted only when its batch succeeded and its id is not among
    `batchItemFailures`. The others become visible again after the queue's timeout, and the queue's
    redrive policy takes them to the dead-letter queue. An answer that is not understood fails the
    whole batch (Lambda Developer Guide, "Reporting batch item failures"). `sqs` is a client with the credentials of
    the function's role: Lambda's poller reads and deletes in its name.
    """

    def __init__(
        self,
        properties: Mapping[str, Any],
        function: Function,
        sqs: Any,
        say: Callable[[str], None],
    ) -> None:
        self._arn: str = properties["EventSourceArn"]
        self._size = int(properties.get("BatchSize", 10))
        self._partial = "ReportBatchItemFailures" in properties.get("FunctionResponseTypes", [])
        self._function = function
        self._sqs = sqs
        self._say = say
        # Lambda knows the queue by its ARN; the function's role need not be able to ask for the URL.
        self._url = "/".join((sqs.meta.endpoint_url, *self._arn.rsplit(":", 2)[1:]))

    def serve(self, stopping: threading.Event) -> None:
        """Poll until `stopping` is set."""
        while not stopping.is_set():
            self.poll()

    def poll(self, wait_s: int = _WAIT_S) -> int:
        """Hand over the next batch; returns the number of its messages."""
        messages = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=min(self._size, 10),
            WaitTimeSeconds=wait_s,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        if messages:
            self._hand_over(messages)
        return len(messages)

    def _hand_over(self, messages: list[dict[str, Any]]) -> None:
        """One invocation, or as many as it takes: an event holds no more than Invoke does."""
        for batch in self._batches(messages):
            self._invoke(batch)

    def _batches(self, messages: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
        batch: list[dict[str, Any]] = []
        size = 0
        for message in messages:
            own = len(functions.payload(self._record(message))) + _BETWEEN_BYTES
            if batch and size + own > functions.MOST_REQUEST_BYTES:
                yield batch
                batch, size = [], 0
            batch.append(message)
            size += own
        yield batch

    def _invoke(self, messages: list[dict[str, Any]]) -> None:
        failed = self._failed(messages)
        done = [
            {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
            for number, message in enumerate(messages)
            if message["MessageId"] not in failed
        ]
        if done:
            self._sqs.delete_message_batch(QueueUrl=self._url, Entries=done)

    def _failed(self, messages: list[dict[str, Any]]) -> set[str]:
        """Ids of the messages that must be delivered again."""
        everything = {message["MessageId"] for message in messages}
        try:
            answer = self._function.call({"Records": [self._record(m) for m in messages]})
        except FunctionError as error:
            self._say(str(error))
            return everything
        failures = (answer or {}).get("batchItemFailures") if self._partial else None
        if not failures:
            return set()
        named = {failure.get("itemIdentifier") for failure in failures}
        if not named <= everything:
            self._say(f"{self._function.name}: unknown ids in batchItemFailures: {failures}")
            return everything
        return {str(name) for name in named}

    def _record(self, message: dict[str, Any]) -> dict[str, Any]:
        """The message as it appears in Lambda's event."""
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message.get("Attributes", {}),
            "messageAttributes": message.get("MessageAttributes", {}),
            "md5OfBody": message.get("MD5OfBody", ""),
            "eventSource": "aws:sqs",
            "eventSourceARN": self._arn,
            "awsRegion": REGION,
        }
