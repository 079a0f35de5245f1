"""Glue runs over HTTP, and what each of Glue's refusals means."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import boto3
import pytest
import urllib3
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from infra.local.place import REGION
from mallfeed.errors import Transient
from mallfeed.ledger.model import PlanRecord
from mallfeed.plan.glue import GlueRuns
from mallfeed.plan.runs import TERMINAL, RunNotStarted
from tests.moto_process import moto_server
from tests.unit.ledger.records import feed, plan


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with moto_server(tmp_path_factory.mktemp("moto") / "moto.log") as url:
        _runs_take_time(url)
        yield url


def _runs_take_time(url: str) -> None:
    """A run moves on only when it is read, as often as this says."""
    setting = {
        "model_name": "glue::job_run",
        "transition": {"progression": "manual", "times": 2},
    }
    answer = urllib3.request("POST", f"{url}/moto-api/state-manager/set-transition", json=setting)
    assert answer.status < 300


class Glue:
    """A job that takes two runs at once, and a lake bucket."""

    def __init__(self, url: str) -> None:
        options = {
            "endpoint_url": url,
            "region_name": REGION,
            "aws_access_key_id": "test",
            "aws_secret_access_key": "test",
        }
        self.glue = boto3.client("glue", **options)
        self.s3 = boto3.client("s3", **options)
        self.job, self.lake = f"job-{uuid4().hex[:8]}", f"lake-{uuid4().hex[:8]}"
        self.s3.create_bucket(
            Bucket=self.lake, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        self.glue.create_job(
            Name=self.job,
            Role="r",
            Command={"Name": "glueetl", "ScriptLocation": "s3://x/y.py"},
            ExecutionProperty={"MaxConcurrentRuns": 2},
        )
        self.runs = GlueRuns(self.glue, self.s3, self.job, self.lake)


@pytest.fixture
def glue(url: str) -> Glue:
    return Glue(url)


def some_plan(name: str = "p1", **changes: object) -> PlanRecord:
    return plan(name, feed(1), feed(1, mall="mall_b"), **changes)


def test_a_run_is_started_with_its_plan_and_found_by_it(glue: Glue) -> None:
    other, wanted = some_plan("p0"), some_plan("p1", workers=7)
    glue.runs.start(other)
    job_run_id = glue.runs.start(wanted)
    assert glue.runs.find(wanted) == job_run_id
    assert glue.runs.find(some_plan("p2")) is None
    run = glue.glue.get_job_run(JobName=glue.job, RunId=job_run_id)["JobRun"]
    assert (run["NumberOfWorkers"], run["WorkerType"]) == (7, "G.1X")
    file = glue.s3.get_object(Bucket=glue.lake, Key="plans/p1.json")["Body"].read()
    assert json.loads(file) == {"plan_id": "p1", "feeds": list(wanted.feed_ids)}


def test_the_status_comes_to_an_end(glue: Glue) -> None:
    job_run_id = glue.runs.start(some_plan())
    seen = [glue.runs.status(job_run_id)]
    while seen[-1] not in TERMINAL:
        seen.append(glue.runs.status(job_run_id))
    assert seen[-1] == "SUCCEEDED"
    assert "RUNNING" in seen


def test_an_unknown_run_is_gone(glue: Glue) -> None:
    assert glue.runs.status("jr_unknown") == "GONE"
    assert "GONE" in TERMINAL


def test_too_many_runs_count_as_lack_of_capacity(glue: Glue) -> None:
    for name in ("p1", "p2"):
        glue.runs.start(some_plan(name))
    with pytest.raises(RunNotStarted, match="ConcurrentRunsExceeded") as refused:
        glue.runs.start(some_plan("p3"))
    assert refused.value.busy


def test_a_missing_job_does_not_count_as_lack_of_capacity(glue: Glue) -> None:
    runs = GlueRuns(glue.glue, glue.s3, "nothing", glue.lake)
    with pytest.raises(RunNotStarted) as refused:
        runs.start(some_plan())
    assert not refused.value.busy


def test_a_plan_file_that_cannot_be_written_starts_nothing(glue: Glue) -> None:
    runs = GlueRuns(glue.glue, glue.s3, glue.job, "no-such-lake")
    with pytest.raises(RunNotStarted, match="plan file not written"):
        runs.start(some_plan())
    assert glue.runs.find(some_plan()) is None


@pytest.mark.parametrize(
    ("code", "status", "busy"),
    [
        ("ThrottlingException", 400, True),
        ("ResourceNumberLimitExceededException", 400, True),
        ("AccessDeniedException", 400, False),
        ("InvalidInputException", 400, False),
        ("InternalServiceException", 500, None),
        ("OperationTimeoutException", 400, None),
    ],
)
def test_what_a_refusal_means(glue: Glue, code: str, status: int, busy: bool | None) -> None:
    """None = nobody knows whether a run was started."""

    def refuse(**kwargs: object) -> None:
        raise ClientError(
            {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]
            "StartJobRun",
        )

    glue.glue.meta.events.register("before-call.glue.StartJobRun", refuse)
    with pytest.raises(Transient if busy is None else RunNotStarted) as refused:
        glue.runs.start(some_plan())
    assert getattr(refused.value, "busy", None) is busy


@pytest.mark.parametrize("fault", [ConnectTimeoutError, EndpointConnectionError])
def test_a_glue_that_is_not_reached_has_started_nothing(glue: Glue, fault: Any) -> None:
    def unreachable(**kwargs: object) -> None:
        raise fault(endpoint_url="http://glue")

    glue.glue.meta.events.register("before-call.glue.StartJobRun", unreachable)
    with pytest.raises(RunNotStarted) as refused:
        glue.runs.start(some_plan())
    assert refused.value.busy


def test_an_answer_lost_on_the_way_leaves_the_start_unknown_and_to_be_found(glue: Glue) -> None:
    def lost(**kwargs: object) -> None:
        raise ReadTimeoutError(endpoint_url="http://glue")

    glue.glue.meta.events.register("after-call.glue.StartJobRun", lost)
    with pytest.raises(Transient, match="outcome unknown"):
        glue.runs.start(some_plan())
    assert glue.runs.find(some_plan()) is not None
