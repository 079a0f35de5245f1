"""The use case: load the feeds of a plan. `run_plan` reads as the list of steps that a feed goes through.

claim → find its commit → look back → stage (read, check, normalise, validate, compare) → guard →
keep (commit, refused rows) → hold → synchronise → report. A run may crash after any step: repeating
it from the states in the ledger leads to the same table and the same sinks.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial

from mallfeed.errors import FeedHeld
from mallfeed.ledger import moves
from mallfeed.ledger.model import HandedOn, Measured
from mallfeed.ledger.neighbours import Neighbours, neighbours_of
from mallfeed.ledger.recent import recent_fulls, usual_of, with_this
from mallfeed.ledger.slices import with_own_slices
from mallfeed.ledger.states import State
from mallfeed.load.durations import measured
from mallfeed.load.feed_in_run import FeedInRun, apart, rows_and_changes
from mallfeed.load.halves import Brought, in_halves
from mallfeed.load.ports import Loading, PlanOutcome
from mallfeed.load.sync import Target, awaited, bring
from mallfeed.plan.pace import last_paces
from mallfeed.progress.steps import COMMIT, REJECTS, REPORT
from mallfeed.sinks.port import Sink, SinkResult
from mallfeed.table.counts import Counts
from mallfeed.table.port import Commit

LOG = logging.getLogger(__name__)


def run_plan(feed_ids: Sequence[str], run: Loading) -> PlanOutcome:
    """Load the feeds of a plan, at most one per mall. A later run finishes what this one cannot.

    The failure of one feed never affects the others. If its data are at fault, it is held; if our code
    or a service is, it keeps its state and is listed in `unfinished`.
    """
    feeds, skipped = _claim(feed_ids, run)
    _find_commits(feeds, run)
    _look_back(feeds, run)
    _stage(feeds, run)
    _guard(feeds, run)
    _keep(feeds, run)
    _hold(feeds, run)
    _synchronise(feeds, run)
    _report(feeds, run)
    _report_overtaken(feeds, run)
    return PlanOutcome(
        loaded=tuple(feed.feed_id for feed in feeds if feed.record.state is State.LOADED),
        held=tuple(feed.feed_id for feed in feeds if feed.record.state is State.HELD),
        skipped=tuple(skipped),
        unfinished=tuple(
            sorted((feed.feed_id, feed.why) for feed in feeds if feed.why is not None)
        ),
    )


def _claim(feed_ids: Sequence[str], run: Loading) -> tuple[list[FeedInRun], list[str]]:
    """The feeds that this run could claim, and the ids of the others."""
    feeds, skipped = [], []
    for feed_id, record in run.claims.claim_all(feed_ids).items():
        if record is None:
            LOG.info("the feed cannot be claimed by this run", extra={"feed_id": feed_id})
            skipped.append(feed_id)
        else:
            feeds.append(FeedInRun(record))
            run.watch.claimed(record)
    return feeds, skipped


def _find_commits(feeds: Sequence[FeedInRun], run: Loading) -> None:
    """Look in the table for commits of an earlier run, so that no feed is committed twice.

    The earlier run may have died between its commit and the note of it in the ledger.
    """
    for feed in feeds:
        is_synced = feed.record.state is State.SYNCING
        if not is_synced and feed.record.attempt == 1 and not feed.record.committing:
            continue
        with apart([feed], run.claims, "looking for the feed's commit"):
            feed.commit = run.table.find(feed.feed_id)
            if feed.commit is None and not is_synced:
                feed.record = run.claims.not_committed(feed.feed_id)


def _look_back(feeds: Sequence[FeedInRun], run: Loading) -> None:
    """Learn from the ledger about the other feeds of each mall: their paces, what is published, and what comes
    later."""

    def look(feed: FeedInRun) -> None:
        with apart([feed], run.claims, "looking at the mall's other feeds"):
            others = run.ledger.feeds(feed.mall_id)
            feed.paces = last_paces(others)
            feed.recent = recent_fulls(others)
            history = partial(run.ledger.history, feed.mall_id)
            feed.usual = usual_of(feed.record, feed.recent, others, history)
            feed.neighbours = neighbours_of(feed.record, others)
            if feed.record.due_at is not None:
                committed = [one.committed_at for one in others if one.committed_at is not None]
                feed.valid_at = max([feed.record.due_at, *committed])

    run.side_by_side([partial(look, feed) for feed in feeds if feed.is_to_be_staged])


def _stage(feeds: Sequence[FeedInRun], run: Loading) -> None:
    """Make the change set of each feed; the engine may stage several feeds together."""

    def stage(feed: FeedInRun, neighbours: Neighbours) -> None:
        with apart([feed], run.claims, "staging"):
            try:
                feed.staged = run.engine.stage(feed.record, neighbours)
                run.watch.compared(feed.feed_id, *rows_and_changes(feed.staged.counts))
            except FeedHeld as held:
                feed.verdict = held

    run.engine.suit([feed.record for feed in feeds])
    ready = [
        (feed, feed.neighbours)
        for feed in feeds
        if feed.is_to_be_staged and feed.neighbours is not None
    ]
    run.engine.ahead([(feed.record, neighbours) for feed, neighbours in ready])
    run.side_by_side([partial(stage, feed, neighbours) for feed, neighbours in ready])


def _guard(feeds: Sequence[FeedInRun], run: Loading) -> None:
    """Check the guards of the catalog. A feed that an operator has released is not checked."""
    for feed in feeds:
        if feed.staged is not None and not feed.record.released:
            with apart([feed], run.claims, "guarding"):
                try:
                    run.engine.vouch(feed.staged, feed.record, feed.usual)
                except FeedHeld as held:
                    feed.verdict = held


def _keep(feeds: Sequence[FeedInRun], run: Loading) -> None:
    """Commit the products and write the refused rows, both before any feed counts as done."""
    # Refused rows of an earlier run's commit are written again: that run may have died before it
    # had written them.
    judged = sorted((feed for feed in feeds if feed.is_judged), key=lambda feed: feed.feed_id)
    passed = [feed for feed in judged if feed.is_to_be_committed]
    run.side_by_side([partial(_keep_rejects, judged, run), partial(_commit, passed, run)])
    for feed in judged:
        if feed.commit is not None:
            _enter(feed, feed.commit, run)


def _keep_rejects(feeds: Sequence[FeedInRun], run: Loading) -> None:
    feed_ids = [feed.feed_id for feed in feeds]
    with apart(feeds, run.claims, "keeping the refused rows"), run.watch.step(REJECTS, feed_ids):
        run.engine.keep_rejects(feed_ids)


def _commit(feeds: Sequence[FeedInRun], run: Loading) -> None:
    """Commit all change sets as one snapshot. Just before, each feed's claim is checked once more."""
    ready = []
    for feed in feeds:
        with apart([feed], run.claims, "announcing the commit"):
            run.claims.committing(feed.feed_id)
            _mark_silent(feed, run)
            if feed.staged is not None and feed.staged.next_moment is not None:
                run.ledger.note_moment(feed.mall_id, feed.staged.next_moment)
            ready.append(feed)
    change_sets = [feed.staged for feed in ready if feed.staged is not None]
    if not change_sets:
        return
    feed_ids = [feed.feed_id for feed in ready]
    with apart(ready, run.claims, "the commit"), run.watch.step(COMMIT, feed_ids):
        commit = run.table.commit(change_sets)
        for feed in ready:
            feed.commit = commit


def _mark_silent(feed: FeedInRun, run: Loading) -> None:
    """Products that its full feeds contained are about to go silent: the same bytes are no longer nothing new."""
    counts = feed.staged.counts if feed.staged is not None else Counts()
    if feed.neighbours is None or not counts.silent_out_of_stock + counts.silent_vanished:
        return
    for full in feed.neighbours.published:
        if not full.gone_silent:
            run.ledger.update(full, moves.gone_silent(full, run.clock()))


def _enter(feed: FeedInRun, commit: Commit, run: Loading) -> None:
    """Record in the ledger that the table holds the feed."""
    with apart([feed], run.claims, "entering the commit"):
        staged = feed.staged
        counts = staged.counts if staged else run.engine.counts(feed.feed_id) or Counts()
        feed.record = run.claims.synced(
            feed.feed_id, commit, counts, _handed_on(feed, commit, counts, run)
        )
        run.watch.committed(feed.feed_id, *rows_and_changes(counts))
        if feed.record.due_at is not None:
            # Until now its own moment was noted: a run that dies before makes it due once more.
            assert feed.neighbours is not None
            ahead = run.engine.next_moment(feed.record, feed.neighbours)
            run.ledger.settle_moment(feed.mall_id, ahead)


def _handed_on(feed: FeedInRun, commit: Commit, counts: Counts, run: Loading) -> HandedOn:
    if feed.neighbours is None:  # an earlier run has committed it
        others = run.ledger.feeds(feed.mall_id)
        feed.neighbours, feed.recent = neighbours_of(feed.record, others), recent_fulls(others)
    around = feed.neighbours
    products = {} if around.is_only else _products_by_slice(feed, commit, run)
    if feed.record.mode != "full":
        return HandedOn(None, False, (), {}, products)
    slices = with_own_slices(feed.record, counts.slices, around.published)
    recent = with_this(feed.record, counts, feed.recent)
    return HandedOn(around.unnamed, around.is_only, recent, slices, products)


def _products_by_slice(feed: FeedInRun, commit: Commit, run: Loading) -> dict[str, int]:
    """For people who look at the mall's slices; the feed goes on without."""
    unnamed = feed.neighbours.unnamed if feed.neighbours is not None else None
    found: dict[str, int] = {}
    try:
        for name, count in run.table.slices(feed.mall_id, commit).items():
            of = name or unnamed or ""
            found[of] = found.get(of, 0) + count
    except Exception:
        LOG.warning(
            "products are not counted by slice", extra={"feed_id": feed.feed_id}, exc_info=True
        )
    return dict(sorted(found.items()))


def _hold(feeds: Sequence[FeedInRun], run: Loading) -> None:
    """Report, then hold: if the run dies in between, the feed is reported twice, but never missed."""
    for feed in feeds:
        held = feed.verdict
        if held is None or feed.why is not None:
            continue
        counts = held.details.get("counts")
        known = counts if isinstance(counts, Counts) else None
        with apart([feed], run.claims, "holding"):
            record = run.claims.check(feed.feed_id)
            ended = moves.held(record, held.code, held.message, run.clock(), held.figures_ko)
            run.reporter.finished(ended.model_copy(update={"counts": known or ended.counts}), ())
            feed.record = run.claims.hold(feed.feed_id, held, known)


def _synchronise(feeds: Sequence[FeedInRun], run: Loading) -> None:
    """Bring every sink to the head of the table, for all malls whose feeds are in it."""
    in_table = [feed for feed in feeds if feed.is_in_table]
    head = run.table.head()
    if not in_table or head is None:
        return
    target = _target(in_table, head, run.epoch)
    brought = run.side_by_side([partial(_bring, sink, target, run) for sink in run.sinks()])
    refused = [row for one in brought for result in one.results for row in result.refused]
    for feed in in_table:
        errors = [one.failed[feed.mall_id] for one in brought if feed.mall_id in one.failed]
        if errors:
            feed.stops(errors[0], run.claims)
        else:
            feed.refused = tuple(row for row in refused if row.mall_id == feed.mall_id)


def _target(feeds: Sequence[FeedInRun], head: Commit, epoch: int) -> Target:
    staged = {
        feed.mall_id: (feed.staged, feed.commit)
        for feed in feeds
        if feed.staged is not None and feed.commit is not None
    }
    return Target(head, epoch, {feed.mall_id: feed.load() for feed in feeds}, staged)


def _bring(sink: Sink, target: Target, run: Loading) -> Brought:
    def load(part: Target) -> SinkResult:
        feed_ids = [feed.feed_id for feed in part.feeds.values()]
        with run.watch.step(sink.name, feed_ids):
            return bring(
                sink,
                run.table,
                part,
                partial(run.claims.check_all, feed_ids),
                lambda loads: run.watch.sending(sink.name, awaited(loads)),
            )

    return in_halves(sink.name, target, load)


def _report(feeds: Sequence[FeedInRun], run: Loading) -> None:
    """Report and close the feeds that every sink holds."""
    served = [feed for feed in feeds if feed.refused is not None]
    if not served:
        return
    took = measured(feeds, run.watch.spans(), run.workers)
    with run.watch.step(REPORT, [feed.feed_id for feed in served]):
        run.reporter.coming([feed.record for feed in served])
    run.side_by_side([partial(_finish, feed, took[feed.feed_id], run) for feed in served])


def _finish(feed: FeedInRun, took: Measured, run: Loading) -> None:
    """Report, then close: if the run dies in between, the feed is reported twice, but never missed."""
    with apart([feed], run.claims, "reporting"):
        record = run.claims.check(feed.feed_id)
        with run.watch.step(REPORT, [feed.feed_id]):
            ended = moves.loaded(record, run.clock(), run.code_version, took)
            run.reporter.finished(ended, feed.refused or ())
        feed.record = run.claims.loaded(feed.feed_id, run.code_version, took)


def _report_overtaken(feeds: Sequence[FeedInRun], run: Loading) -> None:
    """Report on feeds that ended because of what was loaded now (superseded ones, say): no other run will."""
    own = {feed.feed_id for feed in feeds}
    for ended in run.endings.take():
        if ended.feed_id not in own:
            run.reporter.finished(ended, ())
