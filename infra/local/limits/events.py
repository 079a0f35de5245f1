"""Amazon EventBridge: sizes of events, schedules and targets of rules.

Sources: Amazon EventBridge User Guide, "Calculating PutEvents event entry size" (the size; API Reference, PutEvents: "the total
entry size must be less than 1MB", 256 KB before 2026), "Amazon EventBridge quotas" (targets of a rule), "Setting a schedule
pattern" (rates).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from infra.local.cron import is_due
from infra.local.limits.errors import Check, Refusal

MOST_BYTES = 1_048_576
"""Of all entries of one PutEvents."""
MOST_TARGETS = 5
_TIME_BYTES = 14


def put_events(asked: Mapping[str, Any], _: Any = None) -> None:
    """The size of all entries together."""
    if sum(map(size_bytes, asked["Entries"])) >= MOST_BYTES:
        raise Refusal(
            "ValidationException", "Total size of the entries in the request is over the limit."
        )


def size_bytes(entry: Mapping[str, Any]) -> int:
    """As EventBridge counts an entry: UTF-8 of its texts, 14 for a time."""
    texts = [entry.get(name) or "" for name in ("Source", "DetailType", "Detail")]
    texts += entry.get("Resources") or []
    return sum(len(text.encode()) for text in texts) + (_TIME_BYTES if entry.get("Time") else 0)


def put_rule(asked: Mapping[str, Any], _: Any = None) -> None:
    """A schedule that EventBridge does not read, among them `rate(1 minutes)`."""
    if (expression := asked.get("ScheduleExpression")) is None:
        return
    try:
        is_due(expression, datetime.now(UTC))
    except ValueError as error:
        message = f"Parameter ScheduleExpression is not valid. ({error})"
        raise Refusal("ValidationException", message) from error


def put_targets(asked: Mapping[str, Any], handler: Any) -> None:
    """More targets than a rule may have, with those that it has."""
    named = {target["Id"] for target in asked["Targets"]}
    bus = handler.events_backend.event_buses.get(asked.get("EventBusName", "default"))
    rule = None if bus is None else bus.rules.get(asked["Rule"])
    if rule is not None:
        named |= {target["Id"] for target in rule.targets}
    if len(named) > MOST_TARGETS:
        raise Refusal(
            "LimitExceededException", "The requested resource exceeds the maximum number allowed."
        )


RULES: dict[str, Check] = {"PutEvents": put_events, "PutRule": put_rule, "PutTargets": put_targets}
