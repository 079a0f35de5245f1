"""The OpenSearch sink: brings one physical index to a snapshot of the product table."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from mallfeed.errors import SinkRefused, SinkUnavailable
from mallfeed.sinks import frames
from mallfeed.sinks.broken import BrokenSink
from mallfeed.sinks.cursors import moved, pending
from mallfeed.sinks.opensearch import delete_extras, digest, document, growth
from mallfeed.sinks.opensearch.bootstrap import LiveIndex, live_indexes, work_room
from mallfeed.sinks.opensearch.bulk import BulkOptions, BulkOutcome
from mallfeed.sinks.opensearch.complete_answer import refresh
from mallfeed.sinks.opensearch.connection import ConnectionSpec, connect
from mallfeed.sinks.opensearch.cursor_store import CursorStore
from mallfeed.sinks.opensearch.faults import as_sink_errors
from mallfeed.sinks.opensearch.index_template import CURSOR_INDEX, CURSOR_PROPERTIES, DEFINITION
from mallfeed.sinks.opensearch.send import Target, bounded, send_deletes, send_frame
from mallfeed.sinks.port import (
    ClaimCheck,
    Cursor,
    MallLoad,
    Sink,
    SinkResult,
    SinkSent,
    document_version,
    nobody,
)
from mallfeed.table.digest import Digest, Hashes
from mallfeed.table.growth import SchemaDiffers

LOG = logging.getLogger(__name__)

COLLECT_AT_MOST = 25_000
"""Frames of up to this many rows are sent by the driver, one partition after another. That is faster than
starting Python on the executors, each of which must import opensearch-py."""


def _now() -> datetime:
    return datetime.now(UTC)


class OpenSearchSink:
    """One physical index as a `Sink` of mallfeed.sinks.port."""

    def __init__(
        self,
        index: LiveIndex,
        connection: ConnectionSpec,
        options: BulkOptions = BulkOptions(),  # noqa: B008 - frozen
        now: Callable[[], datetime] = _now,
        sent: SinkSent = nobody,
    ) -> None:
        self.name = sink_name(index)
        self._index = index
        self._connection = connection
        self._options = options
        self._now = now
        self._sent = sent
        self._client = connect(connection)
        self._store = CursorStore(self._client, index)
        self._has_grown = False

    def cursors(self, mall_ids: Sequence[str]) -> dict[str, Cursor | None]:
        """See Sink."""
        with as_sink_errors():
            return self._store.read(mall_ids)

    def load(
        self,
        loads: Sequence[MallLoad],
        epoch: int,
        check_claim: ClaimCheck,
        reapply: bool = False,
    ) -> SinkResult:
        """See Sink. With `reapply`, a load is repeated even if the cursor stands at it (reconcile)."""
        malls = [load.changes.mall_id for load in loads]
        todo = pending(loads, self.cursors(malls), epoch, reapply)
        if not todo:
            return SinkResult()
        with as_sink_errors():
            outcome = self._bring(todo, epoch, check_claim)
        return SinkResult(
            dict(outcome.written),
            dict(outcome.deleted),
            dict(outcome.stale),
            tuple(outcome.refused),
        )

    def malls(self) -> set[str]:
        """See Sink."""
        with as_sink_errors():
            return digest.malls(self._client, self._index.name)

    def digest(self, mall_id: str) -> Digest:
        """See Sink."""
        with as_sink_errors():
            refresh(self._client, self._index.name)
            return digest.digest(self._client, self._index.name, mall_id)

    def hashes(self, mall_id: str, buckets: Collection[str]) -> Hashes:
        """See Sink."""
        with as_sink_errors():
            return digest.hashes(self._client, self._index.name, mall_id, buckets)

    def _bring(self, todo: list[MallLoad], epoch: int, check_claim: ClaimCheck) -> BulkOutcome:
        until = todo[0].changes.until
        options = bounded(self._options, work_room(self._client, self._index.name))
        version = document_version(epoch, until.seq)
        target = Target(self._connection, self._index.name, options, version)
        check_claim()
        self._let_grow()
        held_before = self._held_before(todo)
        outcome = self._send(target, todo)
        self._delete_extras(target, held_before, outcome, check_claim)
        outcome.check_refusals()
        if outcome.settled:
            refresh(self._client, self._index.name)
        check_claim()
        for load in todo:
            self._store.move(moved(load, epoch), self._now())
        return outcome

    def _let_grow(self) -> None:
        """Add the properties that the index lacks. If that fails it is no mall's fault, so their feeds wait."""
        if self._has_grown:
            return
        try:
            growth.put(self._client, self._index.name, self._index.lacks)
            growth.grow(self._client, CURSOR_INDEX, CURSOR_PROPERTIES)
        except (SchemaDiffers, SinkRefused) as error:
            raise SinkUnavailable(str(error)) from error
        self._has_grown = True

    def _send(self, target: Target, todo: list[MallLoad]) -> BulkOutcome:
        filled = [load for load in todo if load.changes.count != 0]
        if not filled:
            return BulkOutcome()
        rows = frames.total_count(filled)
        frame = frames.union(filled, ("op", *document.PLAIN))
        on_driver = rows is not None and rows <= COLLECT_AT_MOST
        return send_frame(target, frame, on_driver, partial(self._sent, self.name))

    def _held_before(self, todo: list[MallLoad]) -> list[MallLoad]:
        """The full synchronisations whose mall already has documents in the index."""
        full = [load for load in todo if load.changes.kind == "contents"]
        if full:
            refresh(self._client, self._index.name)
        return [
            load
            for load in full
            if delete_extras.count(self._client, self._index.name, load.changes.mall_id)
        ]

    def _delete_extras(
        self,
        target: Target,
        held_before: list[MallLoad],
        outcome: BulkOutcome,
        check_claim: ClaimCheck,
    ) -> None:
        if not held_before:
            return
        check_claim()
        refresh(self._client, self._index.name)
        for load in held_before:
            mall_id = load.changes.mall_id
            held = delete_extras.sink_ids(self._client, self._index.name, mall_id)
            wanted = frames.product_ids(load.changes)
            outcome.add(send_deletes(target, mall_id, delete_extras.difference(held, wanted)))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def opensearch_sinks(
    connection: ConnectionSpec,
    options: BulkOptions = BulkOptions(),  # noqa: B008 - frozen
    sent: SinkSent = nobody,
    directory: Path = DEFINITION,
) -> list[Sink]:
    """One sink per live physical index, with which a job starts.

    If this release cannot write to the mapping of an index that serves, the index becomes a BrokenSink.
    One that is being built with such a mapping is left out: nobody reads it, and the release that builds
    it compares every mall before it serves. `directory` defines what this release writes. Raises
    SinkRefused if there is no index.
    """
    with as_sink_errors():
        client = connect(connection)
        live = live_indexes(client, directory)
        client.close()
    sinks: list[Sink] = []
    for index in live:
        if not index.misfit:
            sinks.append(OpenSearchSink(index, connection, options, sent=sent))
        elif index.building:
            LOG.warning("an index that is being built is not loaded: %s", index.misfit)
        else:
            sinks.append(BrokenSink(sink_name(index), SinkRefused(index.misfit)))
    if not sinks:
        raise SinkRefused("no index is behind the alias `products`: bootstrap OpenSearch first")
    return sinks


def sink_name(index: LiveIndex) -> str:
    """The name of the index's sink."""
    return f"opensearch/{index.name}"
