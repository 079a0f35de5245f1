"""Sends a frame: from the driver if it is small, otherwise each partition from its own executor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from mallfeed.errors import MallfeedError, SinkRefused, SinkUnavailable
from mallfeed.sinks.frames import is_spark
from mallfeed.sinks.opensearch.bulk import BulkOptions, BulkOutcome, BulkSender
from mallfeed.sinks.opensearch.bulk_answer import OpenSearchBulk
from mallfeed.sinks.opensearch.bulk_body import BulkItem
from mallfeed.sinks.opensearch.connection import ConnectionSpec, connect
from mallfeed.sinks.opensearch.document import documents, spark_documents
from mallfeed.sinks.progress_socket import Caller, Home, Sent, counts_home, untold
from mallfeed.table.port import Frame

Row = tuple[str, str, str | None]


@dataclass(frozen=True)
class Target:
    """Where to an executor sends, and how; picklable."""

    connection: ConnectionSpec
    index: str
    options: BulkOptions
    version: int


def send_frame(target: Target, frame: Frame, on_driver: bool, sent: Sent = untold) -> BulkOutcome:
    """Send all rows of the frame. Raises SinkRefused or SinkUnavailable.

    `sent` is called now and then with the number of documents that the index has accepted.
    """
    if not is_spark(frame):
        return _send(target, documents(frame), sent)
    made = spark_documents(frame)
    if on_driver:
        rows = made.toLocalIterator(prefetchPartitions=True)
        return _send(target, (tuple(row) for row in rows), sent)
    parts = made.rdd.coalesce(target.options.senders)
    driver = frame.sparkSession.conf.get("spark.driver.host")
    with counts_home(driver, sent) as home:
        at_once = min(parts.getNumPartitions(), frame.sparkSession.sparkContext.defaultParallelism)
        sender = _PartitionSender(_shared(target, at_once), home)
        return _merged(parts.mapPartitions(sender).collect())


def send_deletes(target: Target, mall_id: str, product_ids: Iterable[str]) -> BulkOutcome:
    """Delete these products, with the target's version."""
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


def bounded(options: BulkOptions, room: tuple[int, int] | None) -> BulkOptions:
    """The options, limited to as many requests in progress as the index can work on at the same time.

    `room` is (write threads, shard copies). A bulk request occupies one write thread per copy, so a few
    requests are enough to fill a domain. More of them compete for memory and caches, and leave smaller
    segments to be merged: on 2 cores and 2 shards, 2 simultaneous requests were up to a fifth faster
    than 4. One more than can be worked on keeps OpenSearch busy while an answer is read.
    """
    if room is None:
        return options
    write_threads, copies = room
    at_work = max(1, write_threads // max(1, copies))
    most = min(options.max_concurrency, at_work + 1)
    return replace(options, max_concurrency=most, in_all=at_work + 1)


def _shared(target: Target, senders: int) -> Target:
    """The target with one sender's part of the requests, if several partitions send at the same time."""
    if senders < 2:
        return target
    options = target.options
    most = max(1, min(2, options.max_concurrency, options.in_all // senders))
    return replace(target, options=replace(options, max_concurrency=most))


class _PartitionSender:
    """Runs on an executor. The sink's errors are returned as values, and raised by the driver."""

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
