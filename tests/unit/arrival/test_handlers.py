"""Both Lambda handlers, with the bodies that they really get from SQS and EventBridge."""

from __future__ import annotations

import importlib.util
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest

from mallfeed.arrival.event import ObjectCreated
from mallfeed.aws import clients
from mallfeed.code_version import code_version
from mallfeed.errors import SettingsInvalid
from mallfeed.ledger import moves
from mallfeed.ledger.claims import claim
from mallfeed.ledger.dynamodb import DynamoLedger
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import State
from mallfeed.report.read import read_report
from tests.moto_process import ENVIRONMENT
from tests.twins.ledger_table import table_definition
from tests.unit.arrival.conftest import Mall, client
from tests.unit.arrival.test_event import eventbridge, notification

LAMBDAS = Path(__file__).parents[3] / "lambdas"


@dataclass
class Context:
    """What Lambda hands to a handler."""

    function_name: str = "test"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:ap-northeast-2:123456789012:function:test"
    aws_request_id: str = "52fdfc07-2182-154f-163f-5f0f9a621d72"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


class Stack(Mall):
    """A mall with the rest of the stack behind it."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url
        name = uuid4().hex[:8]
        self.table, self.job = f"ledger-{name}", f"job-{name}"
        dynamodb = client("dynamodb", url)
        dynamodb.create_table(**table_definition(self.table))
        self.stored = DynamoLedger(dynamodb, self.table)
        self.glue = client("glue", url)
        self.glue.create_job(
            Name=self.job,
            Role="arn:aws:iam::123456789012:role/x",
            Command={"Name": "glueetl", "ScriptLocation": "s3://x/y.py"},
            ExecutionProperty={"MaxConcurrentRuns": 5},
        )

    @property
    def environment(self) -> dict[str, str]:
        return {
            **ENVIRONMENT,
            "AWS_ENDPOINT_URL": self.url,
            "MALLFEED_FEEDS_BUCKET": self.feeds,
            "MALLFEED_LAKE_BUCKET": self.lake,
            "MALLFEED_LEDGER_TABLE": self.table,
            "MALLFEED_JOB_NAME": self.job,
            "MALLFEED_PARAMETER_PREFIX": f"/{self.job}",
            "POWERTOOLS_SERVICE_NAME": "test",
            "POWERTOOLS_METRICS_NAMESPACE": "mallfeed",
        }

    def body(self, key: str, content: bytes = b"id\n1\n") -> dict[str, Any]:
        created = self.put(key, content)
        body: dict[str, Any] = eventbridge(key)
        body["detail"]["bucket"]["name"] = self.feeds
        body["detail"]["object"]["version-id"] = created.version_id
        return body

    def runs(self) -> list[dict[str, Any]]:
        return list(self.glue.get_job_runs(JobName=self.job)["JobRuns"])

    def by_key(self) -> dict[str, FeedRecord]:
        return {feed.key: feed for feed in self.stored.recent()}


def sqs(*bodies: object) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": f"m{number}",
                "receiptHandle": "handle",
                "body": body if isinstance(body, str) else json.dumps(body),
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {},
                "md5OfBody": "",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:ap-northeast-2:123456789012:arrivals",
                "awsRegion": "ap-northeast-2",
            }
            for number, body in enumerate(bodies)
        ]
    }


@pytest.fixture
def stack(aws: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    stack = Stack(aws)
    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    clients.client.cache_clear()
    yield stack
    clients.client.cache_clear()


def load(name: str) -> ModuleType:
    """The handler as Lambda imports it: a module of its own, fresh."""
    path = LAMBDAS / name / "handler.py"
    spec = importlib.util.spec_from_file_location(f"{name}_handler", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_upload_becomes_a_run_of_the_job(stack: Stack) -> None:
    key = "feeds/mall_a/update/변경 1.json"
    answer = load("feed_arrived").handler(sqs(stack.body(key)), Context())
    assert answer == {"batchItemFailures": []}
    record = stack.by_key()[key]
    assert record.state is State.RUNNING
    (run,) = stack.runs()
    uri = run["Arguments"]["--plan"]
    assert uri == f"s3://{stack.lake}/plans/{record.plan_id}.json"
    stored = stack.s3.get_object(Bucket=stack.lake, Key=f"plans/{record.plan_id}.json")
    assert json.loads(stored["Body"].read()) == {
        "plan_id": record.plan_id,
        "feeds": [record.feed_id],
    }
    (plan,) = stack.stored.open_plans()
    assert (plan.state, plan.job_run_id) == ("STARTED", run["Id"])


def test_only_what_was_not_understood_fails_and_neighbours_go_on(stack: Stack) -> None:
    event = sqs(
        stack.body("feeds/mall_a/update/1.json"),
        "not an event",
        stack.body("feeds/nobody/1.json"),
        {"Service": "Amazon S3", "Event": "s3:TestEvent"},
        stack.body("feeds/mall_a/update/2.json", b""),
    )
    answer = load("feed_arrived").handler(event, Context())
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m1"}]}
    states = {key: (record.state, record.code) for key, record in stack.by_key().items()}
    assert states == {
        "feeds/mall_a/update/1.json": (State.RUNNING, None),
        "feeds/nobody/1.json": (State.HELD, "unknown_mall"),
        "feeds/mall_a/update/2.json": (State.HELD, "empty_object"),
    }


def test_why_an_arrival_fails_is_logged_with_its_message_and_key(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler, log = load("feed_arrived"), io.StringIO()
    for one in handler.logger.handlers:  # as Lambda keeps it: made once per process
        monkeypatch.setattr(one, "stream", log)

    def denied(created: ObjectCreated) -> FeedRecord:
        raise PermissionError(f"AccessDenied for {created.bucket}")

    monkeypatch.setattr(handler.pipeline().arrivals, "take", denied)
    key = "feeds/mall_a/update/금지.json"
    answer = handler.handler(sqs(stack.body(key), "not an event"), Context())
    assert [one["itemIdentifier"] for one in answer["batchItemFailures"]] == ["m0", "m1"]
    logged = [json.loads(line) for line in log.getvalue().splitlines()]
    told = {one["message_id"]: one for one in logged if one.get("message_id")}
    assert (told["m0"]["key"], told["m0"]["delivery"]) == (key, 1)
    assert "AccessDenied" in told["m0"]["exception"]
    assert "not an event" in told["m1"]["exception"]
    assert {one["level"] for one in told.values()} == {"ERROR"}


def listener(stack: Stack, mall: str) -> Callable[[], list[tuple[str, str]]]:
    """Returns what has been announced of the mall since the last call: run and code."""
    queues, bus = client("sqs", stack.url), client("events", stack.url)
    queue = queues.create_queue(QueueName=stack.job)["QueueUrl"]
    arn = queues.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    pattern = {"source": ["mallfeed"], "detail-type": ["FeedFinished"], "detail": {"mall": [mall]}}
    bus.put_rule(Name=stack.job, EventPattern=json.dumps(pattern))
    targets = [{"Id": "q", "Arn": arn["Attributes"]["QueueArn"]}]
    bus.put_targets(Rule=stack.job, Targets=targets)

    def heard() -> list[tuple[str, str]]:
        found = queues.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        for message in found:
            queues.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        details = [json.loads(message["Body"])["detail"] for message in found]
        return [(detail["run"], detail["code"]) for detail in details]

    return heard


def test_a_feed_held_on_arrival_is_announced(stack: Stack) -> None:
    heard = listener(stack, "nobody")
    load("feed_arrived").handler(sqs(stack.body("feeds/nobody/1.json")), Context())
    held = stack.by_key()["feeds/nobody/1.json"]
    assert heard() == [(held.feed_id, "unknown_mall")]


@pytest.mark.parametrize("again", ["the same bytes", "an older file"])
def test_a_feed_that_needs_no_run_is_announced_with_a_report(stack: Stack, again: str) -> None:
    heard = listener(stack, "mall_a")
    late = stack.body("feeds/mall_a/full_0.csv")
    arrived = load("feed_arrived").handler
    arrived(sqs(stack.body("feeds/mall_a/full_1.csv")), Context())
    published = stack.by_key()["feeds/mall_a/full_1.csv"]
    for state in (State.RUNNING, State.SYNCING):
        published = stack.stored.update(
            published, moves.moved(published, published.arrived_at, state, "test")
        )
    stack.stored.update(published, moves.loaded(published, published.arrived_at, code_version()))
    assert heard() == []
    key = "feeds/mall_a/full_2.csv" if again == "the same bytes" else "feeds/mall_a/full_0.csv"
    event = sqs(stack.body(key) if again == "the same bytes" else late)
    arrived(event, Context())
    arrived(event, Context())
    feed = stack.by_key()[key]
    assert feed.state in (State.IGNORED, State.SUPERSEDED)
    assert heard() == [(feed.feed_id, feed.code)]
    report = read_report(stack.lake, "mall_a", feed.feed_id)
    assert report is not None
    assert (report["state"], report["code"]) == (str(feed.state), feed.code)


def test_every_record_of_a_direct_notification_is_entered(stack: Stack) -> None:
    keys = ["feeds/mall_a/update/a b+c.json", "feeds/mall_a/update/한글.json"]
    body: dict[str, Any] = notification(*keys)
    for record, key in zip(body["Records"], keys, strict=True):
        record["s3"]["bucket"]["name"] = stack.feeds
        record["s3"]["object"]["versionId"] = stack.put(key).version_id
    load("feed_arrived").handler(sqs(body), Context())
    assert set(stack.by_key()) == set(keys)


def test_repeated_and_reordered_events_enter_each_feed_once(stack: Stack) -> None:
    bodies = [stack.body(f"feeds/mall_a/update/{n}.json") for n in range(3)]
    handler = load("feed_arrived").handler
    for order in ((2, 0, 0, 1), (1, 2), (0,)):
        handler(sqs(*(bodies[n] for n in order)), Context())
    assert len(stack.stored.recent()) == 3
    assert len(stack.runs()) == 1


def test_a_batch_without_feeds_starts_nothing(stack: Stack) -> None:
    answer = load("feed_arrived").handler(sqs("nonsense", "more"), Context())
    assert [one["itemIdentifier"] for one in answer["batchItemFailures"]] == ["m0", "m1"]
    assert stack.runs() == []


def claim_by(stack: Stack, key: str, job_run_id: str) -> None:
    """What the run does first of all."""
    record = stack.by_key()[key]
    plan_id = record.plan_id or ""
    assert claim(stack.stored, record.feed_id, plan_id, job_run_id, record.arrived_at) is not None


def test_the_timer_closes_an_ended_run_and_counts_a_try(stack: Stack) -> None:
    load("feed_arrived").handler(sqs(stack.body("feeds/mall_a/update/1.json")), Context())
    (run,) = stack.runs()
    claim_by(stack, "feeds/mall_a/update/1.json", run["Id"])
    dispatch = load("dispatch_runs").handler
    while stack.glue.get_job_run(JobName=stack.job, RunId=run["Id"])["JobRun"][
        "JobRunState"
    ] not in ("SUCCEEDED", "FAILED"):
        pass
    answer = dispatch({"source": "aws.events", "detail-type": "Scheduled Event"}, Context())
    assert list(answer["closed"].values()) == ["SUCCEEDED"]
    record = stack.by_key()["feeds/mall_a/update/1.json"]
    assert (record.state, record.tries) == (State.WAITING, 1)
    assert "without finishing it" in (record.message or "")


def test_limits_are_read_at_run_time(stack: Stack) -> None:
    client("ssm", stack.url).put_parameter(
        Name=f"/{stack.job}/limits/max_tries", Value="1", Type="String"
    )
    load("feed_arrived").handler(sqs(stack.body("feeds/mall_a/update/1.json")), Context())
    claim_by(stack, "feeds/mall_a/update/1.json", stack.runs()[0]["Id"])
    for _ in range(10):
        stack.runs()
    load("dispatch_runs").handler({}, Context())
    assert stack.by_key()["feeds/mall_a/update/1.json"].state is State.FAILED


def test_a_wrong_limit_stops_nothing_and_is_an_error(stack: Stack) -> None:
    client("ssm", stack.url).put_parameter(
        Name=f"/{stack.job}/limits/max_runs", Value="many", Type="String"
    )
    event = sqs(stack.body("feeds/mall_a/update/1.json"))
    assert load("feed_arrived").handler(event, Context()) == {"batchItemFailures": []}
    (run,) = stack.runs()
    for _ in range(10):
        stack.runs()
    with pytest.raises(SettingsInvalid, match="limits/max_runs"):
        load("dispatch_runs").handler({}, Context())
    record = stack.by_key()["feeds/mall_a/update/1.json"]
    assert run["Id"] in record.events[-1].note
    assert record.state is State.WAITING


@pytest.mark.parametrize("name", ["feed_arrived", "dispatch_runs"])
def test_a_handler_imports_nothing_heavy(name: str) -> None:
    code = (
        "import runpy, sys; runpy.run_path(sys.argv[1], run_name='handler');"
        "print(*sorted({m.partition('.')[0] for m in sys.modules}"
        " & {'pyspark', 'pyarrow', 'pandas', 'numpy', 'opensearchpy', 'duckdb', 'lxml'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(LAMBDAS / name / "handler.py")],
        capture_output=True,
        text=True,
        check=True,
        cwd=LAMBDAS.parent,
    )
    assert done.stdout.strip() == ""
