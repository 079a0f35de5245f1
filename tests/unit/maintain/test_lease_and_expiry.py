"""Locks of dead runs are released, those of live ones never; expiry keeps the snapshots that are needed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from mallfeed.errors import ClaimLost
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.states import State
from mallfeed.maintain.lease import MallBusy, give_back_dead, held, holder_of
from mallfeed.maintain.tidy import KEEP, expire_before
from mallfeed.pipeline import maintaining
from tests.unit.ledger.records import at, feed

NIGHT = holder_of("stack-maintain", "jr_1")


def status(state: str):  # type: ignore[no-untyped-def]
    return lambda _job, _run: state


def test_a_lock_is_given_back_at_the_end_and_after_an_error() -> None:
    ledger = MemoryLedger()
    with held(ledger, "mall_a", NIGHT, status("RUNNING")) as check:
        check()
        assert ledger.lock_holder("mall_a") == NIGHT
    assert ledger.lock_holder("mall_a") is None
    with pytest.raises(OSError, match="gone"), held(ledger, "mall_a", NIGHT, status("RUNNING")):
        raise OSError("gone")
    assert ledger.lock_holder("mall_a") is None


def test_a_lock_that_was_taken_over_is_noticed() -> None:
    ledger = MemoryLedger()
    with held(ledger, "mall_a", NIGHT, status("RUNNING")) as check:
        ledger.unlock_mall("mall_a", NIGHT)
        ledger.lock_mall("mall_a", "plan-7")
        with pytest.raises(ClaimLost, match="plan-7"):
            check()
    assert ledger.lock_holder("mall_a") == "plan-7"


@pytest.mark.parametrize("state", ["FAILED", "STOPPED", "TIMEOUT", "SUCCEEDED", "GONE"])
def test_the_lock_of_a_run_that_has_ended_is_nobodys(state: str) -> None:
    ledger = MemoryLedger()
    ledger.lock_mall("mall_a", holder_of("stack-maintain", "jr_0"))
    with held(ledger, "mall_a", NIGHT, status(state)):
        assert ledger.lock_holder("mall_a") == NIGHT


@pytest.mark.parametrize("holder", [holder_of("stack-maintain", "jr_0"), "20261124t021005-plan"])
def test_the_lock_of_a_living_run_or_a_plan_stays(holder: str) -> None:
    ledger = MemoryLedger()
    ledger.lock_mall("mall_a", holder)
    state = "RUNNING" if holder.startswith("maintenance") else "FAILED"
    with pytest.raises(MallBusy, match="mall_a"), held(ledger, "mall_a", NIGHT, status(state)):
        pass
    assert give_back_dead(ledger, ["mall_a", "mall_b"], status(state)) == []
    assert ledger.lock_holder("mall_a") == holder


def test_dead_locks_are_asked_of_the_job_that_took_them() -> None:
    ledger, asked = MemoryLedger(), []
    ledger.lock_mall("mall_a", holder_of("stack-reindex", "jr_9"))

    def status_of(job: str, run: str) -> str:
        asked.append((job, run))
        return "FAILED"

    assert give_back_dead(ledger, ["mall_a"], status_of) == ["mall_a"]
    assert asked == [("stack-reindex", "jr_9")]


def test_nothing_goes_that_a_cursor_a_feed_or_a_run_needs() -> None:
    now = at(60 * 24 * 30)
    week = now - KEEP
    assert expire_before(now, [], []) == week
    assert expire_before(now, [], [], keep=timedelta(0)) == now - timedelta(hours=24)
    cursor = week - timedelta(days=1)
    assert expire_before(now, [], [now, cursor]) == cursor


@pytest.mark.parametrize(
    ("state", "committing", "needs"),
    [
        (State.RUNNING, False, True),
        (State.SYNCING, False, True),
        (State.WAITING, True, True),
        (State.WAITING, False, False),
    ],
)
def test_a_feed_that_may_have_committed_holds_expiry_back_one_that_only_waits_does_not(
    state: State, committing: bool, needs: bool
) -> None:
    now = at(60 * 24 * 30)
    old = feed(1, arrived_at=now - timedelta(days=90), state=state, committing=committing)
    assert expire_before(now, [old], []) == (old.arrived_at if needs else now - KEEP)


def test_a_rollback_that_waits_keeps_the_snapshot_that_it_goes_back_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    week, asked = datetime.now(UTC) - KEEP, []

    def times(_spark: object, _database: str, ids: set[int]) -> list[datetime]:
        asked.append(ids)
        return [week - timedelta(days=1)]

    monkeypatch.setattr(maintaining, "snapshot_times", times)
    ledger = MemoryLedger()
    ledger.enter(feed(1, arrived_at=week - timedelta(days=90), rollback_to=77))
    night = object.__new__(maintaining.Wired)
    night._spark, night.known = None, {}  # type: ignore[assignment]
    night._arguments = SimpleNamespace(settings=SimpleNamespace(database="db"))  # type: ignore[assignment]
    night.run = SimpleNamespace(ledger=ledger, table=SimpleNamespace(malls=set))  # type: ignore[assignment]
    monkeypatch.setattr(night, "_sinks", list)
    assert night.expire_before() == week - timedelta(days=1)
    assert asked == [{77}]
