"""When scheduled rules call their function, and triggers start their jobs, on one machine.

`rate(…)` is shortened and kept by the pump. What runs by a cron expression waits for a `tick`
(infra.local.tick), which also rings everything that is scheduled at some other time.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from infra.local.aws import ACCOUNT, REGION
from infra.local.cron import RATE, UNIT_S
from infra.local.deploy_template import Plain

LONGEST_LOCAL_S = 5.0


@dataclass(frozen=True)
class Schedule:
    """A rule with a schedule, and the function it calls.

    `every_s` is None for a cron expression: such a rule runs at a `tick` only.
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
