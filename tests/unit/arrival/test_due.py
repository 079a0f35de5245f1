"""What is due enters the ledger once."""

from __future__ import annotations

from mallfeed.arrival.due import enter_due
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.states import State
from tests.contract.ledgers import loaded, to_state
from tests.unit.ledger.records import at, feed


def test_each_mall_whose_moment_has_come_gets_one_feed() -> None:
    ledger = MemoryLedger()
    for mall in ("mall_a", "mall_b", "mall_c"):
        loaded(ledger, feed(1, mall=mall))
        ledger.note_moment(mall, at(30) if mall == "mall_c" else at(10))
    first = enter_due(ledger, at(11))
    assert [(one.mall_id, one.due_at, one.state) for one in first] == [
        ("mall_a", at(10), State.WAITING),
        ("mall_b", at(10), State.WAITING),
    ]
    assert enter_due(ledger, at(12)) == first, "the moment stays noted until it is in the table"
    assert ledger.open_malls() == {"mall_a", "mall_b"}


def test_a_mall_of_which_nothing_is_in_the_table_yet_waits() -> None:
    ledger = MemoryLedger()
    ledger.enter(feed(1))
    ledger.note_moment("mall_a", at(10))
    assert enter_due(ledger, at(11)) == []


def test_a_moment_that_is_noted_again_makes_another_feed() -> None:
    ledger = MemoryLedger()
    loaded(ledger, feed(1))
    ledger.note_moment("mall_a", at(10))
    (first,) = enter_due(ledger, at(11))
    to_state(ledger, first, State.RUNNING, State.SYNCING, State.LOADED)
    (second,) = enter_due(ledger, at(12))
    assert second.feed_id != first.feed_id
    assert (second.state, second.due_at) == (State.WAITING, at(10))
    assert enter_due(ledger, at(13)) == [second]
