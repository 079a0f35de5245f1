"""The moves of a feed: pure functions that build the next record, with a line for its story."""

from __future__ import annotations

from datetime import datetime, timedelta

from mallfeed.ledger.model import Event, FeedRecord, HandedOn, Measured, PlanRecord
from mallfeed.ledger.states import SINK_REFUSED, SYNC_RETRY, State
from mallfeed.table.counts import Counts
from mallfeed.table.port import Commit


def moved(
    record: FeedRecord,
    at: datetime,
    state: State,
    note: str,
    by: str = "mallfeed",
    **changes: object,
) -> FeedRecord:
    """The record in `state` with `changes` and an event; its revision is set by the ledger. Another message has other
    figures."""
    if "message" in changes:
        changes = {"figures_ko": None, **changes}
    event = Event(at=at, state=state, note=note, by=by)
    return record.model_copy(update={**changes, "state": state, "events": (*record.events, event)})


def noted(record: FeedRecord, at: datetime, note: str, by: str = "mallfeed") -> FeedRecord:
    """The record with one more line in its story."""
    return moved(record, at, record.state, note, by)


def gone_silent(record: FeedRecord, at: datetime) -> FeedRecord:
    """A published full feed some of whose products no feed has contained for a while."""
    note = "some of its products have gone silent: the same bytes are loaded once more"
    return moved(record, at, record.state, note, gone_silent=True)


def into_plan(record: FeedRecord, plan: PlanRecord) -> FeedRecord:
    """WAITING → RUNNING, or SYNCING unchanged: in the plan, unclaimed."""
    state = State.SYNCING if record.state is State.SYNCING else State.RUNNING
    attempt = record.attempt + 1
    return moved(
        record,
        plan.created_at,
        state,
        f"in plan {plan.plan_id}, attempt {attempt}",
        code=SYNC_RETRY if record.is_refused else record.code,
        plan_id=plan.plan_id,
        job_run_id=None,
        not_before=None,
        attempt=attempt,
    )


def claimed(record: FeedRecord, job_run_id: str, at: datetime) -> FeedRecord:
    """Claimed by a Glue run: the first sign of life of that run."""
    return moved(
        record,
        at,
        record.state,
        f"claimed by run {job_run_id}",
        job_run_id=job_run_id,
        started_at=at,
    )


def held(
    record: FeedRecord, code: str, message: str, at: datetime, figures_ko: str = ""
) -> FeedRecord:
    """→ HELD: nothing of it is published until a person releases or drops it."""
    closed = _closed(record, State.HELD, code, message, at)
    return closed.model_copy(update={"figures_ko": figures_ko or None})


def failed(record: FeedRecord, code: str, message: str, at: datetime) -> FeedRecord:
    """→ FAILED: it was tried as often as allowed, and never committed."""
    return _closed(record, State.FAILED, code, message, at)


def ignored(record: FeedRecord, code: str, message: str, at: datetime) -> FeedRecord:
    """→ IGNORED: not a feed, or a feed that changes nothing."""
    return _closed(record, State.IGNORED, code, message, at)


def superseded(record: FeedRecord, code: str, message: str, at: datetime) -> FeedRecord:
    """→ SUPERSEDED: a newer full feed applies instead."""
    return _closed(record, State.SUPERSEDED, code, message, at)


def _closed(record: FeedRecord, state: State, code: str, message: str, at: datetime) -> FeedRecord:
    return moved(
        record,
        at,
        state,
        f"{code}: {message}",
        code=code,
        message=message,
        finished_at=at,
        plan_id=None,
        job_run_id=None,
        not_before=None,
    )


def committing(record: FeedRecord, at: datetime) -> FeedRecord:
    """RUNNING, about to commit: from here on only the table knows whether it is committed."""
    return moved(record, at, record.state, "about to commit", committing=True)


def synced(
    record: FeedRecord,
    commit: Commit,
    counts: Counts,
    at: datetime,
    handed_on: HandedOn | None = None,
) -> FeedRecord:
    """RUNNING → SYNCING: committed to the product table. From here on it never fails."""
    return moved(
        record,
        at,
        State.SYNCING,
        f"committed as snapshot {commit.snapshot_id}, sequence {commit.seq}",
        snapshot_id=commit.snapshot_id,
        seq=commit.seq,
        counts=counts,
        committed_at=at,
        committing=False,
        code=None,
        message=None,
        **(handed_on._asdict() if handed_on else {}),
    )


def refused_by_sink(record: FeedRecord, reason: str, at: datetime) -> FeedRecord:
    """SYNCING unchanged: a sink refuses the feed's data, which is in the table."""
    note = f"{SINK_REFUSED}: {reason}"
    return moved(record, at, record.state, note, code=SINK_REFUSED, message=reason)


def loaded(
    record: FeedRecord,
    at: datetime,
    code_version: str | None = None,
    measured: Measured | None = None,
) -> FeedRecord:
    """SYNCING → LOADED: both cursors have reached its snapshot."""
    return moved(
        record,
        at,
        State.LOADED,
        "both sinks have it",
        finished_at=at,
        code=None,
        message=None,
        not_before=None,
        code_version=code_version or record.code_version,
        **(measured._asdict() if measured else {}),
    )


def given_back(
    record: FeedRecord, why: str, not_before: datetime | None, at: datetime
) -> FeedRecord:
    """Taken out of its plan, to be planned again; no try is used up."""
    state = State.SYNCING if record.state is State.SYNCING else State.WAITING
    return moved(record, at, state, why, plan_id=None, job_run_id=None, not_before=not_before)


def after_dead_run(
    record: FeedRecord, why: str, max_tries: int, backoff: timedelta, at: datetime
) -> FeedRecord:
    """What happens to a feed whose run ended without finishing it.

    Before its commit: WAITING again with one more try, or FAILED (`tries_exhausted`) if there are
    none left. After it: SYNCING without limit. Both wait for `backoff`. A feed that died while it
    was `committing` may be in the table: it is taken again, so that a run can check.
    """
    if record.state is State.SYNCING:
        back = given_back(record, f"sinks not reached: {why}", at + backoff, at)
        reason = {} if record.is_refused else {"code": SYNC_RETRY, "message": why}
        return back.model_copy(update={"sync_tries": record.sync_tries + 1, **reason})
    tries = record.tries + 1
    if tries >= max_tries and not record.committing:
        gone = failed(
            record,
            "tries_exhausted",
            f"{why}; tried {tries} times. Read the run's log, then retry or drop it",
            at,
        )
        return gone.model_copy(update={"tries": tries})
    back = given_back(record, f"try {tries} of {max_tries} failed: {why}", at + backoff, at)
    return back.model_copy(update={"tries": tries, "message": why})
