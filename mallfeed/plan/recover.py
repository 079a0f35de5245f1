"""Looks after started plans: closes those whose runs have ended, and restarts lost starts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from mallfeed.errors import ConditionFailed
from mallfeed.ledger import moves
from mallfeed.ledger.apply_decision import settle
from mallfeed.ledger.model import FeedRecord, PlanRecord
from mallfeed.ledger.port import Ledger
from mallfeed.ledger.states import OPEN, State
from mallfeed.plan.limits import Limits
from mallfeed.plan.runs import TERMINAL, RunNotStarted, RunStarter


def look_after(
    ledger: Ledger, runs: RunStarter, plan: PlanRecord, limits: Limits, now: datetime
) -> PlanRecord:
    """Returns the plan afterwards: CLOSED if its runs have ended and its feeds are free again."""
    if plan.job_run_id is None:
        return _lost_start(ledger, runs, plan, limits, now)
    young = now - plan.created_at < timedelta(seconds=limits.lost_start_seconds)
    over = TERMINAL - {"GONE"} if young else TERMINAL  # Glue may not know a run it has just started
    if runs.status(plan.job_run_id) not in over:
        return plan
    feeds = feeds_in(ledger, plan)
    ids = {plan.job_run_id, *(feed.job_run_id for feed in feeds if feed.job_run_id)}
    ends = {job_run_id: runs.status(job_run_id) for job_run_id in ids}
    if not over.issuperset(ends.values()):
        return plan  # a second run of this plan holds claims, and it is still alive
    for feed in feeds:
        run = feed.job_run_id or plan.job_run_id
        _free(ledger, plan, feed, f"Glue run {run} ended as {ends[run]}", limits, now)
    if any(feed.job_run_id not in (None, *ends) for feed in feeds_in(ledger, plan)):
        return plan  # a second run has claimed a feed in the meantime
    return _close(ledger, plan, ends[plan.job_run_id], now)


def start_run(
    ledger: Ledger, runs: RunStarter, plan: PlanRecord, limits: Limits, now: datetime
) -> PlanRecord:
    """Starts the plan's run and records it; returns the feeds to the queue if there is certainly no run.

    Raises
    ------
    RunNotStarted : nothing was started; the plan is closed, and its feeds wait again
    Transient : it is unknown whether a run was started; the plan stays STARTING until it is looked after
    """
    try:
        job_run_id = runs.start(plan)
    except RunNotStarted as error:
        _give_back(ledger, runs, plan, f"not started: {error}", limits, now)
        raise
    return _started(ledger, runs, plan, job_run_id)


def _give_back(
    ledger: Ledger, runs: RunStarter, plan: PlanRecord, why: str, limits: Limits, now: datetime
) -> PlanRecord:
    """Closes a plan that never ran: its feeds wait again, and have not used up a try.

    If one of its feeds is claimed, the plan does run, whatever the answer to its start was: then it stays
    open, with the run that holds the claim.
    """
    later = now + timedelta(seconds=limits.backoff_seconds)
    for feed in feeds_in(ledger, plan):
        if feed.job_run_id is None:
            _write(ledger, plan, feed, lambda one: moves.given_back(one, why, later, now))
    rest = feeds_in(ledger, plan)
    claimed = next((feed.job_run_id for feed in rest if feed.job_run_id is not None), None)
    if claimed is not None:
        return _started(ledger, runs, plan, claimed)
    return _close(ledger, plan, why, now)


def feeds_in(ledger: Ledger, plan: PlanRecord) -> list[FeedRecord]:
    """The unfinished feeds that are in this plan now, in its order."""
    by_id = ledger.feeds_by_id(plan.feed_ids)
    in_order = (by_id[feed_id] for feed_id in plan.feed_ids if feed_id in by_id)
    return [one for one in in_order if one.plan_id == plan.plan_id and one.state in OPEN]


def backoff(limits: Limits, failures: int) -> timedelta:
    """How long to wait after this many failures: doubling, up to the limit."""
    seconds = limits.backoff_seconds * 2 ** min(failures - 1, 20)
    return timedelta(seconds=min(seconds, limits.backoff_most_seconds))


def _lost_start(
    ledger: Ledger, runs: RunStarter, plan: PlanRecord, limits: Limits, now: datetime
) -> PlanRecord:
    """A plan without a run: its starter is still working, or died before or after it started the run."""
    if now - plan.created_at < timedelta(seconds=limits.lost_start_seconds):
        return plan
    job_run_id = runs.find(plan)
    if job_run_id is not None:
        return _started(ledger, runs, plan, job_run_id)
    return start_run(ledger, runs, plan, limits, now)


def _started(ledger: Ledger, runs: RunStarter, plan: PlanRecord, job_run_id: str) -> PlanRecord:
    after = plan.model_copy(update={"state": "STARTED", "job_run_id": job_run_id})
    try:
        return ledger.update_plan(plan, after)
    except ConditionFailed:
        stored = ledger.plan(plan.plan_id)
        if stored is not None and stored.job_run_id not in (None, job_run_id):
            runs.stop(job_run_id)  # another dispatcher was faster; claims keep both apart anyway
        return stored or after


def _free(
    ledger: Ledger, plan: PlanRecord, feed: FeedRecord, end: str, limits: Limits, now: datetime
) -> None:
    """Takes the feed out of the plan of an ended run. This counts as a try if the run had claimed the feed.

    A run claims its feeds before anything else. One that never claimed any ended for lack of capacity,
    network addresses or code.
    """

    def move(record: FeedRecord) -> FeedRecord:
        if record.job_run_id is None:
            later = now + backoff(limits, record.attempt)
            return moves.given_back(record, f"{end} before it began", later, now)
        failures = record.sync_tries if record.state is State.SYNCING else record.tries
        why, wait = f"{end} without finishing it", backoff(limits, failures + 1)
        return moves.after_dead_run(record, why, limits.max_tries, wait, now)

    _write(ledger, plan, feed, move)


def _write(
    ledger: Ledger,
    plan: PlanRecord,
    feed: FeedRecord,
    move: Callable[[FeedRecord], FeedRecord],
) -> None:
    """Writes the move, unless the feed has left the plan or been claimed in the meantime."""
    record: FeedRecord | None = feed
    holder = plan.plan_id, feed.job_run_id
    while (
        record is not None
        and (record.plan_id, record.job_run_id) == holder
        and record.state in OPEN
    ):
        try:
            ledger.update(record, move(record))
        except ConditionFailed:
            record = ledger.feed(feed.feed_id)
        else:
            return


def _close(ledger: Ledger, plan: PlanRecord, outcome: str, now: datetime) -> PlanRecord:
    after = plan.model_copy(update={"state": "CLOSED", "outcome": outcome})
    try:
        closed = ledger.update_plan(plan, after)
    except ConditionFailed:
        return ledger.plan(plan.plan_id) or after
    for mall_id in closed.malls:
        settle(ledger, mall_id, now)
    return closed
