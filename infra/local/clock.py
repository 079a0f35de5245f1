"""When scheduled rules call their function, and triggers start their jobs, on one machine.

The pump serves both while it runs: `rate(…)` shortened, `cron(…)` at its minutes (`Calendar`). A `tick`
(infra.local.tick) fires at once, if desired as of another time.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from infra.local.cron import RATE, UNIT_S, is_due
from infra.local.deploy_template import Plain
from infra.local.place import ACCOUNT, REGION
from infra.local.processes import StackError

LONGEST_LOCAL_S = 5.0
NEVER = "cron(0 0 31 12 ? 2199)"
"""MaintainSchedule of a stack in which maintenance must not start by itself, in tests and benchmarks."""


@dataclass(frozen=True)
class Schedule:
    """A rule with a schedule, and the function it calls.

    `every_s` is None for a cron expression: such a rule runs at its minutes.
    """

    rule: str
    function: str
    every_s: float | None
    expression: str = ""

    def event(self, at: datetime | None = None) -> dict[str, Any]:
        """The event that EventBridge sends for it now, or at that time."""
        now = (at or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": ACCOUNT,
            "time": now,
            "region": REGION,
            "resources": [f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{self.rule}"],
            "detail": {},
        }


@dataclass(frozen=True)
class Trigger:
    """A Glue trigger with a schedule, and the jobs it starts, with their arguments."""

    name: str
    jobs: tuple[tuple[str, dict[str, str]], ...]
    expression: str


def period_s(expression: str) -> float | None:
    """Seconds of a rate, at most LONGEST_LOCAL_S here; None for cron."""
    found = RATE.fullmatch(expression)
    if found is None:
        return None
    return min(int(found[1]) * UNIT_S[found[2]], LONGEST_LOCAL_S)


def schedules(plain: Plain) -> list[Schedule]:
    """The template's enabled rules with a schedule, one for each function they call."""
    return [
        Schedule(rule["Name"], target["Arn"].rsplit(":", 1)[1], period_s(expression), expression)
        for rule in plain.of("AWS::Events::Rule").values()
        if (expression := rule.get("ScheduleExpression")) and rule.get("State") == "ENABLED"
        for target in rule["Targets"]
        if ":function:" in target["Arn"]
    ]


def triggers(plain: Plain) -> list[Trigger]:
    """The template's scheduled Glue triggers."""
    return [
        Trigger(
            one["Name"],
            tuple((action["JobName"], action.get("Arguments", {})) for action in one["Actions"]),
            one["Schedule"],
        )
        for one in plain.of("AWS::Glue::Trigger").values()
        if one["Type"] == "SCHEDULED"
    ]


def check(plain: Plain) -> None:
    """Raises StackError if the expression of a rule or trigger cannot be read here."""
    timed: list[Schedule | Trigger] = [*schedules(plain), *triggers(plain)]
    for one in timed:
        try:
            is_due(one.expression, datetime.now(UTC))
        except ValueError as error:
            name = one.rule if isinstance(one, Schedule) else one.name
            raise StackError(f"the schedule of {name} would never fire: {error}") from error


class Calendar:
    """Which schedules fire as the minutes go by, each at most once per minute.

    Missed times are not made up for: what was due before this object existed, or while nobody asked, is skipped.
    """

    def __init__(self, now: datetime) -> None:
        self._asked = _minute(now)

    def due(self, there: Iterable[Schedule | Trigger], now: datetime) -> list[Schedule | Trigger]:
        """The schedules that fire in this minute; none if it was asked for before, or the clock was put back."""
        if _minute(now) <= self._asked:
            return []
        self._asked = _minute(now)
        return [one for one in there if is_due(one.expression, now)]


@dataclass(frozen=True)
class Rung:
    """What was started: a function, or a job with its run (None if it was not started; `why` says why)."""

    rule: str
    starts: str
    job_run_id: str | None = None
    why: str | None = None


def start_jobs(trigger: Trigger, glue: Any) -> list[Rung]:
    """Starts the trigger's jobs, as its workflow does on AWS; one that is already running is left alone."""
    return [_start(glue, trigger.name, job, arguments) for job, arguments in trigger.jobs]


def _start(glue: Any, trigger: str, job: str, arguments: dict[str, str]) -> Rung:
    try:
        run = glue.start_job_run(JobName=job, Arguments=arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConcurrentRunsExceededException":
            raise
        return Rung(trigger, job, why="it runs already")
    return Rung(trigger, job, str(run["JobRunId"]))


def _minute(at: datetime) -> int:
    return int(at.timestamp() // 60)
