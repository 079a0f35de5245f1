"""The figures of the queue that alarms watch."""

from __future__ import annotations

from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.states import State
from mallfeed.plan.gauges import gauges
from tests.unit.ledger.records import at, feed


def test_the_queue_is_counted_by_state_and_aged_by_its_oldest_feed() -> None:
    ledger = MemoryLedger()
    for number, (mall, state) in enumerate(
        [("a", "WAITING"), ("b", "WAITING"), ("c", "HELD"), ("d", "HELD"), ("e", "IGNORED")], 1
    ):
        ledger.enter(feed(number, f"mall_{mall}", state=State(state)))
    assert gauges(ledger, at(11)) == {
        "FeedsWaiting": 2,
        "FeedsHeld": 2,
        "FeedsFailed": 0,
        "OldestWaitingSeconds": 600,
        "OldestSyncingSeconds": 0,
    }


def test_an_empty_queue_has_no_age() -> None:
    assert set(gauges(MemoryLedger(), at(0)).values()) == {0}
