"""EventBridge rules that call a function: moto matches the event, the pump calls the handler.

moto knows no Lambda target (it raises), sends every event to a rule that has only a schedule, and
does not look at a rule's state.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any


def install(put: Callable[[dict[str, Any]], None]) -> None:
    """Patch moto (in its server's process) so that Lambda targets become messages."""
    from moto.events.models import Rule

    others = Rule.send_to_targets

    def send_to_targets(rule: Any, event: Any, transform_input: bool = True) -> None:
        if rule.scheduled_expression or rule.state != "ENABLED":
            return
        if not rule.event_pattern.matches_event(event):
            return
        functions, rest = _split(rule.targets)
        for target in functions:
            name = target["Arn"].rsplit(":function:", 1)[1].split(":")[0]
            put({"kind": "invoke", "function": name, "event": _delivered(event)})
        if rest:
            single = copy.copy(rule)
            single.targets = rest
            others(single, event, transform_input)

    Rule.send_to_targets = send_to_targets  # type: ignore[method-assign, assignment]


def _split(targets: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    functions = [target for target in targets if ":function:" in target["Arn"]]
    return functions, [target for target in targets if ":function:" not in target["Arn"]]


def _delivered(event: dict[str, Any]) -> dict[str, Any]:
    """The event as AWS delivers it: ISO time, nothing of moto's own."""
    delivered = copy.deepcopy(event)
    delivered.pop("ingestion-time", None)
    time = delivered.get("time")
    if isinstance(time, int | float):
        delivered["time"] = datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return delivered
