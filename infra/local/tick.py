"""Fires the local stack's timers: scheduled rules and triggers, now or as of another time.

AWS fires them by itself, and so does the pump (infra.local.events) while the stack is up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from infra.local import events_inbox
from infra.local.clock import Rung, Schedule, Trigger, schedules, start_jobs, triggers
from infra.local.cron import is_due
from infra.local.deploy import Clients, deployed
from infra.local.deploy_template import STACK_NAME
from infra.local.stack import Stack


class NothingToRing(Exception):
    """No rule or trigger has that name, or none is due at that time; the message lists those that exist."""


def tick(stack: Stack, rule: str | None = None, at: datetime | None = None) -> list[Rung]:
    """Fires rules and triggers: the one of that name, else all (and evaluates the alarms); with `at`, those due in that minute.

    Functions receive the time `at`. They are called, and jobs started, asynchronously as on AWS; a
    trigger starts its jobs itself, and no run of its workflow is recorded.
    Raises NothingToRing.
    """
    if rule is None:
        moment = {"at": (at or datetime.now(UTC)).isoformat()}
        events_inbox.post(stack.environment()["AWS_ENDPOINT_URL"], "alarms", moment)
    plain = deployed(stack.directory)
    there: list[Schedule | Trigger] = [*schedules(plain), *triggers(plain)]
    chosen = [one for one in there if rule is None or rule in (_name(one), _short(_name(one)))]
    if not chosen:
        raise NothingToRing(f"there is no schedule {rule}; the schedules are: {_listed(there)}")
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
    return start_jobs(one, Clients(environment)("glue"))


def _name(one: Schedule | Trigger) -> str:
    return one.rule if isinstance(one, Schedule) else one.name


def _short(name: str) -> str:
    return name.removeprefix(f"{STACK_NAME}-")


def _listed(there: Sequence[Schedule | Trigger]) -> str:
    return ", ".join(f"{_short(_name(one))} ({one.expression})" for one in there) or "none"
