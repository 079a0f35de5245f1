"""Dispatch over the ledger in memory and runs that end as the test says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from mallfeed.errors import ConditionFailed, Transient
from mallfeed.ledger import moves
from mallfeed.ledger.claims import ClaimedFeeds, claim
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.model import FeedRecord, PlanRecord
from mallfeed.ledger.states import State
from mallfeed.plan.dispatch import FEW_OTHERS, DispatchOutcome, dispatch
from mallfeed.plan.limits import Limits
from mallfeed.plan.runs import RunNotStarted
from mallfeed.table.counts import Counts
from mallfeed.table.port import Commit
from tests.unit.ledger.records import at, delta, feed
from tests.unit.plan.fakes import ScriptedRuns

LIMITS = Limits(max_tries=3, gather_seconds=60, backoff_seconds=10)


class World:
    """Ledger, runs and a clock that the test moves."""

    def __init__(self) -> None:
        self.ledger = MemoryLedger()
        self.runs = ScriptedRuns()
        self.now: datetime = at(60)

    def clock(self) -> datetime:
        return self.now

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def dispatch(self, limits: Limits = LIMITS, arrived: set[str] | None = None) -> DispatchOutcome:
        return dispatch(self.ledger, self.runs, limits, self.clock, arrived)

    def get(self, record: FeedRecord) -> FeedRecord:
        stored = self.ledger.feed(record.feed_id)
        assert stored is not None
        return stored

    def job(self, outcome: DispatchOutcome) -> ClaimedFeeds:
        plan = outcome.started[0]
        assert plan.job_run_id is not None
        return ClaimedFeeds(self.ledger, plan.plan_id, plan.job_run_id, self.clock)

    def end_runs(self, state: str = "FAILED", claimed: bool = True) -> None:
        for run, plan in self.runs.plans.items():
            if self.runs.states[run] == "RUNNING":
                if claimed:
                    claims = ClaimedFeeds(self.ledger, plan.plan_id, run, self.clock)
                    claims.claim_all(plan.feed_ids)
                self.runs.states[run] = state


@pytest.fixture
def world() -> World:
    return World()


def load(world: World, outcome: DispatchOutcome) -> None:
    job = world.job(outcome)
    for seq, feed_id in enumerate(outcome.started[0].feed_ids, start=1):
        assert job.claim(feed_id) is not None
        job.synced(feed_id, Commit("t", seq, seq), Counts())
        job.loaded(feed_id)
    world.end_runs("SUCCEEDED")


def test_the_first_feed_starts_at_once_and_is_loaded(world: World) -> None:
    record = world.ledger.enter(feed(1))
    outcome = world.dispatch(arrived={"mall_a"})
    assert [plan.feed_ids for plan in outcome.started] == [(record.feed_id,)]
    assert outcome.started[0].job_run_id == "jr_1"
    load(world, outcome)
    assert world.get(record).state is State.LOADED
    assert [plan.outcome for plan in world.dispatch().closed] == ["SUCCEEDED"]
    assert world.ledger.open_plans() == []
    assert world.ledger.lock_holder("mall_a") is None


def test_a_dead_run_costs_a_try_and_waits_longer_each_time_until_failed(world: World) -> None:
    record = world.ledger.enter(feed(1))
    for tries, wait in ((1, 10), (2, 20)):
        assert len(world.dispatch().started) == 1
        world.end_runs("FAILED")
        assert world.dispatch().started == []
        stored = world.get(record)
        assert (stored.state, stored.tries) == (State.WAITING, tries)
        assert stored.not_before == world.now + timedelta(seconds=wait)
        world.later(wait)
    assert len(world.dispatch().started) == 1
    world.end_runs("TIMEOUT")
    world.dispatch()
    stored = world.get(record)
    assert (stored.state, stored.code) == (State.FAILED, "tries_exhausted")
    assert "jr_3 ended as TIMEOUT without finishing it; tried 3 times" in (stored.message or "")


@pytest.mark.parametrize("end", ["SUCCEEDED", "FAILED", "TIMEOUT", "STOPPED", "ERROR", "EXPIRED"])
def test_every_end_that_leaves_a_feed_unfinished_is_a_failed_try(world: World, end: str) -> None:
    record = world.ledger.enter(feed(1))
    world.dispatch()
    world.end_runs(end)
    world.dispatch()
    assert (world.get(record).state, world.get(record).tries) == (State.WAITING, 1)


@pytest.mark.parametrize("state", ["STARTING", "RUNNING", "STOPPING", "WAITING"])
def test_nothing_is_taken_from_a_run_that_may_live(world: World, state: str) -> None:
    record = world.ledger.enter(feed(1))
    world.dispatch()
    world.runs.states["jr_1"] = state
    world.later(100_000)
    outcome = world.dispatch()
    assert (outcome.closed, outcome.started) == ([], [])
    assert world.get(record).state is State.RUNNING


def test_a_run_that_glue_does_not_know_is_dead_only_after_a_while(world: World) -> None:
    record = world.ledger.enter(feed(1))
    world.dispatch()
    world.runs.states.clear()
    assert world.dispatch().closed == []
    assert world.get(record).state is State.RUNNING
    world.later(LIMITS.lost_start_seconds)
    assert [plan.outcome for plan in world.dispatch().closed] == ["GONE"]
    assert world.get(record).state is State.WAITING


def test_a_run_that_ends_before_it_begins_costs_no_try(world: World) -> None:
    records = [world.ledger.enter(feed(1, mall=f"mall_{n}")) for n in range(3)]
    for attempt in range(1, 9):
        (plan,) = world.dispatch().started
        assert len(plan.feed_ids) == 3
        world.end_runs("FAILED", claimed=False)
        world.dispatch()
        stored = world.get(records[0])
        assert (stored.state, stored.tries, stored.attempt) == (State.WAITING, 0, attempt)
        assert stored.not_before is not None
        waits = stored.not_before - world.now
        assert waits == timedelta(seconds=min(900, 10 * 2 ** (attempt - 1)))
        assert "ended as FAILED before it began" in stored.events[-1].note
        world.now = stored.not_before


def test_a_plan_that_is_said_not_to_run_and_is_claimed_is_kept_with_the_run_that_claims(
    world: World,
) -> None:
    """The answer of a first StartJobRun was lost; a second one found no room."""
    taken, left = (world.ledger.enter(feed(1, mall=f"mall_{n}")) for n in range(2))

    def refuse(plan: PlanRecord) -> None:
        claims = ClaimedFeeds(world.ledger, plan.plan_id, "jr_lost", world.clock)
        assert claims.claim(taken.feed_id) is not None
        world.runs.states["jr_lost"] = "RUNNING"
        raise RunNotStarted("no room", busy=True)

    world.runs.refuse = refuse
    assert world.dispatch().started == []
    world.runs.refuse = None
    (plan,) = world.ledger.open_plans()
    assert (plan.state, plan.job_run_id) == ("STARTED", "jr_lost")
    assert world.get(taken).job_run_id == "jr_lost"
    assert world.get(left).state is State.WAITING
    world.runs.states["jr_lost"] = "FAILED"
    world.dispatch()
    assert (world.get(taken).state, world.get(taken).tries) == (State.WAITING, 1)
    assert world.ledger.open_plans() == []


def test_a_committed_feed_is_retried_without_limit(world: World) -> None:
    record = world.ledger.enter(feed(1))
    for attempt in range(1, 12):
        outcome = world.dispatch()
        job = world.job(outcome)
        assert job.claim(record.feed_id) is not None
        job.synced(record.feed_id, Commit("t", 1, 1), Counts())
        world.end_runs("SUCCEEDED")
        world.dispatch()
        stored = world.get(record)
        assert (stored.state, stored.sync_tries, stored.tries) == (State.SYNCING, attempt, 0)
        assert stored.not_before is not None
        assert stored.not_before > world.now
        world.now = stored.not_before


def test_neighbours_of_a_dead_feed_keep_what_they_have(world: World) -> None:
    good = world.ledger.enter(feed(1, mall="mall_a"))
    dead = world.ledger.enter(feed(1, mall="mall_b"))
    outcome = world.dispatch()
    job = world.job(outcome)
    job.claim(good.feed_id)
    job.synced(good.feed_id, Commit("t", 1, 1), Counts())
    job.loaded(good.feed_id)
    world.end_runs("FAILED")
    world.dispatch()
    assert world.get(good).state is State.LOADED
    assert world.get(dead).state is State.WAITING


@pytest.mark.parametrize("busy", [True, False])
def test_a_refused_start_uses_up_no_try(world: World, busy: bool) -> None:
    def refuse(plan: PlanRecord) -> None:
        raise RunNotStarted("ConcurrentRunsExceededException", busy=busy)

    record = world.ledger.enter(feed(1))
    world.runs.refuse = refuse
    for _ in range(10):
        outcome = world.dispatch()
        assert outcome.started == []
        assert "ConcurrentRunsExceededException" in outcome.failures[0]
        stored = world.get(record)
        assert (stored.state, stored.tries, stored.plan_id) == (State.WAITING, 0, None)
        world.later(10)
    world.runs.refuse = None
    assert len(world.dispatch().started) == 1


def test_a_start_whose_answer_was_lost_is_found_again(world: World) -> None:
    record = world.ledger.enter(feed(1))
    world.runs.lose_answer = Transient("read timeout")
    assert world.dispatch().failures
    assert world.get(record).state is State.RUNNING
    world.runs.lose_answer = None
    world.later(LIMITS.lost_start_seconds - 1)
    assert world.dispatch().running[0].job_run_id is None
    world.later(1)
    assert world.dispatch().running[0].job_run_id == "jr_1"
    assert list(world.runs.states) == ["jr_1"]


def test_a_lost_start_is_repeated(world: World) -> None:
    record = world.ledger.enter(feed(1))

    def die(plan: PlanRecord) -> None:
        raise Transient("connection refused")

    world.runs.refuse = die
    world.dispatch()
    world.runs.refuse = None
    world.later(LIMITS.lost_start_seconds)
    assert world.dispatch().running[0].job_run_id == "jr_1"
    assert world.get(record).tries == 0


def test_a_zombie_cannot_act_after_its_successor(world: World) -> None:
    record = world.ledger.enter(feed(1))
    first = world.dispatch()
    zombie = world.job(first)
    zombie.claim(record.feed_id)
    world.end_runs("TIMEOUT")
    world.dispatch()
    world.later(10)
    successor = world.job(world.dispatch())
    assert claim(world.ledger, record.feed_id, first.started[0].plan_id, "jr_1", world.now) is None
    assert successor.claim(record.feed_id) is not None
    with pytest.raises(Exception, match="stops without writing"):
        zombie.synced(record.feed_id, Commit("t", 9, 9), Counts())


def test_a_second_run_of_a_plan_keeps_its_claims_while_it_lives(world: World) -> None:
    record = world.ledger.enter(feed(1))
    outcome = world.dispatch()
    plan = outcome.started[0]
    world.runs.states["jr_twin"] = "RUNNING"
    assert claim(world.ledger, record.feed_id, plan.plan_id, "jr_twin", world.now) is not None
    world.runs.states["jr_1"] = "SUCCEEDED"
    assert world.dispatch().closed == []
    assert world.get(record).job_run_id == "jr_twin"
    world.runs.states["jr_twin"] = "FAILED"
    world.dispatch()
    assert world.get(record).state is State.WAITING


def test_while_something_runs_small_feeds_gather_then_share_a_run(world: World) -> None:
    world.ledger.enter(feed(1, mall="mall_0"))
    world.dispatch()
    for number in range(1, 6):
        world.ledger.enter(feed(1, mall=f"mall_{number}", arrived_at=world.now))
        assert world.dispatch(arrived={f"mall_{number}"}).started == []
    world.later(60)
    assert [len(plan.feed_ids) for plan in world.dispatch().started] == [5]


def test_malls_of_a_running_plan_are_not_read_again_until_it_closes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for mall in ("mall_a", "mall_b"):
        world.ledger.enter(feed(1, mall=mall))
    started = world.dispatch()
    world.ledger.enter(feed(2, mall="mall_a", arrived_at=world.now))
    world.ledger.enter(feed(1, mall="mall_c", arrived_at=world.now))
    read: list[str] = []
    feeds = world.ledger.feeds
    monkeypatch.setattr(world.ledger, "feeds", lambda mall: read.append(mall) or feeds(mall))
    world.dispatch()
    world.dispatch(arrived={"mall_a"})
    assert read == ["mall_c"]
    load(world, started)
    assert [plan.feed_ids for plan in world.dispatch().started] == [
        (feed(2, mall="mall_a").feed_id, feed(1, mall="mall_c").feed_id)
    ]


def big(world: World, mall: str, number: int = 1) -> FeedRecord:
    return world.ledger.enter(feed(number, mall, size_bytes=10**9, arrived_at=world.now))


def test_an_arrival_does_not_take_the_room_of_who_has_waited_longer(world: World) -> None:
    limits = LIMITS.model_copy(update={"max_runs": 2})
    big(world, "mall_long"), big(world, "mall_flood")
    assert len(world.dispatch(limits).started) == 2
    waiting = big(world, "mall_waits")
    world.later(3600)
    assert world.dispatch(limits).started == []
    ended = next(run for run, plan in world.runs.plans.items() if plan.malls == ("mall_flood",))
    world.runs.states[ended] = "FAILED"
    big(world, "mall_flood", 2)
    started = world.dispatch(limits, arrived={"mall_flood"}).started
    assert [plan.feed_ids for plan in started] == [(waiting.feed_id,)]


def test_where_many_wait_an_arrival_leaves_the_order_to_the_timer(world: World) -> None:
    limits = LIMITS.model_copy(update={"max_runs": 2})
    big(world, "mall_long")
    world.dispatch(limits)
    first = big(world, "mall_first")
    for number in range(FEW_OTHERS):
        world.later(1)
        big(world, f"mall_{number}")
    world.later(1)
    last = big(world, "mall_last")
    assert world.dispatch(limits, arrived={last.mall_id}).started == []
    assert [plan.feed_ids for plan in world.dispatch(limits).started] == [(first.feed_id,)]


def test_an_arrival_takes_along_the_small_feeds_whose_window_is_over(world: World) -> None:
    big(world, "mall_long")
    world.dispatch()
    world.ledger.enter(feed(1, "mall_a", arrived_at=world.now))
    assert world.dispatch(arrived={"mall_a"}).started == []
    world.later(LIMITS.gather_seconds)
    world.ledger.enter(feed(1, "mall_b", arrived_at=world.now))
    (plan,) = world.dispatch(arrived={"mall_b"}).started
    assert sorted(plan.malls) == ["mall_a", "mall_b"]


def test_a_locked_mall_keeps_no_room_from_others_and_is_named(world: World) -> None:
    limits = LIMITS.model_copy(update={"max_runs": 1})
    big(world, "mall_a")
    world.later(1)
    free = big(world, "mall_b")
    world.ledger.lock_mall("mall_a", "maintain-1")
    outcome = world.dispatch(limits)
    assert [plan.feed_ids for plan in outcome.started] == [(free.feed_id,)]
    assert outcome.waiting == {"mall_a": "locked by maintain-1"}


def test_a_ledger_that_refuses_one_plan_for_now_keeps_no_other_from_starting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    throttled, fine = big(world, "mall_a"), big(world, "mall_b")
    start = world.ledger.start_plan

    def start_plan(plan: PlanRecord, feeds: Sequence[FeedRecord]) -> list[FeedRecord]:
        if plan.malls == ("mall_a",):
            raise Transient("throttled")
        return start(plan, feeds)

    monkeypatch.setattr(world.ledger, "start_plan", start_plan)
    outcome = world.dispatch()
    assert [plan.feed_ids for plan in outcome.started] == [(fine.feed_id,)]
    assert [failure.endswith("throttled") for failure in outcome.failures] == [True]
    monkeypatch.undo()
    assert world.dispatch().started[0].feed_ids == (throttled.feed_id,)


def test_no_more_runs_than_allowed(world: World) -> None:
    limits = LIMITS.model_copy(update={"max_runs": 2, "gather_seconds": 0})
    for number in range(4):
        world.ledger.enter(feed(1, mall=f"mall_{number}", size_bytes=10**9))
    assert len(world.dispatch(limits).started) == 2
    assert world.dispatch(limits).started == []
    world.end_runs("SUCCEEDED")
    assert len(world.dispatch(limits).started) == 2


def test_a_mall_locked_for_maintenance_waits(world: World) -> None:
    record = world.ledger.enter(feed(1))
    world.ledger.lock_mall("mall_a", "reindex-1")
    assert world.dispatch().started == []
    assert world.get(record) == record
    world.ledger.unlock_mall("mall_a", "reindex-1")
    assert len(world.dispatch().started) == 1


def test_a_held_feed_blocks_its_mall_and_is_named(world: World) -> None:
    held = world.ledger.enter(delta(1, state=State.HELD))
    world.ledger.enter(delta(2))
    outcome = world.dispatch()
    assert outcome.started == []
    assert outcome.blocked == {"mall_a": held.feed_id}
    assert "release, retry or drop" in outcome.waiting["mall_a"]


def test_a_loaded_full_supersedes_what_waited_and_blocked_behind_it(world: World) -> None:
    failed = world.ledger.enter(delta(1, state=State.HELD))
    passed = world.ledger.enter(feed(2))
    full = world.ledger.enter(feed(3))
    outcome = world.dispatch()
    assert outcome.started[0].feed_ids == (full.feed_id,)
    assert world.get(passed).state is State.WAITING
    load(world, outcome)
    assert [world.get(one).state for one in (failed, passed)] == [State.SUPERSEDED] * 2


def test_a_crash_between_loading_and_superseding_is_repaired_when_the_plan_closes(
    world: World,
) -> None:
    held = world.ledger.enter(delta(1, state=State.HELD))
    full = world.ledger.enter(feed(3))
    job = world.job(world.dispatch())
    job.claim(full.feed_id)
    synced = job.synced(full.feed_id, Commit("t", 1, 1), Counts())
    world.ledger.update(synced, moves.loaded(synced, world.now))
    world.end_runs("FAILED")
    world.dispatch()
    assert world.get(held).state is State.SUPERSEDED


def test_a_dispatcher_that_dies_while_closing_is_finished_by_the_next(world: World) -> None:
    records = [world.ledger.enter(feed(1, mall=f"mall_{n}")) for n in range(3)]
    world.dispatch()
    world.end_runs("FAILED")
    update, calls = world.ledger.update, [0]

    def dies(before: FeedRecord, after: FeedRecord) -> FeedRecord:
        calls[0] += 1
        if calls[0] == 2:
            raise KeyboardInterrupt
        return update(before, after)

    world.ledger.update = dies  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        world.dispatch()
    world.ledger.update = update  # type: ignore[method-assign]
    world.dispatch()
    assert [world.get(one).tries for one in records] == [1, 1, 1]
    assert world.ledger.open_plans() == []


def test_a_faster_dispatcher_wins_and_the_slower_ones_run_is_stopped(world: World) -> None:
    world.ledger.enter(feed(1))
    start = world.runs.start

    def overtaken(plan: PlanRecord) -> str:
        stored = world.ledger.plan(plan.plan_id)
        assert stored is not None
        world.ledger.update_plan(
            stored, stored.model_copy(update={"state": "STARTED", "job_run_id": "jr_faster"})
        )
        world.runs.states["jr_faster"] = "RUNNING"
        return start(plan)

    world.runs.start = overtaken  # type: ignore[method-assign]
    outcome = world.dispatch()
    assert [plan.job_run_id for plan in outcome.started] == ["jr_faster"]
    assert world.runs.stopped == ["jr_2"]


def test_one_feed_that_kills_its_run_fails_alone(world: World) -> None:
    records = [world.ledger.enter(feed(1, mall=f"mall_{n:02d}")) for n in range(30)]
    poison = records[17].feed_id
    while world.ledger.open_malls():
        for plan in world.dispatch().started:
            run = plan.job_run_id or ""
            job = ClaimedFeeds(world.ledger, plan.plan_id, run, world.clock)
            if poison in plan.feed_ids:
                job.claim_all(plan.feed_ids)
                world.runs.states[run] = "FAILED"
                continue
            for feed_id in plan.feed_ids:
                job.claim(feed_id)
                job.synced(feed_id, Commit("t", 1, 1), Counts())
                job.loaded(feed_id)
            world.runs.states[run] = "SUCCEEDED"
        world.later(60)
    states = {one.feed_id: world.get(one).state for one in records}
    assert states.pop(poison) is State.FAILED
    assert set(states.values()) == {State.LOADED}


def test_a_dispatcher_that_meets_another_one_leaves_its_feeds(world: World) -> None:
    world.ledger.enter(feed(1))

    def taken(plan: PlanRecord, feeds: object) -> list[FeedRecord]:
        raise ConditionFailed("taken")

    world.ledger.start_plan = taken  # type: ignore[method-assign, assignment]
    outcome = world.dispatch()
    assert (outcome.started, outcome.failures) == ([], [])
    assert world.runs.states == {}
