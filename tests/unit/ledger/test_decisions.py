"""The rules of order, one by one, and then for any history."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mallfeed.ledger import moves
from mallfeed.ledger.decisions import Decision, decide, later_deltas
from mallfeed.ledger.feeds_for_decision import relevant
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.neighbours import neighbours_of
from mallfeed.ledger.slices import published_for
from mallfeed.ledger.states import BLOCKING, UNSETTLED, State
from mallfeed.table.counts import Counts
from mallfeed.table.port import Commit
from tests.unit.ledger.records import at, delta, feed

NOW = at(1000)
W, R, S, L = State.WAITING, State.RUNNING, State.SYNCING, State.LOADED
HELD, FAILED = State.HELD, State.FAILED


def next_of(*feeds: FeedRecord) -> FeedRecord | None:
    return decide(feeds, NOW).next


def ids(*feeds: FeedRecord) -> tuple[str, ...]:
    return tuple(one.feed_id for one in feeds)


def test_nothing_waits() -> None:
    assert decide([], NOW) == Decision()
    assert decide([feed(1, state=L)], NOW).next is None


def test_waiting_deltas_go_in_their_order_whatever_order_they_are_given_in() -> None:
    assert next_of(delta(3), delta(1), delta(2)) == delta(1)


def test_a_full_feed_passes_over_all_that_waits_before_it() -> None:
    decision = decide([delta(1), feed(2), delta(3), feed(4), delta(5)], NOW)
    assert decision.next == feed(4)
    assert decision.superseded == ()


def test_passed_over_feeds_run_in_order_when_the_full_is_held() -> None:
    held = feed(4, state=HELD)
    assert next_of(delta(1), delta(3), held, delta(5)) == delta(1)
    assert next_of(feed(2), delta(3), held, delta(5)) == feed(2)


@pytest.mark.parametrize("state", [HELD, FAILED])
def test_what_needs_a_person_blocks_later_deltas_but_no_full(state: State) -> None:
    blocker = delta(1, state=state)
    decision = decide([blocker, delta(2)], NOW)
    assert decision.next is None
    assert decision.blocked_by == blocker
    assert blocker.feed_id in decision.why
    assert next_of(blocker, delta(2), feed(3)) == feed(3)


def test_a_held_full_blocks_later_deltas_too() -> None:
    assert decide([feed(1, state=L), feed(2, state=HELD), delta(3)], NOW).blocked_by is not None


@pytest.mark.parametrize("state", [State.DROPPED, State.IGNORED, State.SUPERSEDED])
def test_what_is_closed_blocks_nothing(state: State) -> None:
    assert next_of(delta(1, state=state), delta(2)) == delta(2)


def test_deltas_before_any_full_run_as_they_are() -> None:
    assert next_of(delta(1, state=L), delta(2)) == delta(2)


def test_a_loaded_full_supersedes_what_comes_before_it() -> None:
    early = [feed(1), delta(2, state=HELD), delta(3, state=FAILED)]
    full = feed(4, state=L, finished_at=at(10))
    decision = decide([*early, full, delta(5)], NOW)
    assert [(one, code) for one, code, _ in decision.superseded] == [
        (one, "newer_full_loaded") for one in early
    ]
    assert decision.next == delta(5)


def test_a_delta_whose_rows_have_stamps_may_be_newer_than_a_full_feed_that_comes_after_it() -> None:
    waiting = delta(1, has_stamps=True)
    loaded = feed(3, state=L, has_stamps=True)
    assert next_of(waiting, loaded) == waiting
    early = feed(2, has_stamps=True)
    decision = decide([waiting, early, loaded], NOW)
    assert (decision.next, [one for one, _, _ in decision.superseded]) == (waiting, [early])
    assert next_of(delta(1, has_stamps=True, state=HELD), loaded, delta(4)) == delta(4), (
        "nothing blocks for ever"
    )
    assert neighbours_of(waiting, [waiting, loaded]).outlived == {waiting.feed_id}
    replayed = loaded.model_copy(update={"replay_of": early.feed_id})
    decision = decide([waiting, replayed], NOW)
    assert (decision.next, len(decision.superseded)) == (None, 1), (
        "it counts from when it was asked for"
    )


def test_a_feed_that_arrives_behind_a_loaded_full_is_late() -> None:
    late = delta(2, arrived_at=at(20))
    decision = decide([late, feed(4, state=L, finished_at=at(10))], NOW)
    assert [(one, code) for one, code, _ in decision.superseded] == [(late, "late_behind_full")]
    assert decision.next is None


def test_a_late_feed_among_loaded_deltas_runs_and_later_ones_take_precedence() -> None:
    deltas = [delta(n, state=L) for n in (2, 4, 5)]
    for late in (delta(3), feed(3)):
        feeds = [feed(1, state=L), *reversed(deltas), late]
        assert next_of(*feeds) == late
        assert later_deltas(late, feeds) == ids(delta(4), delta(5))


def test_a_feed_ignored_for_its_unchanged_bytes_counts_as_a_loaded_full() -> None:
    same = feed(3, state=State.IGNORED, code="unchanged_bytes", finished_at=at(3))
    late = delta(2, arrived_at=at(20))
    decision = decide([feed(1, state=L), late, same], NOW)
    assert [one for one, _, _ in decision.superseded] == [late]


SAME = {"etag": "e", "code_version": "1"}


def test_a_full_feed_of_the_published_bytes_is_ignored() -> None:
    published, again = feed(1, state=L, **SAME), feed(2, **SAME)
    decision = decide([published, again], NOW)
    assert [(one, code) for one, code, _ in decision.ignored] == [(again, "unchanged_bytes")]
    assert decision.next is None


@pytest.mark.parametrize(
    "change",
    [
        {"etag": "f"},
        {"size_bytes": 7},
        {"catalog_hash": "other"},
        {"feed_name": "other"},
        {"code_version": "2"},
        {"released": True},
        {"mode": "delta"},
    ],
)
def test_any_difference_that_may_matter_is_loaded(change: dict[str, object]) -> None:
    again = feed(2, **{**SAME, **change})
    assert next_of(feed(1, state=L, **SAME), again) == again


@pytest.mark.parametrize("other", [delta(3), delta(3, state=L), delta(3, state=HELD), feed(3)])
def test_the_same_bytes_are_loaded_when_the_mall_is_not_quiet(other: FeedRecord) -> None:
    assert decide([feed(1, state=L, **SAME), feed(2, **SAME), other], NOW).ignored == ()


@pytest.mark.parametrize("state", [R, S])
def test_a_mall_with_an_open_plan_gets_nothing(state: State) -> None:
    busy = feed(2, state=state, plan_id="p1")
    decision = decide([delta(1), busy, feed(3)], NOW)
    assert decision.next is None
    assert "p1" in decision.why


def test_a_committed_feed_goes_before_all_others() -> None:
    assert next_of(delta(1), feed(2, state=S), feed(3)) == feed(2, state=S)


@pytest.mark.parametrize("state", [W, S])
def test_backoff_is_waited_for_and_says_until_when(state: State) -> None:
    early = feed(2, state=state, not_before=NOW + timedelta(seconds=1))
    decision = decide([delta(1), early], NOW)
    assert (decision.next, decision.until) == (None, early.not_before)
    assert decide([delta(1), early], NOW + timedelta(seconds=1)).next == early


def test_a_full_older_than_the_published_one_is_held_unless_released() -> None:
    published = feed(1, state=L, feed_time=at(500))
    older = feed(2, feed_time=at(499))
    decision = decide([published, older], NOW)
    assert [(one, code) for one, code, _ in decision.held] == [(older, "older_than_published")]
    assert decision.next is None
    assert next_of(published, older.model_copy(update={"released": True})) is not None
    assert next_of(published, delta(2, feed_time=at(1))) is not None


def test_what_is_held_now_blocks_the_deltas_behind_it_at_once() -> None:
    published = feed(1, state=L, feed_time=at(500))
    decision = decide([published, feed(2, feed_time=at(499)), delta(3)], NOW)
    assert decision.next is None
    assert decision.blocked_by is not None


@pytest.mark.parametrize(
    ("hour", "opens"),
    [(1, 2), (2, None), (4, None), (5, 26), (23, 26)],
)
def test_a_window_is_waited_for(hour: int, opens: int | None) -> None:
    midnight = datetime.fromisoformat("2026-11-23T00:00:00+09:00")
    record = feed(1, window="02:00-05:00")
    decision = decide([record], midnight + timedelta(hours=hour))
    if opens is None:
        assert decision.next == record
    else:
        assert (decision.next, decision.until) == (None, midnight + timedelta(hours=opens))


def test_a_window_over_midnight() -> None:
    midnight = datetime.fromisoformat("2026-11-23T00:00:00+09:00")
    record = feed(1, window="22:00-05:00")
    for hour, is_open in ((21, False), (22, True), (24, True), (28, True), (29, False)):
        assert (decide([record], midnight + timedelta(hours=hour)).next is not None) is is_open


# ------------------------------------------------------------------ any history


@st.composite
def histories(draw: st.DrawFn) -> list[FeedRecord]:
    states = st.sampled_from([s for s in State if s not in (R, S)])
    feeds = []
    for number in range(draw(st.integers(0, 8))):
        make = draw(st.sampled_from([feed, delta]))
        state = draw(states)
        finished = at(number + draw(st.integers(0, 5))) if state not in (W,) else None
        feeds.append(
            make(number, state=state, finished_at=finished, feed_time=at(draw(st.integers(0, 9))))
        )
    if draw(st.booleans()) and feeds:
        place = draw(st.integers(0, len(feeds) - 1))
        plan_id = draw(st.sampled_from([None, "p1"]))
        feeds[place] = feeds[place].model_copy(update={"state": S, "plan_id": plan_id})
    return feeds


@given(histories(), st.randoms())
def test_the_order_of_arrival_does_not_matter(feeds: list[FeedRecord], random: object) -> None:
    shuffled = list(feeds)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert decide(shuffled, NOW) == decide(feeds, NOW)


@given(histories())
def test_what_the_ledger_leaves_out_changes_no_decision(feeds: list[FeedRecord]) -> None:
    assert decide(relevant(feeds), NOW) == decide(feeds, NOW)


@given(histories(), st.randoms(use_true_random=False))
def test_what_the_ledger_leaves_out_bears_on_no_feed_that_may_be_loaded(
    feeds: list[FeedRecord], random: Random
) -> None:
    """In a mall whose feeds are of two slices, or say their slices row by row."""
    for place, one in enumerate(feeds):
        parts = {"slice": random.choice(["fashion", "digital"])}
        by_row = {"slices_by_row": True, "slice_orders": {"fashion": one.order}}
        feeds[place] = one.model_copy(update=random.choice([parts, parts, by_row]))
    known = relevant(feeds)
    for one in known:
        full = published_for(one, feeds)
        if one.state in UNSETTLED and (full is None or full.order < one.order):
            assert neighbours_of(one, known) == neighbours_of(one, feeds)


@given(histories())
def test_every_unsettled_feed_has_exactly_one_fate(feeds: list[FeedRecord]) -> None:
    decision = decide(feeds, NOW)
    closed = {
        one.feed_id for one, _, _ in (*decision.superseded, *decision.held, *decision.ignored)
    }
    assert len(closed) == len(decision.superseded) + len(decision.held) + len(decision.ignored)
    if decision.next is not None:
        assert decision.next.feed_id not in closed
        assert decision.next.state in (W, S)
    else:
        assert decision.why


@given(histories())
def test_nothing_runs_that_a_blocked_delta_or_a_loaded_full_forbids(
    feeds: list[FeedRecord],
) -> None:
    chosen = decide(feeds, NOW).next
    if chosen is None or chosen.state is S:
        return
    published = max((f.order for f in feeds if f.is_published_full), default="")
    assert chosen.order > published
    if chosen.mode == "delta":
        before = [f for f in feeds if published < f.order < chosen.order]
        assert not [f for f in before if f.state in BLOCKING | {W}]
        assert not [f for f in feeds if f.order > chosen.order and f.state is W and f.mode == "full"
                    and (f.released or f.feed_time >= _feed_time(feeds))]  # fmt: skip


def _feed_time(feeds: list[FeedRecord]) -> datetime:
    published = [f for f in feeds if f.is_published_full]
    return max(published, key=lambda f: f.order).feed_time if published else at(-1)


Sent = tuple[int, bool]


@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.booleans()), unique_by=lambda sent: sent[0], max_size=8
    ),
    st.data(),
)
def test_however_feeds_turn_up_the_fold_of_what_was_loaded_is_the_same(
    sent: list[Sent], data: st.DataObject
) -> None:
    """Feeds arrive in any order, runs come between; in the end the mall's state is one."""
    ledger = MemoryLedger()
    arrivals = data.draw(st.permutations(sent))
    applied: list[FeedRecord] = []
    for clock, (number, full) in enumerate(arrivals):
        record = (feed if full else delta)(number, arrived_at=at(100 + clock))
        ledger.enter(record.model_copy(update={"feed_time": at(0)}))
        for _ in range(data.draw(st.integers(0, 2))):
            _run_one(ledger, applied, at(100 + clock))
    while _run_one(ledger, applied, at(200)):
        pass
    assert not [one for one in ledger.history("mall_a") if one.state in UNSETTLED]
    assert _state_of(applied) == _fold(sent)


def _run_one(ledger: MemoryLedger, applied: list[FeedRecord], now: datetime) -> bool:
    decision = decide(ledger.feeds("mall_a"), now)
    for record, code, message in decision.superseded:
        ledger.update(record, moves.superseded(record, code, message, now))
    assert not decision.held
    record = decision.next
    if record is None:
        return False
    # What the job does: loaded later deltas hold over this feed's products.
    later = later_deltas(record, ledger.feeds("mall_a"))
    keep = [one for one in applied if one.feed_id in later]
    if record.mode == "full":
        applied[:] = [record, *keep]
    else:
        applied[:] = [*(one for one in applied if one not in keep), record, *keep]
    record = ledger.update(record, moves.moved(record, now, R, "test"))
    record = ledger.update(record, moves.synced(record, Commit("t", 1, 1), Counts(), now))
    ledger.update(record, moves.loaded(record, now))
    return True


def _state_of(applied: list[FeedRecord]) -> list[str]:
    return [one.key for one in applied]


def _fold(sent: list[Sent]) -> list[str]:
    in_order = sorted(sent)
    fulls = [place for place, (_, full) in enumerate(in_order) if full]
    rest = in_order[fulls[-1] :] if fulls else in_order
    return [f"feeds/mall_a/{number:04d}.csv" for number, _ in rest]
