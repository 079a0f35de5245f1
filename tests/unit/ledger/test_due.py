"""The feed that a moment makes: in its place, in nobody's way, and nobody in its."""

from __future__ import annotations

import pytest

from mallfeed.ledger import moves, operate
from mallfeed.ledger.decisions import decide, later_deltas
from mallfeed.ledger.due import due_feed
from mallfeed.ledger.feeds_for_decision import relevant
from mallfeed.ledger.items import feed_item, order_class
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.sent_by_mall import is_sent_since
from mallfeed.ledger.states import State
from tests.unit.ledger.records import at, delta, feed

NOW = at(1000)
LAST = feed(1, state=State.LOADED)


def due(minute: int, **changes: object) -> FeedRecord:
    """What is due at that minute."""
    made = due_feed(at(minute), LAST, NOW)
    return made.model_copy(update=changes) if changes else made


def test_a_moment_makes_the_same_feed_whenever_it_is_made() -> None:
    assert due_feed(at(5), LAST, at(6)).feed_id == due_feed(at(5), LAST, at(9)).feed_id
    assert due_feed(at(5), LAST, NOW).feed_id != due_feed(at(6), LAST, NOW).feed_id
    assert delta(4).order < due(5).order < delta(6).order


def test_it_has_no_file_no_name_and_no_window() -> None:
    made = due(5)
    assert (made.is_file, made.feed_name, made.window, made.size_bytes) == (False, None, None, 0)
    assert (made.catalog_version, made.priority) == (LAST.catalog_version, LAST.priority)
    assert not is_sent_since(made, {LAST.feed_name or "": at(0)}), "the mall has sent nothing"


def test_it_runs_in_its_turn() -> None:
    assert decide([LAST, delta(3), due(5), delta(7)], NOW).next == delta(3)
    assert decide([LAST, due(5), delta(7)], NOW).next == due(5)
    assert decide([LAST, due(5), feed(7)], NOW).next == due(5)


@pytest.mark.parametrize("state", [State.HELD, State.FAILED])
def test_it_waits_behind_no_feed_that_needs_a_person(state: State) -> None:
    blocker = delta(2, state=state)
    decision = decide([LAST, blocker, delta(3), due(5)], NOW)
    assert (decision.next, decision.blocked_by) == (due(5), blocker)


def test_no_feed_waits_behind_one_that_failed() -> None:
    assert decide([LAST, due(5, state=State.FAILED), delta(7)], NOW).next == delta(7)


def test_a_newer_full_feed_does_not_supersede_it() -> None:
    newer = feed(7, state=State.LOADED)
    decision = decide([newer, due(5)], NOW)
    assert (decision.superseded, decision.next) == ((), due(5))


def test_once_loaded_it_bears_on_no_other_feed() -> None:
    loaded = due(5, state=State.LOADED)
    assert order_class(loaded) == "X"
    assert feed_item(loaded)["order"]["S"].startswith("X!")
    assert relevant([LAST, delta(3, state=State.LOADED), loaded]) == [
        LAST,
        delta(3, state=State.LOADED),
    ]
    assert later_deltas(delta(4), relevant([LAST, delta(4), loaded])) == ()


def test_it_cannot_be_dropped_for_the_next_moments_wait_for_it() -> None:
    with pytest.raises(operate.OperationRefused, match="the mall's next moments wait for it"):
        operate.drop(due(5), "kim", "why not", NOW)
    failed = moves.failed(due(5), "too_many_tries", "no", NOW)
    assert operate.retry(failed, "kim", "again", NOW).after.state is State.WAITING
