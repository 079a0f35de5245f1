"""The pump as a whole: put, event, queue, function; and a deployment while it runs."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local.calls.credentials import LAMBDA
from infra.local.events import Pump
from tests.infra.roles import allow, make_role

HANDLER = """
import json, os

def handler(event, context):
    with open(os.environ["NOTES"], "a") as out:
        out.write(json.dumps(["{version}", event]) + "\\n")
"""


class Site:
    """A deployment of one function behind a queue, a rule and a schedule, written by hand."""

    def __init__(self, clients: Any, bucket: str, directory: Path) -> None:
        self.clients, self.name, self.directory = clients, bucket, directory
        self.url = clients("sqs").create_queue(QueueName=bucket)["QueueUrl"]
        self.notes_file = directory / "notes"
        self.deploy("1")

    def deploy(self, version: str) -> None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("handler.py", HANDLER.replace("{version}", version))
        key = f"{version}.zip"
        self.clients("s3").put_object(Bucket=self.name, Key=key, Body=out.getvalue())
        function = {
            "FunctionName": self.name,
            "Handler": "handler.handler",
            "Timeout": 10,
            "Code": {"S3Bucket": self.name, "S3Key": key},
            "Environment": {"Variables": {"NOTES": str(self.notes_file)}},
            "Role": make_role(
                self.clients, self.name, LAMBDA, allow(["sqs:ReceiveMessage", "sqs:DeleteMessage"])
            ),
        }
        arn = f"arn:aws:lambda:ap-northeast-2:123456789012:function:{self.name}"
        mapping = {
            "EventSourceArn": f"arn:aws:sqs:ap-northeast-2:123456789012:{self.name}",
            "FunctionName": self.name,
        }
        timer = {"Name": "timer", "ScheduleExpression": "rate(1 minute)", "State": "ENABLED"}
        timer["Targets"] = [{"Id": "1", "Arn": arn}]  # type: ignore[assignment]
        hourly = {**timer, "Name": "hourly", "ScheduleExpression": "cron(0 * * * ? *)"}
        nightly = {"Name": "nightly", "Type": "SCHEDULED", "Schedule": "cron(30 18 * * ? *)"}
        nightly["Actions"] = [{"JobName": self.name}]  # type: ignore[assignment]
        resources = {
            "Function": {"Type": "AWS::Lambda::Function", "Properties": function},
            "Mapping": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": mapping},
            "Timer": {"Type": "AWS::Events::Rule", "Properties": timer},
            "Hourly": {"Type": "AWS::Events::Rule", "Properties": hourly},
            "Nightly": {"Type": "AWS::Glue::Trigger", "Properties": nightly},
        }
        draft = self.directory / "draft"
        draft.write_text(json.dumps({"resources": resources, "outputs": {}}))
        draft.replace(self.directory / "deployed.json")

    def notes(self) -> list[tuple[str, dict[str, Any]]]:
        if not self.notes_file.exists():
            return []
        lines = self.notes_file.read_text().splitlines(keepends=True)
        lines = [line for line in lines if line.endswith("\n")]  # the last one may be half written
        return [(version, event) for version, event in map(json.loads, lines)]

    def rung(self) -> list[str]:
        """The times of the hourly rule's events."""
        events = [event for _, event in self.notes() if "Records" not in event]
        return [e["time"] for e in events if e["resources"][0].endswith("/hourly")]

    def runs(self) -> list[dict[str, Any]]:
        """Runs of the trigger's job."""
        return list(self.clients("glue").get_job_runs(JobName=self.name)["JobRuns"])

    def bodies(self) -> list[tuple[str, str]]:
        return [(v, r["body"]) for v, event in self.notes() for r in event.get("Records", [])]


@pytest.fixture
def site(clients: Any, bucket: str, tmp_path: Path) -> Site:
    return Site(clients, bucket, tmp_path)


class Time:
    """The pump's clock, which the test sets."""

    now = datetime(2026, 11, 24, 17, 58, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Time:
    return Time()


@pytest.fixture
def pump(site: Site, clock: Time, aws_environment: dict[str, str]) -> Iterator[Pump]:
    pump = Pump(site.directory, aws_environment, clock, glue_start_s=0)
    pump.start()
    yield pump
    pump.stop()
    assert not pump.failed


def eventually(condition: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + 20
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
    return found


@pytest.mark.usefixtures("pump")
def test_a_message_reaches_the_function_within_seconds(site: Site) -> None:
    site.clients("sqs").send_message(QueueUrl=site.url, MessageBody="first")
    eventually(site.bodies)
    started = time.monotonic()
    site.clients("sqs").send_message(QueueUrl=site.url, MessageBody="second")
    eventually(lambda: ("1", "second") in site.bodies())
    assert time.monotonic() - started < 3


@pytest.mark.usefixtures("pump")
def test_a_schedule_calls_its_function_with_the_event_that_aws_sends(site: Site) -> None:
    event = eventually(lambda: [e for _, e in site.notes() if "Records" not in e])[0]
    assert event["detail-type"] == "Scheduled Event"
    assert event["resources"] == ["arn:aws:events:ap-northeast-2:123456789012:rule/timer"]


@pytest.mark.usefixtures("pump")
def test_a_deployment_while_it_runs_is_served_without_a_restart(site: Site) -> None:
    site.clients("sqs").send_message(QueueUrl=site.url, MessageBody="before")
    eventually(site.bodies)
    site.deploy("2")

    def served_anew() -> bool:
        site.clients("sqs").send_message(QueueUrl=site.url, MessageBody="after")
        return ("2", "after") in site.bodies()

    eventually(served_anew)


@pytest.mark.usefixtures("pump")
def test_a_cron_rule_fires_at_its_minute_and_missed_times_are_skipped(
    site: Site, clock: Time
) -> None:
    eventually(site.notes)
    clock.now += timedelta(minutes=2)
    eventually(site.rung)
    clock.now += timedelta(hours=2)  # 20:00
    eventually(lambda: len(site.rung()) > 1)
    assert site.rung() == ["2026-11-24T18:00:00Z", "2026-11-24T20:00:00Z"]


@pytest.mark.usefixtures("pump")
def test_a_trigger_starts_its_job_at_its_minute_once(site: Site, clock: Time) -> None:
    command = {"Name": "glueetl", "ScriptLocation": f"s3://{site.name}/none.py"}
    site.clients("glue").create_job(Name=site.name, Role="role", Command=command)
    clock.now = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
    eventually(site.runs)
    clock.now = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
    eventually(site.rung)  # the calendar has been asked again
    assert len(site.runs()) == 1
