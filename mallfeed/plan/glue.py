"""Runs of the Glue job load_feeds: the real `RunStarter`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
)

from mallfeed.aws.failures import THROTTLED, code_of, may_pass, transient
from mallfeed.errors import Transient
from mallfeed.ledger.model import PlanRecord
from mallfeed.plan.runs import RunNotStarted

NO_ROOM = THROTTLED | frozenset(
    {"ConcurrentRunsExceededException", "ResourceNumberLimitExceededException"}
)
UNKNOWN_RUN = "EntityNotFoundException"


def plan_key(plan_id: str) -> str:
    """The key of the plan file in the lake bucket."""
    return f"plans/{plan_id}.json"


def plan_of(run: Mapping[str, Any]) -> str:
    """The id of the plan that a Glue run was started with; empty for a run without a plan."""
    uri = str(run.get("Arguments", {}).get("--plan", ""))
    return uri.rpartition("/")[2].removesuffix(".json")


def run_status(glue: Any, job_name: str, job_run_id: str) -> str:
    """The state of a run; GONE if Glue does not know the run. Raises Transient if Glue does not answer."""
    try:
        with transient(f"GetJobRun {job_run_id}"):
            answer = glue.get_job_run(JobName=job_name, RunId=job_run_id)
    except ClientError as error:
        if code_of(error) != UNKNOWN_RUN:
            raise
        return "GONE"
    return str(answer["JobRun"]["JobRunState"])


class GlueRuns:
    """Implements `mallfeed.plan.runs.RunStarter` over Glue and the lake bucket.

    `starter` should be a client that does not retry by itself (default: `glue`). StartJobRun has no
    idempotency token: if the answer to a first call is lost, a second call starts another run, or is
    refused for lack of capacity as if no run had been started.
    """

    def __init__(
        self,
        glue: Any,
        s3: Any,
        job_name: str,
        lake_bucket: str,
        arguments: Mapping[str, str] | None = None,
        starter: Any = None,
    ) -> None:
        self._glue = glue
        self._starter = starter or glue
        self._s3 = s3
        self._job_name = job_name
        self._lake_bucket = lake_bucket
        self._arguments = dict(arguments or {})

    def start(self, plan: PlanRecord) -> str:
        """See the port."""
        self._write_plan_file(plan)
        try:
            answer = self._starter.start_job_run(
                JobName=self._job_name,
                Arguments={"--plan": self._plan_uri(plan), **self._arguments},
                WorkerType=plan.worker_type,
                NumberOfWorkers=plan.workers,
                ExecutionClass="FLEX" if plan.flex else "STANDARD",
            )
        except ClientError as error:
            if code_of(error) in NO_ROOM:
                raise RunNotStarted(str(error), busy=True) from error
            if may_pass(error):
                raise Transient(f"StartJobRun, outcome unknown: {error}") from error
            raise RunNotStarted(str(error), busy=False) from error
        except (ConnectTimeoutError, EndpointConnectionError) as error:
            raise RunNotStarted(str(error), busy=True) from error  # Glue was not reached
        except BotoCoreError as error:
            raise Transient(f"StartJobRun, outcome unknown: {error}") from error
        return str(answer["JobRunId"])

    def status(self, job_run_id: str) -> str:
        """See the port."""
        return run_status(self._glue, self._job_name, job_run_id)

    def find(self, plan: PlanRecord) -> str | None:
        """See the port."""
        uri = self._plan_uri(plan)
        for run in self._runs(plan.created_at - timedelta(hours=1)):
            if run.get("Arguments", {}).get("--plan") == uri:
                return str(run["Id"])
        return None

    def stop(self, job_run_id: str) -> None:
        """See the port."""
        with transient(f"BatchStopJobRun {job_run_id}"):
            self._glue.batch_stop_job_run(JobName=self._job_name, JobRunIds=[job_run_id])

    def _plan_uri(self, plan: PlanRecord) -> str:
        return f"s3://{self._lake_bucket}/{plan_key(plan.plan_id)}"

    def _write_plan_file(self, plan: PlanRecord) -> None:
        body = json.dumps({"plan_id": plan.plan_id, "feeds": list(plan.feed_ids)}, indent=1)
        try:
            self._s3.put_object(
                Bucket=self._lake_bucket,
                Key=plan_key(plan.plan_id),
                Body=body.encode(),
                ContentType="application/json",
            )
        except (ClientError, BotoCoreError) as error:
            raise RunNotStarted(f"plan file not written: {error}", busy=False) from error

    def _runs(self, since: datetime) -> Iterator[dict[str, Any]]:
        """The runs, newest first as Glue returns them, up to the first page that only has runs before `since`."""
        token: dict[str, str] = {}
        while True:
            with transient("GetJobRuns"):
                page = self._glue.get_job_runs(JobName=self._job_name, MaxResults=200, **token)
            yield from page["JobRuns"]
            old = all(run.get("StartedOn", since) < since for run in page["JobRuns"])
            if old or not page.get("NextToken"):
                return
            token = {"NextToken": page["NextToken"]}
