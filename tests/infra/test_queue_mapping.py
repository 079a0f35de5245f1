"""Batches from a real queue: which messages are deleted, delivered again, or become dead letters."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from infra.local.events_queue import QueueMapping
from infra.local.lambda_runtime import FunctionError


class Recorder:
    """Replaces a Function; answers what the test wants."""

    name = "recorder"

    def __init__(self, answer: Callable[[dict[str, Any]], Any]) -> None:
        self.events: list[dict[str, Any]] = []
        self._answer = answer

    def call(self, event: dict[str, Any]) -> Any:
        self.events.append(event)
        return self._answer(event)

    @property
    def seen(self) -> list[str]:
        return [body for bodies in self.bodies for body in bodies]

    @property
    def bodies(self) -> list[list[str]]:
        return [[record["body"] for record in event["Records"]] for event in self.events]


class Queue:
    def __init__(self, sqs: Any, name: str, most: int = 2) -> None:
        self.sqs = sqs
        self.dead = sqs.create_queue(QueueName=f"{name}-dlq")["QueueUrl"]
        arn = self._attributes(self.dead)["QueueArn"]
        redrive = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": most})
        attributes = {"VisibilityTimeout": "0", "RedrivePolicy": redrive}
        self.url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        self.arn = self._attributes(self.url)["QueueArn"]

    def send(self, *bodies: str) -> None:
        for body in bodies:
            self.sqs.send_message(QueueUrl=self.url, MessageBody=body)

    def _attributes(self, url: str) -> dict[str, str]:
        answer = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
        attributes: dict[str, str] = answer["Attributes"]
        return attributes

    def waiting(self, url: str | None = None) -> int:
        found = self._attributes(url or self.url)
        return int(found["ApproximateNumberOfMessages"]) + int(
            found["ApproximateNumberOfMessagesNotVisible"]
        )


@pytest.fixture
def queue(clients: Any, request: pytest.FixtureRequest) -> Queue:
    return Queue(clients("sqs"), f"q{abs(hash(request.node.name))}")


def mapping(queue: Queue, recorder: Recorder, **more: Any) -> QueueMapping:
    properties = {
        "EventSourceArn": queue.arn,
        "BatchSize": 10,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        **more,
    }
    return QueueMapping(properties, recorder, queue.sqs, lambda line: None)  # type: ignore[arg-type]


def drain(mapped: QueueMapping, times: int = 6) -> None:
    for _ in range(times):
        mapped.poll(wait_s=0)


def raising(event: dict[str, Any]) -> Any:
    raise FunctionError("recorder", "ValueError", "no")


def failing(*bodies: str) -> Callable[[dict[str, Any]], Any]:
    def answer(event: dict[str, Any]) -> Any:
        failed = [r["messageId"] for r in event["Records"] if r["body"] in bodies]
        return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}

    return answer


def test_handled_messages_are_deleted(queue: Queue) -> None:
    recorder = Recorder(lambda event: {"batchItemFailures": []})
    queue.send("a", "b")
    drain(mapping(queue, recorder))
    assert sorted(recorder.seen) == ["a", "b"]
    assert queue.waiting() == 0


def test_only_reported_failures_come_again_and_end_in_the_dead_letters(queue: Queue) -> None:
    recorder = Recorder(failing("bad"))
    queue.send("good", "bad")
    drain(mapping(queue, recorder))
    assert recorder.seen.count("good") == 1
    assert recorder.seen.count("bad") == 2
    assert (queue.waiting(), queue.waiting(queue.dead)) == (0, 1)


def test_a_handler_that_raises_brings_the_whole_batch_again(queue: Queue) -> None:
    recorder = Recorder(raising)
    queue.send("a", "b")
    drain(mapping(queue, recorder))
    assert recorder.seen.count("a") == 2
    assert (queue.waiting(), queue.waiting(queue.dead)) == (0, 2)


def test_an_id_that_is_not_in_the_batch_fails_all_of_it(queue: Queue) -> None:
    recorder = Recorder(lambda event: {"batchItemFailures": [{"itemIdentifier": "nobody"}]})
    queue.send("a")
    mapping(queue, recorder).poll(wait_s=0)
    assert queue.waiting() == 1


def test_without_partial_failures_an_answer_deletes_the_batch(queue: Queue) -> None:
    recorder = Recorder(failing("a"))
    queue.send("a")
    mapping(queue, recorder, FunctionResponseTypes=[]).poll(wait_s=0)
    assert queue.waiting() == 0


def test_a_batch_holds_no_more_than_its_size(queue: Queue) -> None:
    recorder = Recorder(lambda event: None)
    queue.send(*"abcde")
    drain(mapping(queue, recorder, BatchSize=2))
    assert [len(bodies) for bodies in recorder.bodies] == [2, 2, 1]


def test_records_have_the_form_of_lambdas_event(queue: Queue) -> None:
    recorder = Recorder(lambda event: None)
    queue.send("hello")
    mapping(queue, recorder).poll(wait_s=0)
    (record,) = recorder.events[0]["Records"]
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"] == queue.arn
    assert record["attributes"]["ApproximateReceiveCount"] == "1"
    assert set(record) == {
        *("messageId", "receiptHandle", "body", "attributes", "messageAttributes"),
        *("md5OfBody", "eventSource", "eventSourceARN", "awsRegion"),
    }


def test_messages_that_are_too_large_for_one_event_come_in_several(queue: Queue) -> None:
    """Each may have 1 MiB, ten of them come at once, and an event has 6 MB at most."""
    recorder = Recorder(lambda event: None)
    queue.send(*("x" * 1_000_000 for _ in range(7)))
    drain(mapping(queue, recorder), times=2)
    assert len(recorder.seen) == 7
    assert max(map(len, recorder.bodies)) == 6
    assert queue.waiting() == 0
