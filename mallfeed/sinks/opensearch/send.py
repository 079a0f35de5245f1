"""Sending a frame: on the driver when it is small, else each partition by its own executor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from mallfeed.errors import MallfeedError, SinkRefused, SinkUnavailable
from mallfeed.sinks.counts_home import Caller, Home, Sent, counts_home, untold
from mallfeed.sinks.frames import is_spark
from mallfeed.sinks.opensearch.bulk import BulkOptions, BulkOutcome, BulkSender
from mallfeed.sinks.opensearch.bulk_answer import OpenSearchBulk
from mallfeed.sinks.opensearch.bulk_body import BulkItem
from mallfeed.sinks.opensearch.connection import ConnectionSpec, connect
from mallfeed.sinks.opensearch.document import documents, spark_documents
from mallfeed.table.port import Frame

Row = tuple[str, str, str | None]


@dataclass(frozen=True)
class Target:
    """Where and how an executor sends; picklable."""

    connection: ConnectionSpec
    index: str
    options: BulkOptions
    version: int


def send_frame(target: Target, frame: Frame, on_driver: bool, sent: Sent = untold) -> BulkOutcome:
    """Send all rows of the frame; raises SinkRefused or SinkUnavailable.

    `sent` is told now and then how many documents the index has taken.
    """
    if not is_spark(frame):
        return _send(target, documents(frame), sent)
    made = spark_documents(frame)
    if on_driver:
        return _send(target, (tuple(row) for row in made.collect()), sent)
    rows = made.rdd.coalesce(target.options.senders)
    driver = frame.sparkSession.conf.get("spark.driver.host")
    with counts_home(driver, sent) as home:
        sender = _PartitionSender(_shared(target, rows.getNumPartitions()), home)
        return _merged(rows.mapPartitions(sender).collect())


def send_deletes(target: Target, mall_id: str, product_ids: Iterable[str]) -> BulkOutcome:
    """Delete these products by version."""
    return _send(target, ((f"{mall_id}:{product_id}", "D", None) for product_id in product_ids))


def _send(target: Target, rows: Iterable[Row], sent: Sent = untold) -> BulkOutcome:
    client = connect(target.connection)
    try:
        sender = BulkSender(OpenSearchBulk(client, target.index), target.options, sent=sent)
        return sender.send(_items(rows, target.version))
    finally:
        client.close()


def _items(rows: Iterable[Row], version: int) -> Iterator[BulkItem]:
    for identifier, op, doc in rows:
        if op == "U" and doc is not None:
            yield BulkItem(identifier, "index", version, doc.encode())
        else:
            yield BulkItem(identifier, "delete", version, None)


def _shared(target: Target, senders: int) -> Target:
    """Two requests a sender when several partitions send at once, so that they do not flood."""
    if senders < 2:
        return target
    most = min(2, target.options.max_concurrency)
    return replace(target, options=replace(target.options, max_concurrency=most))


class _PartitionSender:
    """Runs on an executor. Our own errors travel back as values, to be raised by the driver."""

    def __init__(self, target: Target, home: Home | None) -> None:
        self._target = target
        self._home = home

    def __call__(self, rows: Iterator[Any]) -> Iterator[BulkOutcome | MallfeedError]:
        caller = Caller(self._home, _task()) if self._home else None
        try:
            yield _send(self._target, (tuple(row) for row in rows), caller or untold)
        except (SinkRefused, SinkUnavailable) as error:
            yield error
        finally:
            if caller is not None:
                caller.close()


def _task() -> str:
    from pyspark import TaskContext

    context = TaskContext.get()
    return "" if context is None else str(context.partitionId())


def _merged(results: list[BulkOutcome | MallfeedError]) -> BulkOutcome:
    outcome = BulkOutcome()
    for result in results:
        if isinstance(result, MallfeedError):
            raise result
        outcome.add(result)
    return outcome
