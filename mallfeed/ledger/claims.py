"""A run's claim on a feed: the first act of the job, and the right to every write after it.

StartJobRun has no idempotency token, and a run believed dead may wake up. So a run owns a feed only
while the ledger says `job_run_id` = this run; it checks that before every commit, sink transaction
and cursor write.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from mallfeed.errors import ClaimLost, ConditionFailed, FeedHeld
from mallfeed.ledger import moves
from mallfeed.ledger.apply_decision import settle
from mallfeed.ledger.model import FeedRecord, HandedOn, Measured
from mallfeed.ledger.port import Ledger
from mallfeed.ledger.states import State
from mallfeed.table.counts import Counts
from mallfeed.table.port import Commit

CLAIMABLE = frozenset({State.RUNNING, State.SYNCING})
WRITE_ATTEMPTS = 8

Clock = Callable[[], datetime]
Move = Callable[[FeedRecord], FeedRecord]


def claim(
    ledger: Ledger,
    feed_id: str,
    plan_id: str,
    job_run_id: str,
    at: datetime,
    read: FeedRecord | None = None,
) -> FeedRecord | None:
    """The feed, claimed by this run; None if this run may not take it.

    It may if the feed is RUNNING or SYNCING in this plan and no other run has claimed it. `read` is
    the feed as it was just read, for callers that have read several at once.
    """
    record = ledger.feed(feed_id) if read is None else read
    for _ in range(WRITE_ATTEMPTS):
        if record is None or record.state not in CLAIMABLE or record.plan_id != plan_id:
            return None
        if record.job_run_id == job_run_id:
            return record
        if record.job_run_id is not None:
            return None
        try:
            return ledger.update(record, moves.claimed(record, job_run_id, at))
        except ConditionFailed:
            record = ledger.feed(feed_id)
    return None


def check(ledger: Ledger, feed_id: str, job_run_id: str) -> FeedRecord:
    """The feed as stored; raises ClaimLost if this run no longer holds its claim."""
    return _held_by(job_run_id, feed_id, ledger.feed(feed_id))


def _held_by(job_run_id: str, feed_id: str, record: FeedRecord | None) -> FeedRecord:
    if record is None:
        raise ClaimLost(f"feed {feed_id} is no longer in the ledger: run {job_run_id} stops")
    if record.job_run_id != job_run_id or record.state not in CLAIMABLE:
        raise ClaimLost(
            f"feed {feed_id} is {record.state} under run {record.job_run_id or 'none'}: "
            f"run {job_run_id} stops without writing"
        )
    return record


class ClaimedFeeds:
    """What a run does with the feeds that it has claimed; each move is a conditional write.

    A move is tried on the feed as this run last wrote it: if somebody else has moved it, the
    condition on its revision fails, and it is read again. So moves need no read of their own.
    """

    def __init__(self, ledger: Ledger, plan_id: str, job_run_id: str, clock: Clock) -> None:
        self._ledger = ledger
        self.plan_id = plan_id
        self._job_run_id = job_run_id
        self._clock = clock
        self._written: dict[str, FeedRecord] = {}

    def claim(self, feed_id: str) -> FeedRecord | None:
        """See `claim`."""
        return self.claim_all([feed_id])[feed_id]

    def claim_all(self, feed_ids: Sequence[str]) -> dict[str, FeedRecord | None]:
        """Feed id → what `claim` returns for it; all are read together."""
        read = self._ledger.feeds_by_id(feed_ids)
        by_id: dict[str, FeedRecord | None] = {}
        for feed_id in feed_ids:
            by_id[feed_id] = claimed = claim(
                self._ledger,
                feed_id,
                self.plan_id,
                self._job_run_id,
                self._clock(),
                read.get(feed_id),
            )
            if claimed is not None:
                self._written[feed_id] = claimed
        return by_id

    def check(self, feed_id: str) -> FeedRecord:
        """See `check`."""
        return check(self._ledger, feed_id, self._job_run_id)

    def check_all(self, feed_ids: Sequence[str]) -> None:
        """Raises ClaimLost if this run no longer holds one of these claims; all are read together."""
        read = self._ledger.feeds_by_id(feed_ids)
        for feed_id in feed_ids:
            _held_by(self._job_run_id, feed_id, read.get(feed_id))

    def hold(self, feed_id: str, why: FeedHeld, counts: Counts | None = None) -> FeedRecord:
        """RUNNING → HELD, with the counts if the feed was read to its end."""

        def move(record: FeedRecord) -> FeedRecord:
            held = moves.held(record, why.code, why.message, self._clock(), why.figures_ko)
            return held if counts is None else held.model_copy(update={"counts": counts})

        return self._write(feed_id, move)

    def note(self, feed_id: str, text: str) -> FeedRecord:
        """One more line in the feed's story."""
        return self._write(feed_id, lambda record: moves.noted(record, self._clock(), text))

    def refused(self, feed_id: str, reason: str) -> FeedRecord:
        """A sink refuses the committed data: the feed stays SYNCING, and is tried alone from now on."""
        return self._write(
            feed_id, lambda record: moves.refused_by_sink(record, reason, self._clock())
        )

    def committing(self, feed_id: str) -> FeedRecord:
        """To be called right before the commit: if the run dies now, the ledger says that the table must
        be checked, so that the feed does not become FAILED. Also checks the claim."""
        return self._write(feed_id, lambda record: moves.committing(record, self._clock()))

    def not_committed(self, feed_id: str) -> FeedRecord:
        """The table was checked after a run died while committing: it does not have the feed."""

        def move(record: FeedRecord) -> FeedRecord:
            if not record.committing:
                return record
            return moves.moved(
                record, self._clock(), record.state, "not in the table", committing=False
            )

        return self._write(feed_id, move)

    def synced(
        self, feed_id: str, commit: Commit, counts: Counts, handed_on: HandedOn | None = None
    ) -> FeedRecord:
        """RUNNING → SYNCING; a feed that is already SYNCING (after a crash in between) stays as it is."""

        def move(record: FeedRecord) -> FeedRecord:
            if record.state is State.SYNCING:
                return record
            return moves.synced(record, commit, counts, self._clock(), handed_on)

        return self._write(feed_id, move)

    def loaded(
        self, feed_id: str, code_version: str | None = None, measured: Measured | None = None
    ) -> FeedRecord:
        """SYNCING → LOADED; a full feed then supersedes the feeds that wait or block before it."""
        record = self._write(
            feed_id, lambda record: moves.loaded(record, self._clock(), code_version, measured)
        )
        if record.mode == "full":
            settle(self._ledger, record.mall_id, self._clock())
        return record

    def _write(self, feed_id: str, move: Move) -> FeedRecord:
        """Writes the move. A feed that has moved in the meantime is read again, and its claim is checked."""
        for _ in range(WRITE_ATTEMPTS):
            written = self._written.pop(feed_id, None)
            record = written or self.check(feed_id)
            after = move(record)
            if after is record:
                if written is None:
                    return record
                continue  # nothing is written that would fail if the claim is lost: read the ledger
            try:
                stored = self._ledger.update(record, after)
            except ConditionFailed:
                continue
            if stored.state in CLAIMABLE:
                self._written[feed_id] = stored
            return stored
        raise ClaimLost(f"feed {feed_id} keeps moving under run {self._job_run_id}: it stops")
