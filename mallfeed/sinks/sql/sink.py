"""A SQL sink: stage, one transaction for all malls of the load, cursors in `mall_state`."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from random import SystemRandom
from typing import Any

from mallfeed.backoff import FullJitter
from mallfeed.errors import SinkRefused, SinkUnavailable
from mallfeed.sinks import frames
from mallfeed.sinks.cursors import moved, pending
from mallfeed.sinks.port import ClaimCheck, Cursor, MallLoad, SinkResult, SinkSent, nobody
from mallfeed.sinks.sql import digest
from mallfeed.sinks.sql.database import Database, Ended
from mallfeed.sinks.sql.growth import Tables
from mallfeed.sinks.sql.guard import Move
from mallfeed.sinks.sql.layout import Layout
from mallfeed.sinks.sql.mall_state import cursor_of
from mallfeed.sinks.sql.mall_state import cursors as query_of_cursors
from mallfeed.sinks.sql.stage import Stage
from mallfeed.sinks.sql.transaction import Batch, transaction
from mallfeed.sinks.sql.verdict import Judge, Verdict
from mallfeed.table.digest import Digest, Hashes
from mallfeed.table.growth import SchemaDiffers
from mallfeed.table.port import Frame

TRIES = 12
_CHANCE = SystemRandom()


def _now() -> datetime:
    return datetime.now(UTC)


Fill = Callable[[Frame], str | None]
"""Puts a frame where the database reads it; the statement that fills the stage, None without a row."""


class SqlSink:
    """`Sink` of mallfeed.sinks.port over a SQL database."""

    def __init__(
        self,
        name: str,
        database: Database,
        layout: Layout,
        fill: Fill,
        judge: Judge,
        tables: Tables | None = None,
        now: Callable[[], datetime] = _now,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = _CHANCE.random,
        sent: SinkSent = nobody,
    ) -> None:
        self.name = name
        self._data = database
        self._layout = layout
        self._fill = fill
        self._judge = judge
        self._tables = tables or Tables(layout, judge, sleep, random)
        self._now = now
        self._sleep = sleep
        self._random = random
        self._sent = sent
        self._backoff = FullJitter(base_s=1.0, cap_s=30.0)

    def cursors(self, mall_ids: Sequence[str]) -> dict[str, Cursor | None]:
        """See Sink."""
        if not mall_ids:
            return {}
        rows = self._data.query(query_of_cursors(mall_ids), token())
        found = {row[0]: cursor_of(row) for row in rows}
        return {mall_id: found.get(mall_id) for mall_id in mall_ids}

    def load(
        self,
        loads: Sequence[MallLoad],
        epoch: int,
        check_claim: ClaimCheck,
        reapply: bool = False,
    ) -> SinkResult:
        """See Sink. `reapply` also repeats a load at which the cursor stands already (reconcile)."""
        malls = [load.changes.mall_id for load in loads]
        todo = pending(loads, self.cursors(malls), epoch, reapply)
        if not todo:
            return SinkResult()
        check_claim()
        self._let_grow()
        stage = self._write_stage(todo)
        now = self._now()
        moves = [Move(load, moved(load, epoch), _valid_at(load, now)) for load in todo]
        foreign = self._tables.foreign("products")
        batch = transaction(self._layout, moves, stage, now, reapply, foreign)
        ended = self._run(batch, moves, check_claim, reapply)
        # One transaction: nothing of it is there before all of it is.
        counts = {load.changes.mall_id: load.changes.count for load in todo}
        self._sent(self.name, {mall: count for mall, count in counts.items() if count is not None})
        if ended is None or batch.counts_at is None:
            return SinkResult()
        result = _result(self._data.rows(ended.sub_ids[batch.counts_at]))
        self._sent(self.name, {m: n for m, n in result.written.items() if counts.get(m) is None})
        return result

    def malls(self) -> set[str]:
        """See Sink."""
        return {str(row[0]) for row in self._data.query(digest.MALLS, token())}

    def digest(self, mall_id: str) -> Digest:
        """See Sink."""
        rows = self._data.query(digest.digest(self._layout.dialect, mall_id), token())
        return {str(bucket): (int(count), int(total)) for bucket, count, total in rows}

    def hashes(self, mall_id: str, buckets: Collection[str]) -> Hashes:
        """See Sink."""
        rows = self._data.query(digest.hashes(mall_id, buckets), token())
        return {str(product_id): str(one) for product_id, one in rows}

    def _let_grow(self) -> None:
        """Tables that cannot grow to this release are no mall's fault: its feeds wait."""
        try:
            self._tables.ensure(self._data)
        except SchemaDiffers as differs:
            raise SinkUnavailable(str(differs)) from differs

    def _write_stage(self, todo: list[MallLoad]) -> Stage | None:
        """None when the load neither changes nor may delete a product."""
        filled = [load for load in todo if load.changes.count != 0]
        full = any(load.changes.kind == "contents" for load in todo)
        if not filled and not full:
            return None
        names = [column.name for column in self._layout.stage]
        fill = self._fill(frames.union(filled, names)) if filled else None
        return Stage(fill) if fill or full else None

    def _run(
        self, batch: Batch, moves: Sequence[Move], check_claim: ClaimCheck, reapply: bool
    ) -> Ended | None:
        """How the transaction ended, None when it is there but its answer was lost.

        Raises SinkRefused when the data cannot be taken, SinkUnavailable for all other trouble.
        """
        for attempt in range(TRIES):
            check_claim()
            try:
                ended = self._data.run(batch.statements, token())
            except SinkUnavailable:
                # What is applied once more finds the cursor where it will stand: that tells nothing.
                if not reapply and self._is_there(moves):
                    return None
                raise
            if ended.finished:
                return ended
            whose = self._judge(ended.error, ended.aborted)
            if whose is Verdict.DATA:
                raise SinkRefused(f"the warehouse refused the load: {ended.told}")
            if whose is Verdict.WAREHOUSE:
                raise SinkUnavailable(f"the warehouse did not take the load: {ended.told}")
            if attempt + 1 < TRIES:
                self._sleep(self._backoff.delay_s(attempt, self._random))
        raise SinkUnavailable(f"the warehouse did not take the load in {TRIES} tries: {ended.told}")

    def _is_there(self, moves: Sequence[Move]) -> bool:
        """Whether the transaction committed although its answer was lost: mall_state tells."""
        held = self.cursors([move.cursor.mall_id for move in moves])
        wanted = {move.cursor.mall_id: (move.cursor.epoch, move.cursor.seq) for move in moves}
        return all(
            cursor is not None and (cursor.epoch, cursor.seq) >= wanted[mall_id]
            for mall_id, cursor in held.items()
        )


def token() -> str:
    """A name that no other statement has."""
    return uuid.uuid4().hex


def _valid_at(load: MallLoad, now: datetime) -> datetime:
    """Price history dates are commit times, or moments at which something else began to hold; a synchronisation
    without a feed has only its own."""
    return max((feed.valid_at or feed.committed_at for feed in load.feeds), default=now)


def _result(rows: list[list[Any]]) -> SinkResult:
    written = {row[0]: int(row[2]) for row in rows if row[1] == "U"}
    deleted = {row[0]: int(row[3]) for row in rows if row[1] == "D" and int(row[3])}
    return SinkResult(written, deleted)
