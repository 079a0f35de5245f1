"""Glue job runs inside moto with true states: those that the pump reports.

moto keeps runs but executes nothing: a run would become SUCCEEDED by being looked at. Here a run
stays STARTING until the pump (infra.local.events) says otherwise; BatchStopJobRun and UpdateJob,
which moto lacks, are added; every terminal state puts `Glue Job State Change` on the default bus.

`install(application, inbox)` is called in moto's process, see infra.local.aws.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from infra.local import alarm_states, events_targets
from infra.local.events_inbox import Inbox, Wsgi

OVER = frozenset({"SUCCEEDED", "FAILED", "STOPPED", "TIMEOUT"})
ACTIVE = frozenset({"STARTING", "RUNNING", "STOPPING"})
_KEPT_BY_NOBODY = {"progression": "manual", "times": 2**60}
_lock = threading.RLock()


def install(application: Wsgi, inbox: Inbox) -> Wsgi:
    """Patch moto and put the pump's inbox before its application."""
    from moto.moto_api import state_manager

    state_manager.set_transition("glue::job_run", _KEPT_BY_NOBODY)
    _announce_starts(inbox)
    _tell_the_truth()
    _add_actions(inbox)
    events_targets.install(inbox.put)
    alarm_states.install(inbox.put)
    inbox.answer("state", _set_state)
    inbox.answer("alarms", _evaluate_alarms)
    inbox.answer("invoke", lambda body: _leave(inbox, {"kind": "invoke", **body}))
    inbox.answer("active", lambda _: {"runs": [_described(*each) for each in _active()]})
    return inbox.before(application)


def _evaluate_alarms(body: dict[str, Any]) -> dict[str, Any]:
    return {"changed": alarm_states.evaluate(datetime.fromisoformat(body["at"]))}


def _leave(inbox: Inbox, message: dict[str, Any]) -> dict[str, Any]:
    inbox.put(message)
    return {}


def _announce_starts(inbox: Inbox) -> None:
    from moto.glue.exceptions import ConcurrentRunsExceededException
    from moto.glue.models import FakeJob

    start = FakeJob.start_job_run

    def start_job_run(job: Any, *args: Any, **kwargs: Any) -> str:
        with _lock:
            # moto does not count a run that is still STOPPING; Glue does.
            busy = sum(run.status in ACTIVE for run in job.job_runs)
            if busy >= (job.execution_property or {}).get("MaxConcurrentRuns", 1):
                raise ConcurrentRunsExceededException(f"Concurrent runs exceeded for {job.name}")
            run_id: str = start(job, *args, **kwargs)
            run = job.job_runs[-1]
            run.completed_on = None
            inbox.put(_described(job, run))
            return run_id

    FakeJob.start_job_run = start_job_run  # type: ignore[method-assign, assignment]


def _tell_the_truth() -> None:
    from moto.glue.models import FakeJobRun

    told = FakeJobRun.as_dict

    def as_dict(run: Any) -> dict[str, Any]:
        until = run.completed_on or datetime.now(UTC).replace(tzinfo=None)
        answer = {**told(run), "ExecutionTime": int((until - run.started_on).total_seconds())}
        answer["LogGroupName"] = "/aws-glue/jobs"
        answer["GlueVersion"] = getattr(run, "glue_version", "5.1")
        if run.completed_on is None:
            answer.pop("CompletedOn", None)
        if message := getattr(run, "error_message", None):
            answer["ErrorMessage"] = message
        return answer

    FakeJobRun.as_dict = as_dict  # type: ignore[method-assign, assignment]


def _add_actions(inbox: Inbox) -> None:
    from moto.core.responses import ActionResult
    from moto.glue.responses import GlueResponse

    def batch_stop_job_run(response: Any) -> Any:
        asked = json.loads(response.body)
        stopped, errors = [], []
        for run_id in asked["JobRunIds"]:
            pair = {"JobName": asked["JobName"], "JobRunId": run_id}
            if _ask_to_stop(run_id, inbox):
                stopped.append(pair)
            else:
                detail = {"ErrorCode": "InvalidInputException", "ErrorMessage": "not running"}
                errors.append({**pair, "ErrorDetail": detail})
        return ActionResult({"SuccessfulSubmissions": stopped, "Errors": errors})

    def update_job(response: Any) -> Any:
        asked = json.loads(response.body)
        _change_job(response.glue_backend.get_job(asked["JobName"]), asked["JobUpdate"])
        return ActionResult({"JobName": asked["JobName"]})

    GlueResponse.batch_stop_job_run = batch_stop_job_run  # type: ignore[attr-defined]
    GlueResponse.update_job = update_job  # type: ignore[attr-defined]


def _change_job(job: Any, update: dict[str, Any]) -> None:
    """UpdateJob replaces the definition; the runs stay."""
    from moto.core.utils import camelcase_to_underscores

    for name, value in update.items():
        setattr(job, camelcase_to_underscores(name), value)


def _ask_to_stop(run_id: str, inbox: Inbox) -> bool:
    with _lock:
        for _, run in _active():
            if run.job_run_id == run_id:
                run.status = "STOPPING"
                inbox.put({"kind": "stop", "run_id": run_id})
                return True
    return False


def _active() -> Iterator[tuple[Any, Any]]:
    """Runs that are not over, with their jobs."""
    for job, run in _runs():
        if run.status in ACTIVE:
            yield job, run


def _runs() -> Iterator[tuple[Any, Any]]:
    from moto.glue.models import glue_backends

    for account in list(glue_backends.values()):
        for backend in list(account.values()):
            for job in list(backend.jobs.values()):
                for run in list(job.job_runs):
                    yield job, run


def _described(job: Any, run: Any) -> dict[str, Any]:
    return {"kind": "run", "job": job.as_dict(), "run": run.as_dict()}


def _set_state(report: dict[str, Any]) -> dict[str, Any]:
    """The pump's report: `run_id`, `state`, `error`. A run that is over does not change any more."""
    with _lock:
        for job, run in _runs():
            if run.job_run_id != report["run_id"] or run.status in OVER:
                continue
            if report["state"] == "RUNNING" and run.status == "STOPPING":
                continue
            run.status = report["state"]
            run.error_message = report.get("error")
            if run.status in OVER:
                run.completed_on = datetime.now(UTC).replace(tzinfo=None)
                _emit(job, run)
            return {"changed": True}
    return {"changed": False}


def _emit(job: Any, run: Any) -> None:
    """The event in AWS's format (Glue User Guide, "Automating with EventBridge")."""
    severity = "INFO" if run.status == "SUCCEEDED" else "ERROR"
    detail = {
        "jobName": job.name,
        "severity": severity,
        "state": run.status,
        "jobRunId": run.job_run_id,
        "message": getattr(run, "error_message", None) or f"Job run {run.status.lower()}",
    }
    event = {
        "Source": "aws.glue",
        "DetailType": "Glue Job State Change",
        "Detail": json.dumps(detail),
    }
    from moto.events.models import events_backends

    events_backends[job.backend.account_id][job.backend.region_name].put_events([event])
