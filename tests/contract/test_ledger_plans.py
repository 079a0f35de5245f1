"""Plans and locks over both ledgers: who starts what, alone, however many ask at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from mallfeed.errors import ConditionFailed
from mallfeed.ledger.port import Ledger
from mallfeed.ledger.states import State
from tests.contract.ledgers import to_state
from tests.unit.ledger.records import feed, plan


def test_start_plan_moves_feeds_and_locks_malls(ledger: Ledger) -> None:
    waiting = ledger.enter(feed(1, mall="mall_a"))
    syncing = to_state(ledger, ledger.enter(feed(1, mall="mall_b")), State.RUNNING, State.SYNCING)
    moved = ledger.start_plan(plan("p1", waiting, syncing), [waiting, syncing])
    assert [one.state for one in moved] == [State.RUNNING, State.SYNCING]
    assert {one.plan_id for one in moved} == {"p1"}
    assert [one.attempt for one in moved] == [1, 1]
    assert moved == [ledger.feed(waiting.feed_id), ledger.feed(syncing.feed_id)]
    assert [one.plan_id for one in ledger.open_plans()] == ["p1"]
    assert ledger.lock_holder("mall_a") == "p1"
    assert not ledger.lock_mall("mall_b", "maintain-1")


def test_start_plan_leaves_out_what_has_moved_and_locked_malls(ledger: Ledger) -> None:
    moved_away = ledger.enter(feed(1, mall="mall_a"))
    to_state(ledger, moved_away, State.DROPPED)
    locked = ledger.enter(feed(1, mall="mall_b"))
    assert ledger.lock_mall("mall_b", "maintain-1")
    free = ledger.enter(feed(1, mall="mall_c"))
    wanted = [moved_away, locked, free]
    assert [f.mall_id for f in ledger.start_plan(plan("p1", *wanted), wanted)] == ["mall_c"]
    stored = ledger.plan("p1")
    assert stored is not None
    assert stored.feed_ids == (free.feed_id,)
    assert stored.malls == ("mall_c",)
    assert ledger.lock_holder("mall_a") is None
    assert ledger.lock_holder("mall_b") == "maintain-1"
    assert ledger.feed(locked.feed_id) == locked


def test_start_plan_with_nothing_left_enters_nothing(ledger: Ledger) -> None:
    record = ledger.enter(feed(1))
    ledger.start_plan(plan("p1", record), [record])
    with pytest.raises(ConditionFailed):
        ledger.start_plan(plan("p2", record), [record])
    assert ledger.plan("p2") is None


def test_a_plan_takes_one_feed_of_a_mall(ledger: Ledger) -> None:
    first, second = ledger.enter(feed(1)), ledger.enter(feed(2))
    assert len(ledger.start_plan(plan("p1", first, second), [first, second])) == 1
    with pytest.raises(ConditionFailed):
        ledger.start_plan(plan("p2", second), [second])
    assert ledger.feed(second.feed_id) == second


def test_a_plan_may_be_larger_than_one_transaction(ledger: Ledger) -> None:
    feeds = [ledger.enter(feed(1, mall=f"mall_{n:03d}")) for n in range(60)]
    to_state(ledger, feeds[55], State.HELD)
    moved = ledger.start_plan(plan("p1", *feeds), feeds)
    assert len(moved) == 59
    stored = ledger.plan("p1")
    assert stored is not None
    assert stored.feed_ids == tuple(one.feed_id for one in moved)


def test_two_dispatchers_at_once_share_nothing(ledger: Ledger) -> None:
    feeds = [ledger.enter(feed(1, mall=f"mall_{n}")) for n in range(4)]
    barrier = threading.Barrier(2)

    def start(name: str) -> list[str]:
        barrier.wait()
        try:
            return [one.feed_id for one in ledger.start_plan(plan(name, *feeds), feeds)]
        except ConditionFailed:
            return []

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(start, ["p1", "p2"])
    assert sorted(first + second) == sorted(one.feed_id for one in feeds)
    assert not set(first) & set(second)


def test_closing_a_plan_gives_the_locks_back(ledger: Ledger) -> None:
    record = ledger.enter(feed(1))
    ledger.start_plan(plan("p1", record), [record])
    stored = ledger.plan("p1")
    assert stored is not None
    started = ledger.update_plan(
        stored, stored.model_copy(update={"state": "STARTED", "job_run_id": "jr_1"})
    )
    assert ledger.lock_holder("mall_a") == "p1"
    closed = ledger.update_plan(started, started.model_copy(update={"state": "CLOSED"}))
    assert ledger.open_plans() == []
    assert ledger.plan("p1") == closed
    assert ledger.lock_mall("mall_a", "maintain-1")


def test_a_plan_is_written_only_from_its_revision(ledger: Ledger) -> None:
    record = ledger.enter(feed(1))
    ledger.start_plan(plan("p1", record), [record])
    stored = ledger.plan("p1")
    assert stored is not None
    ledger.update_plan(stored, stored.model_copy(update={"job_run_id": "jr_1"}))
    with pytest.raises(ConditionFailed):
        ledger.update_plan(stored, stored.model_copy(update={"job_run_id": "jr_2"}))


def test_a_lock_is_given_back_by_its_holder_only(ledger: Ledger) -> None:
    assert ledger.lock_mall("mall_a", "reindex-1")
    assert ledger.lock_mall("mall_a", "reindex-1")
    assert not ledger.lock_mall("mall_a", "reindex-2")
    ledger.unlock_mall("mall_a", "reindex-2")
    assert ledger.lock_holder("mall_a") == "reindex-1"
    ledger.unlock_mall("mall_a", "reindex-1")
    assert ledger.lock_mall("mall_a", "reindex-2")


def test_holders_of_locks_are_read_for_many_malls_at_once(ledger: Ledger) -> None:
    malls = [f"mall_{n:03d}" for n in range(103)]
    for mall in malls[:102]:
        assert ledger.lock_mall(mall, f"reindex-{mall}")
    found = ledger.lock_holders([*malls, malls[0]])
    assert found == {mall: f"reindex-{mall}" for mall in malls[:102]}
    assert ledger.lock_holders([]) == {}
