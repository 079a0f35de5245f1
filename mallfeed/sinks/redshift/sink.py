"""The warehouse sink: stage, one transaction for all malls of the load, cursors in `mall_state`."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from random import SystemRandom
from typing import Any, Protocol

from mallfeed.backoff import FullJitter
from mallfeed.errors import SinkRefused, SinkUnavailable
from mallfeed.sinks import frames
from mallfeed.sinks.cursors import moved, pending
from mallfeed.sinks.port import ClaimCheck, Cursor, MallLoad, SinkResult, SinkSent, nobody
from mallfeed.sinks.redshift import digest, sql
from mallfeed.sinks.redshift.stage import StageArea
from mallfeed.sinks.redshift.verdict import Verdict, verdict
from mallfeed.table.digest import Digest, Hashes

TRIES = 12
_CHANCE = SystemRandom()


class DataApi(Protocol):
    """What the sink needs of mallfeed.sinks.redshift.data_api.RedshiftData."""

    def run(self, statements: Sequence[str], token: str, name: str = "mallfeed") -> Any:
        """Run as one transaction; how it ended (`mallfeed.sinks.redshift.data_api.Ended`)."""

    def rows(self, statement_id: str) -> list[list[Any]]:
        """Rows of a finished statement."""

    def query(self, sql: str, token: str) -> list[list[Any]]:
        """Rows of one SELECT."""


def _now() -> datetime:
    return datetime.now(UTC)


class RedshiftSink:
    """`Sink` of mallfeed.sinks.port over Redshift."""

    name = "redshift"

    def __init__(
        self,
        data: DataApi,
        stage: StageArea,
        copy_role_arn: str,
        now: Callable[[], datetime] = _now,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = _CHANCE.random,
        sent: SinkSent = nobody,
    ) -> None:
        self._data = data
        self._stage = stage
        self._copy_role_arn = copy_role_arn
        self._now = now
        self._sleep = sleep
        self._random = random
        self._sent = sent
        self._backoff = FullJitter(base_s=1.0, cap_s=30.0)

    def cursors(self, mall_ids: Sequence[str]) -> dict[str, Cursor | None]:
        """See Sink."""
        if not mall_ids:
            return {}
        rows = self._data.query(sql.cursors(mall_ids), _token())
        found = {row[0]: _cursor(row) for row in rows}
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
        stage = self._write_stage(todo)
        now = self._now()
        moves = [sql.Move(load, moved(load, epoch), _valid_at(load, now)) for load in todo]
        batch = sql.transaction(moves, stage, now, reapply)
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
        return {str(row[0]) for row in self._data.query(digest.MALLS, _token())}

    def digest(self, mall_id: str) -> Digest:
        """See Sink."""
        rows = self._data.query(digest.digest(mall_id), _token())
        return {str(bucket): (int(count), int(total)) for bucket, count, total in rows}

    def hashes(self, mall_id: str, buckets: Collection[str]) -> Hashes:
        """See Sink."""
        rows = self._data.query(digest.hashes(mall_id, buckets), _token())
        return {str(product_id): str(one) for product_id, one in rows}

    def _write_stage(self, todo: list[MallLoad]) -> sql.Stage | None:
        """None when the load neither changes nor may delete a product."""
        filled = [load for load in todo if load.changes.count != 0]
        full = any(load.changes.kind == "contents" for load in todo)
        if not filled and not full:
            return None
        manifest = None
        if filled:
            frame = frames.union(filled)
            manifest = self._stage.write(frame, _token())
        return sql.Stage(manifest, self._copy_role_arn) if manifest or full else None

    def _run(
        self, batch: sql.Batch, moves: Sequence[sql.Move], check_claim: ClaimCheck, reapply: bool
    ) -> Any | None:
        """How the transaction ended, None when it is there but its answer was lost.

        Raises SinkRefused when the data cannot be taken, SinkUnavailable for all other trouble.
        """
        for attempt in range(TRIES):
            check_claim()
            try:
                ended = self._data.run(batch.statements, _token())
            except SinkUnavailable:
                # What is applied once more finds the cursor where it will stand: that tells nothing.
                if not reapply and self._is_there(moves):
                    return None
                raise
            if ended.finished:
                return ended
            whose = verdict(ended.error, ended.aborted)
            if whose is Verdict.DATA:
                raise SinkRefused(f"the warehouse refused the load: {ended.told}")
            if whose is Verdict.WAREHOUSE:
                raise SinkUnavailable(f"the warehouse did not take the load: {ended.told}")
            if attempt + 1 < TRIES:
                self._sleep(self._backoff.delay_s(attempt, self._random))
        raise SinkUnavailable(f"the warehouse did not take the load in {TRIES} tries: {ended.told}")

    def _is_there(self, moves: Sequence[sql.Move]) -> bool:
        """Whether the transaction committed although its answer was lost: mall_state tells."""
        held = self.cursors([move.cursor.mall_id for move in moves])
        wanted = {move.cursor.mall_id: (move.cursor.epoch, move.cursor.seq) for move in moves}
        return all(
            cursor is not None and (cursor.epoch, cursor.seq) >= wanted[mall_id]
            for mall_id, cursor in held.items()
        )


def _token() -> str:
    return uuid.uuid4().hex


def _valid_at(load: MallLoad, now: datetime) -> datetime:
    """Price history dates are commit times; a synchronisation without a feed has only its own."""
    return max((feed.committed_at for feed in load.feeds), default=now)


def _cursor(row: list[Any]) -> Cursor:
    moved_at = datetime.fromisoformat(row[6]).replace(tzinfo=UTC) if row[6] else None
    return Cursor(row[0], row[1], int(row[2]), int(row[3]), int(row[4]), row[5], moved_at)


def _result(rows: list[list[Any]]) -> SinkResult:
    written = {row[0]: int(row[2]) for row in rows if row[1] == "U"}
    deleted = {row[0]: int(row[3]) for row in rows if row[1] == "D" and int(row[3])}
    return SinkResult(written, deleted)
