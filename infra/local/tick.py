"""Ringing the local stack's clock: scheduled rules and triggers, now or as if it were some other time.

AWS rings them by itself. Here the pump keeps what runs by a rate; the rest waits for a tick.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from botocore.exceptions import ClientError

from infra.local import events_inbox
from infra.local.clock import Schedule, Trigger, schedules, triggers
from infra.local.cron import is_due
from infra.local.deploy import Clients, deployed
from infra.local.deploy_template import STACK_NAME
from infra.local.stack import Stack


class NothingToRing(Exception):
    """No rule or trigger has that name, or none is due then; says which there are."""


@dataclass(frozen=True)
class Rung:
    """What a tick set going: a function, or a job with its run (None: `why` says why not)."""

    rule: str
    starts: str
    job_run_id: str | None = None
    why: str | None = None


def tick(stack: Stack, rule: str | None = None, at: datetime | None = None) -> list[Rung]:
    """Rings rules and triggers: the one of that name, else all; with `at` those due in that minute.

    Functions are told the time `at`. They are called, and jobs started, asynchronously as on AWS.
    Raises NothingToRing.
    """
    plain = deployed(stack.directory)
    there: list[Schedule | Trigger] = [*schedules(plain), *triggers(plain)]
    chosen = [one for one in there if rule is None or rule in (_name(one), _short(_name(one)))]
    if not chosen:
        raise NothingToRing(f"no schedule is called {rule}; there are: {_listed(there)}")
    due = [one for one in chosen if at is None or is_due(one.expression, at)]
    if not due:
        raise NothingToRing(f"nothing is due at {at}: {_listed(chosen)}")
    return [rung for one in due for rung in _ring(one, stack, at)]


def _ring(one: Schedule | Trigger, stack: Stack, at: datetime | None) -> list[Rung]:
    environment = stack.environment()
    if isinstance(one, Schedule):
        call = {"function": one.function, "event": one.event(at)}
        events_inbox.post(environment["AWS_ENDPOINT_URL"], "invoke", call)
        return [Rung(one.rule, one.function)]
    glue = Clients(environment)("glue")
    return [_start(glue, one.name, job, arguments) for job, arguments in one.jobs]


def _start(glue: object, trigger: str, job: str, arguments: dict[str, str]) -> Rung:
    try:
        run = glue.start_job_run(JobName=job, Arguments=arguments)  # type: ignore[attr-defined]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConcurrentRunsExceededException":
            raise
        return Rung(trigger, job, why="it runs already")
    return Rung(trigger, job, str(run["JobRunId"]))


def _name(one: Schedule | Trigger) -> str:
    return one.rule if isinstance(one, Schedule) else one.name


def _short(name: str) -> str:
    return name.removeprefix(f"{STACK_NAME}-")


def _listed(there: Sequence[Schedule | Trigger]) -> str:
    return ", ".join(f"{_short(_name(one))} ({one.expression})" for one in there) or "none"
