"""The use case: load the feeds of a plan. Reads as the list of what happens to a feed.

claim → stage (read, check, normalise, validate, compare) → guard → commit → sinks → report. Each
step may be the last one of a crashed run; repeating the whole from the ledger's states ends in the
same table and the same sinks.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from mallfeed.errors import ClaimLost, FeedHeld, SinkRefused, SinkUnavailable, Transient
from mallfeed.ledger import moves
from mallfeed.ledger.claims import ClaimedFeeds
from mallfeed.ledger.decisions import later_deltas
from mallfeed.ledger.endings import Endings
from mallfeed.ledger.model import FeedRecord, Measured, Pace
from mallfeed.ledger.port import Ledger
from mallfeed.ledger.states import State
from mallfeed.load.measured import measured
from mallfeed.load.ports import Clock, FeedEngine, LoadTable, PlanOutcome, Reporter, Watch
from mallfeed.load.side_by_side import SideBySide, threads
from mallfeed.load.sync import Target, awaited, bring
from mallfeed.plan.pace import last_paces
from mallfeed.plan.sizing import LEAST_WORKERS
from mallfeed.progress.steps import COMMIT, REJECTS, REPORT
from mallfeed.progress.watch import RunWatch
from mallfeed.sinks.port import FeedLoad, Refusal, Sink, SinkResult
from mallfeed.table.counts import Counts
from mallfeed.table.port import Commit, Staged

LOG = logging.getLogger(__name__)
MOST_REFUSED = 4
"""So many malls of a run whose data a sink may refuse before it is taken for the sink's own trouble."""


@dataclass(frozen=True)
class Loading:
    """The ports of one run.

    `sinks` is called when they are needed, so that an index added meanwhile is loaded too;
    `endings` has what the ledger noted of the feeds that this run ended.
    """

    ledger: Ledger
    claims: ClaimedFeeds
    engine: FeedEngine
    table: LoadTable
    sinks: Callable[[], Sequence[Sink]]
    reporter: Reporter
    clock: Clock
    epoch: int = 0
    side_by_side: SideBySide = field(default_factory=lambda: threads(4))
    code_version: str = ""
    watch: Watch = field(default_factory=RunWatch)
    workers: int = LEAST_WORKERS
    endings: Endings = field(default_factory=Endings)


@dataclass
class _Progress:
    """What this run knows of its feeds so far."""

    feeds: dict[str, FeedRecord] = field(default_factory=dict)
    later: dict[str, Sequence[str]] = field(default_factory=dict)
    staged: dict[str, Staged] = field(default_factory=dict)
    committed: dict[str, Commit] = field(default_factory=dict)
    to_hold: dict[str, FeedHeld] = field(default_factory=dict)
    held: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    unfinished: dict[str, str] = field(default_factory=dict)
    loaded: list[str] = field(default_factory=list)
    paces: dict[str, tuple[Pace, ...]] = field(default_factory=dict)


def run_plan(feed_ids: Sequence[str], run: Loading) -> PlanOutcome:
    """Load the feeds of a plan, one a mall; what cannot be finished is left to the next run.

    A feed's failure never fails its neighbours: it is held (its data), or stays as it is and is
    named in `unfinished` (our fault, or a service's).
    """
    progress = _Progress()
    _claim(feed_ids, run, progress)
    _find_commits(run, progress)
    _stage(run, progress)
    _keep(run, progress)
    _synchronise(run, progress)
    _tell_of_others(run, progress)
    return PlanOutcome(
        loaded=tuple(progress.loaded),
        held=tuple(progress.held),
        skipped=tuple(progress.skipped),
        unfinished=tuple(sorted(progress.unfinished.items())),
    )


def _claim(feed_ids: Sequence[str], run: Loading, progress: _Progress) -> None:
    for feed_id, record in run.claims.claim_all(feed_ids).items():
        if record is None:
            LOG.info("feed is not this run's to take", extra={"feed_id": feed_id})
            progress.skipped.append(feed_id)
        else:
            progress.feeds[feed_id] = record
            run.watch.claimed(record)


def _find_commits(run: Loading, progress: _Progress) -> None:
    """A feed that an earlier run has committed is not committed again, whatever the ledger knew."""
    for feed_id, record in progress.feeds.items():
        if record.state is not State.SYNCING and record.attempt == 1:
            continue
        commit = run.table.find(feed_id)
        if commit is not None:
            progress.committed[feed_id] = commit
        elif record.state is not State.SYNCING:
            try:
                progress.feeds[feed_id] = run.claims.not_committed(feed_id)
            except (ClaimLost, Transient) as lost:
                progress.unfinished[feed_id] = str(lost)


def _stage(run: Loading, progress: _Progress) -> None:
    waiting = [f for f in progress.feeds.values() if f.feed_id not in progress.committed]
    waiting = [
        feed
        for feed in waiting
        if feed.state is not State.SYNCING and feed.feed_id not in progress.unfinished
    ]
    run.side_by_side([partial(_look_back, feed, run, progress) for feed in waiting])
    known = [
        (feed, later) for feed in waiting if (later := progress.later.get(feed.feed_id)) is not None
    ]
    run.engine.ahead(known)
    run.side_by_side([partial(_stage_one, feed, later, run, progress) for feed, later in known])


def _look_back(feed: FeedRecord, run: Loading, progress: _Progress) -> None:
    """What the ledger knows of the mall's other feeds."""
    try:
        feeds = run.ledger.feeds(feed.mall_id)
        progress.paces[feed.feed_id] = last_paces(feeds)
        progress.later[feed.feed_id] = later_deltas(feed, feeds)
    except Exception as error:
        LOG.exception("the mall's feeds could not be looked at", extra={"feed_id": feed.feed_id})
        _unfinished(feed.feed_id, error, run, progress)


def _stage_one(feed: FeedRecord, later: Sequence[str], run: Loading, progress: _Progress) -> None:
    try:
        staged = run.engine.stage(feed, later)
        run.watch.compared(feed.feed_id, *_rows_and_changes(staged.counts))
        if not feed.released:
            run.engine.vouch(staged, feed)
        progress.staged[feed.feed_id] = staged
    except FeedHeld as held:
        progress.to_hold[feed.feed_id] = held
    except ClaimLost as lost:
        progress.unfinished[feed.feed_id] = str(lost)
    except Exception as error:
        LOG.exception("staging failed", extra={"feed_id": feed.feed_id})
        _unfinished(feed.feed_id, error, run, progress)


def _keep(run: Loading, progress: _Progress) -> None:
    """Commit the products; keep the refused rows beside it, before any feed is called done."""
    judged = (feed_id for feed_id in progress.to_hold if _was_read(progress, feed_id))
    # What an earlier run committed is kept again: that run may have died beside its commit.
    read = sorted({*progress.staged, *progress.committed, *judged})
    run.side_by_side([partial(_keep_rejects, read, run, progress), partial(_commit, run, progress)])
    for feed_id, held in progress.to_hold.items():
        if feed_id not in progress.unfinished:
            _hold(feed_id, held, run, progress)


def _keep_rejects(feed_ids: list[str], run: Loading, progress: _Progress) -> None:
    try:
        with run.watch.step(REJECTS, feed_ids):
            run.engine.keep_rejects(feed_ids)
    except Exception as error:
        LOG.exception("the refused rows could not be kept")
        for feed_id in feed_ids:
            _unfinished(feed_id, error, run, progress)


def _was_read(progress: _Progress, feed_id: str) -> bool:
    """Whether the feed was held by its guards, after all its rows were judged."""
    return "counts" in progress.to_hold[feed_id].details


def _hold(feed_id: str, held: FeedHeld, run: Loading, progress: _Progress) -> None:
    counts = held.details.get("counts")
    known = counts if isinstance(counts, Counts) else None
    try:
        record = run.claims.check(feed_id)
        told = moves.held(record, held.code, held.message, run.clock())
        run.reporter.finished(told.model_copy(update={"counts": known or told.counts}), ())
        run.claims.hold(feed_id, held.code, held.message, known)
        progress.held.append(feed_id)
    except (ClaimLost, Transient) as lost:
        progress.unfinished[feed_id] = str(lost)


def _unfinished(feed_id: str, error: Exception, run: Loading, progress: _Progress) -> None:
    reason = f"{type(error).__name__}: {str(error).splitlines()[0][:500] if str(error) else ''}"
    progress.unfinished[feed_id] = reason
    try:
        if isinstance(error, SinkRefused):
            run.claims.refused(feed_id, reason)
        else:
            run.claims.note(feed_id, reason)
    except (ClaimLost, Transient):
        LOG.warning("a failure could not be noted", extra={"feed_id": feed_id, "reason": reason})


def _commit(run: Loading, progress: _Progress) -> None:
    """One snapshot for all change sets; each feed's claim is asked for once more before it."""
    ready: list[Staged] = []
    for feed_id, staged in sorted(progress.staged.items()):
        try:
            run.claims.committing(feed_id)
            ready.append(staged)
        except (ClaimLost, Transient) as lost:
            progress.unfinished[feed_id] = str(lost)
    if ready:
        try:
            with run.watch.step(COMMIT, [staged.feed_id for staged in ready]):
                commit = run.table.commit(ready)
        except Exception as error:
            LOG.exception("the commit failed")
            for staged in ready:
                _unfinished(staged.feed_id, error, run, progress)
            return
        progress.committed.update({staged.feed_id: commit for staged in ready})
    for feed_id, commit in progress.committed.items():
        _enter_commit(feed_id, commit, run, progress)


def _enter_commit(feed_id: str, commit: Commit, run: Loading, progress: _Progress) -> None:
    staged = progress.staged.get(feed_id)
    counts = staged.counts if staged else run.engine.counts(feed_id) or Counts()
    try:
        progress.feeds[feed_id] = run.claims.synced(feed_id, commit, counts)
        run.watch.committed(feed_id, *_rows_and_changes(counts))
    except (ClaimLost, Transient) as lost:
        progress.unfinished[feed_id] = str(lost)


def _synchronise(run: Loading, progress: _Progress) -> None:
    feeds = [f for f in progress.feeds.values() if f.state is State.SYNCING]
    feeds = [feed for feed in feeds if feed.feed_id not in progress.unfinished]
    head = run.table.head()
    if not feeds or head is None:
        return
    target = _target(feeds, head, run, progress)
    sinks = list(run.sinks())
    brought = run.side_by_side([partial(_bring, sink, target, run) for sink in sinks])
    results = [result for one in brought for result in one.results]
    took = measured(feeds, progress.staged, progress.paces, run.watch.spans(), run.workers)
    reached: list[FeedRecord] = []
    for feed in feeds:
        errors = [one.failed[feed.mall_id] for one in brought if feed.mall_id in one.failed]
        if errors:
            _unfinished(feed.feed_id, errors[0], run, progress)
        else:
            reached.append(feed)
    if not reached:
        return
    with run.watch.step(REPORT, [feed.feed_id for feed in reached]):
        run.reporter.coming(reached)
    run.side_by_side(
        [partial(_finish, feed, results, took[feed.feed_id], run, progress) for feed in reached]
    )


def _target(feeds: Sequence[FeedRecord], head: Commit, run: Loading, progress: _Progress) -> Target:
    staged = {
        feed.mall_id: (progress.staged[feed.feed_id], progress.committed[feed.feed_id])
        for feed in feeds
        if feed.feed_id in progress.staged
    }
    return Target(head, run.epoch, {feed.mall_id: feed_load(feed) for feed in feeds}, staged)


@dataclass
class _Brought:
    """What came of bringing one sink to the head: results, and mall → why not."""

    results: list[SinkResult] = field(default_factory=list)
    failed: dict[str, Exception] = field(default_factory=dict)


def _bring(sink: Sink, target: Target, run: Loading) -> _Brought:
    """All malls in one load; where the sink refuses it, in halves, so that one mall's data keep no
    other from being served. Where several malls are refused it is not the data of one but the sink's
    trouble (rights, mapping): it counts as unavailable, and its malls stay together."""
    brought, left = _Brought(), [target]
    while left:
        part = left.pop()
        try:
            brought.results.append(_bring_part(sink, part, run))
        except SinkRefused as error:
            if len(part.feeds) > 1:
                left += part.halves()
                continue
            brought.failed.update(dict.fromkeys(part.feeds, error))
            if len(brought.failed) > MOST_REFUSED:
                malls = {mall for one in (part, *left) for mall in one.feeds}
                trouble = SinkUnavailable(f"it refuses one mall after the other: {error}")
                brought.failed = dict.fromkeys({*brought.failed, *malls}, trouble)
                break
        except Exception as error:
            LOG.exception("the sink failed", extra={"sink": sink.name})
            malls = {mall for one in (part, *left) for mall in one.feeds}
            brought.failed.update(dict.fromkeys(malls, error))
            break
    for mall_id, why in brought.failed.items():
        told = {"sink": sink.name, "mall_id": mall_id, "reason": str(why)[:500]}
        LOG.error("the sink was not brought to the head", extra=told)
    return brought


def _bring_part(sink: Sink, target: Target, run: Loading) -> SinkResult:
    feed_ids = [feed.feed_id for feed in target.feeds.values()]
    with run.watch.step(sink.name, feed_ids):
        return bring(
            sink,
            run.table,
            target,
            partial(run.claims.check_all, feed_ids),
            lambda loads: run.watch.sending(sink.name, awaited(loads)),
        )


def _finish(
    feed: FeedRecord,
    results: Sequence[SinkResult],
    took: Measured,
    run: Loading,
    progress: _Progress,
) -> None:
    """Report, then close: a run that dies in between reports once more, and never not at all."""
    refused: list[Refusal] = [r for result in results for r in result.refused]
    mine = [refusal for refusal in refused if refusal.mall_id == feed.mall_id]
    try:
        record = run.claims.check(feed.feed_id)
        with run.watch.step(REPORT, [feed.feed_id]):
            run.reporter.finished(moves.loaded(record, run.clock(), run.code_version, took), mine)
        run.claims.loaded(feed.feed_id, run.code_version, took)
        progress.loaded.append(feed.feed_id)
    except (ClaimLost, Transient) as lost:
        progress.unfinished[feed.feed_id] = str(lost)


def _tell_of_others(run: Loading, progress: _Progress) -> None:
    """Feeds of these malls that what has loaded now has overtaken: no run reports on them."""
    for feed in run.endings.take():
        if feed.feed_id not in progress.feeds:
            run.reporter.finished(feed, ())


def _rows_and_changes(counts: Counts) -> tuple[int, int]:
    return counts.rows_read, counts.changed + counts.vanished


def feed_load(feed: FeedRecord) -> FeedLoad:
    """The feed's row of the warehouse's feed_loads, from its ledger record."""
    committed_at = feed.committed_at or feed.arrived_at
    return FeedLoad(
        feed_id=feed.feed_id,
        mall_id=feed.mall_id,
        feed_name=feed.feed_name or "",
        catalog_version=feed.catalog_version or 0,
        catalog_hash=feed.catalog_hash or "",
        key=feed.key,
        size_bytes=feed.size_bytes,
        counts=feed.counts,
        started_at=feed.started_at or committed_at,
        committed_at=committed_at,
        seq=feed.seq or 0,
        mode=feed.mode,
    )
