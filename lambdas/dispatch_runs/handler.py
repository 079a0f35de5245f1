"""Lambda dispatch_runs: on Glue's state changes and on a timer, closes runs and starts what waits.

The event is only a hint; what is done follows from the ledger and from Glue itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from mallfeed.arrival.due import enter_due
from mallfeed.catalog.model import Catalog
from mallfeed.ledger.states import OPEN
from mallfeed.maintain.lease import give_back_dead
from mallfeed.pipeline.front import Pipeline
from mallfeed.pipeline.parts import now
from mallfeed.plan.dispatch import dispatch
from mallfeed.plan.gauges import gauges
from mallfeed.plan.overdue_feeds import in_turn, overdue
from mallfeed.report.announce import announce
from mallfeed.settings import from_environment
from mallfeed.visible import json_text

logger = Logger(json_serializer=json_text)
tracer = Tracer()
metrics = Metrics()

TIMER = "Scheduled Event"
UNITS = {"OldestSyncingSeconds": MetricUnit.Seconds, "OldestWaitingSeconds": MetricUnit.Seconds}


@cache
def pipeline() -> Pipeline:
    """The stack's parts, kept while this process lives."""
    return Pipeline(from_environment())


@logger.inject_lambda_context
@tracer.capture_lambda_handler
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Look after all runs, start what waits, measure the queue; returns what was done.

    Raises SettingsInvalid, after all of that, while a limit is invalid: the alarm on errors reports it.
    """
    parts, rung = pipeline(), _rung(event)
    clock = _clock(rung)
    freed = give_back_dead(parts.ledger, parts.ledger.open_malls(), parts.run_status)
    if freed:
        logger.warning("locks of dead maintenance runs released", extra={"malls": freed})
    due = enter_due(parts.ledger, clock())
    if due:
        logger.info("due", extra={"feeds": [feed.feed_id for feed in due]})
    malls = {feed.mall_id for feed in due if feed.state in OPEN}
    outcome = dispatch(parts.ledger, parts.runs, parts.limits.read(), clock, due=malls)
    for failure in outcome.failures:
        logger.warning("run not started", extra={"reason": failure})
    logger.info("dispatched", extra=outcome.summary())
    _announce()
    measured = {
        "RunsStarted": len(outcome.started),
        "RunsClosed": len(outcome.closed),
        "RunsRunning": len(outcome.running) + len(outcome.started),
        "StartFailures": len(outcome.failures),
        **gauges(parts.ledger, clock()),
        **(_late(rung, clock()) if rung else {}),
    }
    for name, value in measured.items():
        metrics.add_metric(name=name, unit=UNITS.get(name, MetricUnit.Count), value=value)
    if parts.limits.fault is not None:  # everything is done; an operator must know all the same
        raise parts.limits.fault
    return outcome.summary()


def _rung(event: dict[str, Any]) -> datetime | None:
    """When the timer was due; None for any other event, and for one without a time."""
    try:
        timed = event.get("detail-type") == TIMER
        return datetime.fromisoformat(event["time"]).astimezone(UTC) if timed else None
    except (KeyError, ValueError):
        return None


def _clock(rung: datetime | None) -> Callable[[], datetime]:
    """The real time, or that of the timer's event if that is later.

    On AWS it never is: EventBridge calls at the event's time or after it. `mallfeed local tick --at`
    sends one from the future, so that windows, backoffs and gathering can be tried without waiting.
    An old event (one that was delayed, or retried) does not turn the clock back.
    """
    return now if rung is None else lambda: max(now(), rung)


def _late(rung: datetime, moment: datetime) -> dict[str, int]:
    """LateFeeds: feeds that catalogs expect and that have not arrived, of the malls whose turn it is.

    Only the timer checks, by its own minute: so each mall is checked once in ten minutes, and not
    again whenever a run ends.
    """
    parts = pipeline()

    def catalogs_of(mall_id: str) -> list[Catalog]:
        return [published.catalog for published in parts.catalogs.versions(mall_id)]

    malls = in_turn(parts.catalogs.malls(), rung)
    found = overdue(malls, catalogs_of, parts.ledger.sent_since, moment)
    for late in found.late:
        logger.warning("feed is late", extra={"reason": late.message()})
    for mall_id, error in found.unread.items():
        logger.error("could not check what is due", extra={"mall_id": mall_id}, exc_info=error)
    return {"LateFeeds": len(found.late)}


def _announce() -> None:
    """Reports feeds that ended with a plan or after it, and that its run did not report."""
    announce(pipeline().endings, pipeline().tell)
