"""Lambda feed_arrived: SQS messages of S3 events → feeds in the ledger → dispatch.

Every record is handled, and failures are returned per record: a record that was understood is never
repeated because of a neighbour, and one for which AWS could not be reached is delivered again.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from mallfeed.arrival.event import ObjectCreated, parse_events
from mallfeed.ledger.model import FeedRecord
from mallfeed.pipeline.front import Pipeline
from mallfeed.pipeline.parts import now
from mallfeed.plan.dispatch import dispatch
from mallfeed.report.announce import announce
from mallfeed.settings import from_environment
from mallfeed.visible import json_text

logger = Logger(json_serializer=json_text)
tracer = Tracer()
metrics = Metrics()


@cache
def pipeline() -> Pipeline:
    """The stack's parts, kept while this process lives."""
    return Pipeline(from_environment())


@logger.inject_lambda_context
@tracer.capture_lambda_handler
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Enter what has arrived, then start what can run; returns `batchItemFailures`."""
    entered: list[FeedRecord] = []

    def take(record: SQSRecord) -> None:
        where = {"message_id": record.message_id, "delivery": _delivery(record)}
        try:
            for created in parse_events(record.body):
                where["key"] = created.key
                enter(created)
        except Exception:
            # Nobody else tells why: the queue only delivers the message again, and gives it up in the end.
            logger.exception("arrival failed; its message is delivered again", extra=where)
            raise

    def enter(created: ObjectCreated) -> None:
        feed = pipeline().arrivals.take(created)
        logger.info(
            "feed entered",
            extra={
                "feed_id": feed.feed_id,
                "key": feed.key,
                "state": feed.state,
                "code": feed.code,
            },
        )
        entered.append(feed)

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    answer = process_partial_response(event, take, processor, context)
    metrics.add_metric(name="FeedsArrived", unit=MetricUnit.Count, value=len(entered))
    metrics.add_metric(
        name="ArrivalsFailed", unit=MetricUnit.Count, value=len(answer["batchItemFailures"])
    )
    malls = {feed.mall_id for feed in entered}
    _dispatch(malls)
    _announce()
    return dict(answer)


def _delivery(record: SQSRecord) -> int:
    """How often the message has been delivered, this time included."""
    return int(record.attributes.approximate_receive_count or 1)


def _announce() -> None:
    """Reports feeds that were held, superseded or ignored as unchanged on arrival, or failed in dispatching."""
    announce(pipeline().endings, pipeline().tell)


def _dispatch(malls: set[str]) -> None:
    """The timer makes up for a dispatch that fails here: the feeds are in the ledger.

    So whatever goes wrong is logged and counted, and the messages, all of them understood, are not repeated.
    """
    if not malls:
        return
    parts = pipeline()
    try:
        outcome = dispatch(parts.ledger, parts.runs, parts.limits.read(), now, arrived=malls)
    except Exception:
        logger.exception("dispatch failed; the timer tries again")
        metrics.add_metric(name="DispatchFailures", unit=MetricUnit.Count, value=1)
        return
    for failure in outcome.failures:
        logger.warning("run not started", extra={"reason": failure})
    logger.info("dispatched", extra=outcome.summary())
    metrics.add_metric(name="RunsStarted", unit=MetricUnit.Count, value=len(outcome.started))
    metrics.add_metric(name="StartFailures", unit=MetricUnit.Count, value=len(outcome.failures))
