"""Uploads that name when their data were made: order and age of feeds differ."""

from __future__ import annotations

from typing import Any

import pytest

from mallfeed.ledger.decisions import decide, later_deltas
from mallfeed.ledger.feeds_for_decision import relevant
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.neighbours import neighbours_of
from mallfeed.ledger.states import SINK_REFUSED, State
from tests.unit.ledger.records import at, delta, feed

NOW = at(1000)
L = State.LOADED


def full(number: int, made: float | None = None, **changes: Any) -> FeedRecord:
    return aged(feed(number, slice="shop", **changes), made)


def change(number: int, made: float | None = None, **changes: Any) -> FeedRecord:
    return aged(delta(number, slice="shop", **changes), made)


def aged(record: FeedRecord, made: float | None) -> FeedRecord:
    if made is None:
        return record
    return record.model_copy(update={"exported_at": at(made), "feed_time": at(made)})


def test_deltas_that_are_newer_count_though_they_were_uploaded_before() -> None:
    early, price, after = change(5, state=L), change(15, state=L), change(40, state=L)
    export = full(30, made=10)
    feeds = [early, price, export, after]
    around = neighbours_of(export, feeds)
    assert around.later == (price.feed_id, after.feed_id)
    assert around.uploaded_before == around.outlived == {price.feed_id}
    assert not around.are_before
    plain = neighbours_of(full(30), feeds)
    assert (plain.later, plain.uploaded_before) == ((after.feed_id,), frozenset())


def test_they_are_among_what_the_ledger_gives_though_a_full_feed_came_between() -> None:
    price, published = change(15, state=L), full(20, made=5, state=L)
    late = change(30, made=10)
    feeds = [change(1, state=L), price, published, late]
    assert relevant(feeds) == [price, published, late]
    around = neighbours_of(late, relevant(feeds))
    assert around.later == (price.feed_id,)
    assert around.outlived == {price.feed_id}, "which products there are the full feed says"


def test_a_delta_older_than_the_published_full_feed_has_nothing_to_say() -> None:
    published = full(20, state=L, finished_at=at(21))
    old, new = change(30, made=19), change(30, made=20)
    ((closed, code, why),) = decide([published, old], NOW).superseded
    assert (closed, code) == (old, "late_behind_full")
    assert "all that it says is older" in why
    assert decide([published, new], NOW).next == new


def test_a_delta_newer_than_the_full_feed_that_overtook_it_is_loaded_all_the_same() -> None:
    export, price = full(30, made=10, state=L), change(15)
    decision = decide([price, export], NOW)
    assert (decision.superseded, decision.next) == ((), price)
    assert neighbours_of(price, [price, export]).outlived == {price.feed_id}


def test_of_two_waiting_full_feeds_the_newer_one_runs() -> None:
    plain, export = full(20), full(30, made=10)
    assert decide([plain, export], NOW).next == plain
    loaded = plain.model_copy(update={"state": L})
    assert [code for _, code, _ in decide([loaded, export], NOW).held] == ["older_than_published"]


def test_what_a_person_has_undone_stays_undone_and_what_comes_after_counts() -> None:
    price = change(15, state=L)
    back = full(40, state=L, rollback_to=7, replay_of=None).model_copy(update={"slice": None})
    mended = change(50, made=12)
    assert decide([price, back, mended], NOW).next == mended
    assert later_deltas(mended, [price, back, mended]) == ()
    assert [one for one, _, _ in decide([change(39), back], NOW).superseded] == [change(39)]


@pytest.mark.parametrize("refused", [full(20), change(20), change(20, made=19)])
def test_what_a_sink_refuses_is_replaced_by_what_says_something_newer_only(
    refused: FeedRecord,
) -> None:
    """It is in the table all the same: what was uploaded after it, and exported before it, would go over it there."""
    refused = refused.model_copy(update={"state": State.SYNCING, "code": SINK_REFUSED, "seq": 1})
    older, newer = change(30, made=15), change(31, made=25)
    assert decide([refused, older], NOW).next == refused
    assert decide([refused, older, newer], NOW).next == newer
    assert decide([refused, full(30, made=25)], NOW).next != refused
