"""Two dispatchers at once over the real ledger: nothing is started twice, nothing is left."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mallfeed.ledger.dynamodb import DynamoLedger
from mallfeed.ledger.states import State
from mallfeed.plan.dispatch import DispatchOutcome, dispatch
from mallfeed.plan.limits import Limits
from tests.contract.ledgers import dynamo_ledger
from tests.unit.ledger.records import at, feed
from tests.unit.plan.fakes import ScriptedRuns

LIMITS = Limits(gather_seconds=0, max_runs=50, max_workers=200)


@pytest.fixture
def ledger(dynamodb: Any) -> DynamoLedger:
    return dynamo_ledger(dynamodb)


@pytest.mark.parametrize("turn", range(5))
def test_two_dispatchers_at_once(ledger: DynamoLedger, turn: int) -> None:
    runs = ScriptedRuns()
    malls = [f"mall_{turn}_{number}" for number in range(6)]
    records = [ledger.enter(feed(1, mall=mall)) for mall in malls]
    barrier = threading.Barrier(2)

    def one(_: int) -> DispatchOutcome:
        barrier.wait()
        return dispatch(ledger, runs, LIMITS, lambda: at(100), arrived=set(malls))

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(one, range(2)))
    # A dispatcher that met the other one leaves the rest to the next dispatch.
    outcomes.append(dispatch(ledger, runs, LIMITS, lambda: at(101)))
    started = [plan for outcome in outcomes for plan in outcome.started]
    assert sorted(feed_id for plan in started for feed_id in plan.feed_ids) == sorted(
        record.feed_id for record in records
    )
    for record in records:
        stored = ledger.feed(record.feed_id)
        assert stored is not None
        assert (stored.state, stored.attempt) == (State.RUNNING, 1)
