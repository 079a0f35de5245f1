"""When scheduled rules call their function: `rate(…)` of EventBridge, shortened for one machine."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from infra.local.aws import ACCOUNT, REGION
from infra.local.deploy_template import Plain

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_UNIT_S = {"minute": 60, "hour": 3600, "day": 86400}
LONGEST_LOCAL_S = 5.0


@dataclass(frozen=True)
class Schedule:
    """A rule with a schedule, and the function it calls.

    `every_s` is None for a cron expression: such a rule runs at a `tick` only.
    """

    rule: str
    function: str
    every_s: float | None

    def event(self) -> dict[str, Any]:
        """The event that EventBridge sends for it now."""
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
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


def period_s(expression: str) -> float | None:
    """Seconds of a rate, at most LONGEST_LOCAL_S here; None for cron."""
    found = _RATE.fullmatch(expression)
    if found is None:
        return None
    return min(int(found[1]) * _UNIT_S[found[2]], LONGEST_LOCAL_S)


def schedules(plain: Plain) -> list[Schedule]:
    """The template's enabled rules with a schedule, one for each function they call."""
    return [
        Schedule(rule["Name"], target["Arn"].rsplit(":", 1)[1], period_s(expression))
        for rule in plain.of("AWS::Events::Rule").values()
        if (expression := rule.get("ScheduleExpression")) and rule.get("State") == "ENABLED"
        for target in rule["Targets"]
        if ":function:" in target["Arn"]
    ]
