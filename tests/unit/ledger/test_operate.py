"""What an operator may do, when, and what is recorded of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mallfeed.errors import FeedHeld
from mallfeed.ledger import moves, operate
from mallfeed.ledger.decisions import decide
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.operate import Operation, OperationRefused, carry_out
from mallfeed.ledger.states import TRANSITIONS, State
from tests.unit.ledger.records import at, delta, feed


def pick(record: FeedRecord, version: int | None) -> FeedRecord:
    """Another catalog version, as if a new one had been published."""
    return record.model_copy(update={"catalog_version": version or 2})


VERBS: dict[str, Callable[[FeedRecord], Operation]] = {
    "release": lambda record: operate.release(record, "kim", "looked", at(9), pick),
    "drop": lambda record: operate.drop(record, "kim", "looked", at(9)),
    "retry": lambda record: operate.retry(record, "kim", "looked", at(9)),
    "replay": lambda record: operate.replay(record, "kim", "looked", at(9), pick),
}
ALLOWED = {
    "release": {State.HELD},
    "drop": {State.WAITING, State.HELD, State.FAILED},
    "retry": {State.FAILED, State.WAITING, State.SYNCING},
    "replay": {State.LOADED, State.SUPERSEDED, State.DROPPED},
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", sorted(State))
def test_each_command_works_in_its_states_only(verb: str, state: State) -> None:
    record = feed(1, state=state)
    if state in ALLOWED[verb]:
        operation = VERBS[verb](record)
        assert operation.what
        after = operation.after
        if operation.before is not None:
            assert after.state == state or after.state in TRANSITIONS[state]
        assert (after.events[-1].by, "looked" in after.events[-1].note) == ("kim", True)
    else:
        with pytest.raises(OperationRefused, match=f"is {state}: {verb} needs"):
            VERBS[verb](record)


@pytest.mark.parametrize(("who", "why"), [("", "x"), ("kim", " ")])
def test_who_and_why_must_be_given(who: str, why: str) -> None:
    with pytest.raises(OperationRefused, match="who does this and why"):
        operate.drop(feed(1), who, why, at(1))


@pytest.mark.parametrize(
    ("code", "vouched"),
    [
        ("guard_vanished", True),
        ("older_than_published", True),
        ("drift", False),
        ("unknown_mall", False),
    ],
)
def test_release_vouches_for_what_a_guard_held_and_picks_the_catalog_again(
    code: str, vouched: bool
) -> None:
    held = feed(1, state=State.HELD, code=code, message="m", tries=2, finished_at=at(1))
    after = VERBS["release"](held).after
    assert (after.state, after.released, after.catalog_version) == (State.WAITING, vouched, 2)
    assert (after.code, after.message, after.tries, after.finished_at) == (None, None, 0, None)


@pytest.mark.parametrize("code", ["too_costly", "archive_ratio"])
def test_a_feed_that_cost_too_much_is_released_into_a_run_of_its_own(code: str) -> None:
    operation = VERBS["release"](feed(1, state=State.HELD, code=code))
    assert (operation.after.alone, operation.after.released) == (True, False)
    assert operation.what.endswith("as soon as it is due, in a run of its own")


def test_a_feed_that_was_released_alone_stays_alone() -> None:
    costly = feed(1, state=State.HELD, code="too_costly")
    again = VERBS["release"](costly).after.model_copy(
        update={"state": State.HELD, "code": "guard_vanished"}
    )
    assert (VERBS["release"](again).after.alone, VERBS["release"](again).after.released) == (
        True,
        True,
    )
    assert VERBS["replay"](again.model_copy(update={"state": State.LOADED})).after.alone
    other = feed(1, state=State.HELD, code="drift")
    assert not VERBS["release"](other).after.alone


def test_release_takes_the_version_that_is_named() -> None:
    held = feed(1, state=State.HELD, code="drift")
    after = operate.release(held, "kim", "v1 was right", at(9), pick, catalog_version=1).after
    assert (after.catalog_version, after.catalog_named) == (1, True)


def test_release_without_a_catalog_is_refused_with_the_reason() -> None:
    def none(record: FeedRecord, version: int | None) -> FeedRecord:
        raise FeedHeld("unknown_mall", "no catalog of mall mall_a is published")

    with pytest.raises(FeedHeld, match="no catalog of mall mall_a"):
        operate.release(feed(1, state=State.HELD), "kim", "x", at(1), none)


def test_a_feed_in_work_is_not_retried() -> None:
    with pytest.raises(OperationRefused, match="in plan p1"):
        operate.retry(feed(1, state=State.SYNCING, plan_id="p1"), "kim", "x", at(1))


def test_retry_ends_a_backoff_and_gives_all_tries_again() -> None:
    failed = feed(1, state=State.FAILED, tries=3, code="tries_exhausted", message="m")
    after = VERBS["retry"](failed).after
    assert (after.tries, after.code, after.message) == (0, None, None)
    syncing = feed(1, state=State.SYNCING, not_before=at(99), sync_tries=4)
    after = VERBS["retry"](syncing).after
    assert (after.state, after.not_before, after.sync_tries) == (State.SYNCING, None, 4)


def test_what_may_be_in_the_table_is_not_dropped() -> None:
    with pytest.raises(OperationRefused, match="may already be in the table"):
        operate.drop(feed(1, committing=True), "kim", "x", at(1))


def test_a_replay_is_the_malls_newest_feed_and_not_held_for_its_age() -> None:
    ledger = MemoryLedger()
    first = _loaded(ledger, feed(1))
    _loaded(ledger, feed(3))
    replayed = carry_out(ledger, operate.replay(first, "kim", "bad day", at(9), pick))
    assert replayed.feed_id != first.feed_id
    assert replayed.replay_of == first.feed_id
    assert (replayed.key, replayed.version_id, replayed.parts) == (
        first.key, first.version_id, first.parts,
    )  # fmt: skip
    decision = decide(ledger.feeds("mall_a"), at(10))
    assert decision.next == replayed
    assert not decision.held
    again = operate.replay(
        replayed.model_copy(update={"state": State.LOADED}), "kim", "x", at(11), pick
    )
    assert again.after.replay_of == first.feed_id


def test_unchanged_bytes_may_be_replayed_but_no_marker() -> None:
    assert VERBS["replay"](feed(1, state=State.IGNORED, code="unchanged_bytes")).before is None
    with pytest.raises(OperationRefused):
        VERBS["replay"](feed(1, state=State.IGNORED, code="folder_marker"))


def test_what_has_moved_since_it_was_shown_is_not_overwritten() -> None:
    ledger = MemoryLedger()
    held = ledger.enter(delta(1, state=State.HELD))
    operation = VERBS["release"](held)
    ledger.update(held, moves.superseded(held, "newer_full_loaded", "m", at(2)))
    with pytest.raises(OperationRefused, match="has moved in the meantime"):
        carry_out(ledger, operation)


def test_dropping_a_held_feed_lets_the_deltas_behind_it_go() -> None:
    ledger = MemoryLedger()
    held, waiting = ledger.enter(delta(1, state=State.HELD)), ledger.enter(delta(2))
    assert decide(ledger.feeds("mall_a"), at(9)).next is None
    carry_out(ledger, VERBS["drop"](held))
    assert decide(ledger.feeds("mall_a"), at(9)).next == waiting


def _loaded(ledger: MemoryLedger, record: FeedRecord) -> FeedRecord:
    record = ledger.enter(record)
    for state in (State.RUNNING, State.SYNCING, State.LOADED):
        record = ledger.update(record, moves.moved(record, at(5), state, "test"))
    return record
