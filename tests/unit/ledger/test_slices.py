"""Feeds of several slices of one mall: what supersedes, holds and blocks what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mallfeed.ledger.decisions import decide
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.neighbours import Neighbours, neighbours_of
from mallfeed.ledger.operate import OperationRefused, drop_slice, rollback
from mallfeed.ledger.slices import (
    is_only_slice,
    last_published,
    products_by_slice,
    unnamed_slice,
    with_own_slices,
)
from mallfeed.ledger.states import State
from tests.contract.ledgers import loaded
from tests.unit.ledger.records import at, delta, feed

NOW = at(1000)
L, HELD, FAILED = State.LOADED, State.HELD, State.FAILED


def of(part: str, make: Callable[..., FeedRecord] = feed) -> Callable[..., FeedRecord]:
    return lambda number, **changes: make(number, slice=part, feed_name=part, **changes)


a, b = of("a"), of("b")
da, db = of("a", delta), of("b", delta)


def next_of(*feeds: FeedRecord) -> FeedRecord | None:
    return decide(feeds, NOW).next


def closed(feeds: tuple[tuple[FeedRecord, str, str], ...]) -> list[FeedRecord]:
    return [record for record, _, _ in feeds]


def test_a_full_feed_passes_over_what_waits_of_its_own_slice_only() -> None:
    assert next_of(a(1), b(2)) == a(1)
    assert next_of(a(1), b(2), a(3)) == b(2)
    assert next_of(da(1), db(2), a(3)) == db(2)
    assert next_of(da(1), a(3)) == a(3)


def test_a_loaded_full_supersedes_what_comes_before_it_in_its_slice_only() -> None:
    decision = decide([a(1), db(2, state=HELD), da(3), b(4, state=L)], NOW)
    assert closed(decision.superseded) == [db(2, state=HELD)]
    assert decision.next == a(1)


@pytest.mark.parametrize("state", [HELD, FAILED])
def test_what_needs_a_person_blocks_its_slice_only(state: State) -> None:
    decision = decide([da(1, state=state), da(2), db(3)], NOW)
    assert decision.next == db(3)
    blocked = decide([da(1, state=state), da(2)], NOW)
    assert blocked.next is None
    assert blocked.blocked_by == da(1, state=state)
    both = decide([da(1, state=state), da(2), db(3, state=state), db(4)], NOW)
    assert both.next is None
    assert "waits behind" in both.why
    assert both.blocked_by is not None


def test_a_full_feed_is_older_than_that_of_its_slice_only() -> None:
    published = a(5, state=L, feed_time=at(5))
    other = decide([published, b(6, feed_time=at(1))], NOW)
    assert (other.next, other.held) == (b(6, feed_time=at(1)), ())
    same = decide([published, a(6, feed_time=at(1))], NOW)
    assert closed(same.held) == [a(6, feed_time=at(1))]


def test_the_same_bytes_are_nothing_new_unless_another_slice_has_moved_in_between() -> None:
    first, again = a(1, state=L, etag="e"), a(3, etag="e")
    assert closed(decide([first, again], NOW).ignored) == [again]
    assert decide([first, b(2, state=L), again], NOW).next == again
    ignored = b(2, state=State.IGNORED, code="unchanged_bytes")
    assert decide([first, ignored, again], NOW).next == again
    assert closed(decide([b(0, state=L), first, again], NOW).ignored) == [again]


def test_a_rollback_stands_for_all_slices_and_goes_before_a_later_full() -> None:
    restored = feed(5, rollback_to=7)
    assert next_of(a(1), restored, a(9)) == restored
    done = restored.model_copy(update={"state": L})
    decision = decide([a(1), db(2, state=HELD), done, a(9)], NOW)
    assert closed(decision.superseded) == [a(1), db(2, state=HELD)]
    assert decision.next == a(9)
    assert last_published([a(1, state=L), b(2, state=L), done, b(8, state=L)]) == [
        done,
        b(8, state=L),
    ]


def test_a_delta_without_a_slice_is_behind_any_full() -> None:
    """One of a mall that had no full feed when it came."""
    assert closed(decide([delta(1, state=HELD), a(2, state=L)], NOW).superseded) == [
        delta(1, state=HELD)
    ]
    assert decide([delta(1, state=HELD), da(2)], NOW).blocked_by == delta(1, state=HELD)
    assert next_of(delta(1), da(2)) == delta(1)


def test_a_closed_window_of_one_slice_keeps_no_other_waiting() -> None:
    early = a(1, window="18:00-18:01", zone="UTC")
    assert next_of(early, b(2)) == b(2)
    alone = decide([early], NOW)
    assert alone.next is None
    assert alone.until is not None


def test_the_neighbours_say_what_is_settled() -> None:
    feeds = [a(1, state=L), da(4), b(5, state=L), db(6, state=L)]
    assert neighbours_of(da(4), feeds) == Neighbours(
        (db(6, state=L).feed_id,),
        {"b": b(5).order},
        None,
        False,
        (feeds[0], feeds[2]),
        last_fulls={"a": at(1), "b": at(5)},
    )
    assert neighbours_of(da(7), feeds).settled == {}


def test_products_without_a_slice_are_those_of_the_feed_that_brought_them() -> None:
    earlier = feed(1, state=L)  # of a release before slices, as the feed `full`
    assert unnamed_slice(a(2), [earlier]) == "full"
    later = a(2, state=L, unnamed_slice="full")
    assert unnamed_slice(b(3), [later]) == "full"
    assert unnamed_slice(a(1), []) == "a"
    assert unnamed_slice(da(1), []) is None
    restored = feed(3, state=L, rollback_to=1, unnamed_slice="full")
    assert unnamed_slice(b(4), [restored]) == "full"


def test_a_slice_is_the_only_one_until_another_is_published() -> None:
    assert is_only_slice(a(1), [])
    assert is_only_slice(a(2), [a(1, state=L, only_slice=True), b(3)])
    assert not is_only_slice(a(3), [a(1, state=L, only_slice=True), b(2, state=L)])
    assert not is_only_slice(a(4), [a(3, state=L)]), "another one was published once"
    assert is_only_slice(a(2), [feed(1, state=L)]), "of a release before slices"
    restored = feed(3, state=L, rollback_to=1)
    assert not is_only_slice(a(4), [restored])
    assert is_only_slice(a(4), [restored.model_copy(update={"only_slice": True})])


def by_row(number: int, **changes: Any) -> FeedRecord:
    return feed(number, slices_by_row=True, feed_name="parts", **changes)


def test_feeds_whose_rows_say_their_slices_go_in_their_order() -> None:
    assert next_of(by_row(1), by_row(2)) == by_row(1)
    assert next_of(by_row(1), by_row(2), da(3)) == by_row(1)
    decision = decide([by_row(1, state=HELD), by_row(2), da(0)], NOW)
    assert decision.next == da(0)
    assert decide([by_row(1, state=HELD), da(2), by_row(3)], NOW).next == by_row(3)
    assert decide([by_row(1, state=HELD), da(2)], NOW).blocked_by == by_row(1, state=HELD)
    published = by_row(5, state=L, slice_orders={"a": by_row(5).order})
    assert decide([by_row(1), published], NOW).superseded == ()
    restored = feed(7, state=L, rollback_to=1)
    assert closed(decide([by_row(1), restored], NOW).superseded) == [by_row(1)]


def test_what_rows_said_is_settled_for_feeds_that_come_before() -> None:
    orders = {"a": by_row(5).order, "b": by_row(3).order}
    published = by_row(5, state=L, slice_orders=orders)
    assert neighbours_of(by_row(4), [published]).settled == {"a": orders["a"]}
    assert neighbours_of(by_row(2), [published]).settled == orders
    assert neighbours_of(db(2), [published]).settled == {"a": orders["a"]}
    assert not neighbours_of(by_row(6), []).is_only
    assert unnamed_slice(by_row(6), []) == "parts"
    known = with_own_slices(by_row(4), ["a", "c"], [published])
    assert known == {"a": orders["a"], "b": orders["b"], "c": by_row(4).order}
    assert with_own_slices(a(4), [], [published]) == {}


def test_a_slice_that_rows_have_named_can_be_dropped() -> None:
    published = by_row(5, state=L, slice_orders={"a": by_row(5).order, "b": by_row(3).order})
    made = drop_slice("mall_a", "b", [published], [], "ops", "closed", NOW).after
    assert (made.slice, made.slices_by_row, made.drops_slice) == ("b", False, True)


def test_a_dropped_slice_is_a_full_feed_without_products() -> None:
    ledger = MemoryLedger()
    loaded(ledger, a(1))
    loaded(ledger, b(2))
    waiting = ledger.enter(db(3))
    made = drop_slice("mall_a", "b", ledger.feeds("mall_a"), ["a"], "ops", "closed", NOW).after
    assert (made.slice, made.mode, made.drops_slice, made.is_file) == ("b", "full", True, False)
    assert (made.key, made.parts) == ("slice/b", ())
    ledger.enter(made)
    with pytest.raises(OperationRefused, match="which is WAITING, drops the slice already"):
        drop_slice("mall_a", "b", ledger.feeds("mall_a"), ["a"], "ops", "again", NOW)
    assert decide(ledger.feeds("mall_a"), NOW).next == ledger.feed(made.feed_id)
    assert waiting.slice == "b"


@pytest.mark.parametrize(
    ("name", "owned", "told"),
    [
        ("c", ["a"], "mall mall_a has no products in a slice 'c'; it has some in: 'a', 'b'"),
        ("b", ["a", "b"], "still has a full feed of the slice 'b'"),
    ],
)
def test_a_slice_is_dropped_only_if_it_is_there_and_nobody_sends_it(
    name: str, owned: list[str], told: str
) -> None:
    feeds = [a(1, state=L), b(2, state=L)]
    with pytest.raises(OperationRefused, match=told):
        drop_slice("mall_a", name, feeds, owned, "ops", "closed", NOW)


def test_the_slice_of_an_earlier_release_is_called_like_its_feed() -> None:
    made = drop_slice("mall_a", "full", [feed(1, state=L)], ["a"], "ops", "renamed", NOW).after
    assert made.slice == "full"


def test_what_is_left_in_a_slice_is_known_after_a_rollback() -> None:
    left = {"a": 20, "b": 1, "old": 0}
    restored = feed(3, state=L, rollback_to=1, seq=9, slice_products=left)
    before = b(2, state=L, seq=8, slice_products={"old": 7})
    feeds = [before, restored]
    assert products_by_slice(feeds) == left
    what = drop_slice("mall_a", "b", feeds, ["a"], "ops", "closed", NOW).what
    assert what == "take the 1 products of the slice 'b' of mall_a off the shop"
    with pytest.raises(OperationRefused, match="no products in a slice 'old'"):
        drop_slice("mall_a", "old", feeds, [], "ops", "closed", NOW)
    with pytest.raises(OperationRefused, match="still has a full feed of the slice 'a'"):
        drop_slice("mall_a", "a", feeds, ["a"], "ops", "closed", NOW)


def test_a_rollback_is_of_no_slice() -> None:
    record: Any = a(1, state=L, snapshot_id=3)
    assert rollback(record, "mall_a", "ops", "why", NOW).after.slice is None


def test_a_supplement_has_an_order_of_its_own_and_owns_no_products() -> None:
    more, other = of("+gtins", delta), of("+brands", delta)
    loaded_ones = [a(1, state=L), more(4, state=L), other(5, state=L), da(6, state=L)]
    assert neighbours_of(da(2), loaded_ones).later == (da(6).feed_id,)
    assert neighbours_of(more(2), loaded_ones).later == (more(4).feed_id,)
    assert neighbours_of(da(3), loaded_ones).is_only is False, "its rows are counted, too"

    whole = of("+gtins")
    assert next_of(a(1, state=HELD), da(2), whole(3)) == whole(3)
    assert neighbours_of(da(2), [a(1, state=L), whole(3, state=L)]).settled == {}
    decision = decide([more(1), a(2, state=L), whole(3, state=L)], NOW)
    assert closed(decision.superseded) == [more(1)]


def test_a_supplement_does_not_name_what_has_no_slice() -> None:
    first = of("+gtins")(1)
    assert unnamed_slice(first, []) is None, "deltas have brought these products"
    assert unnamed_slice(a(2), [first.model_copy(update={"state": L})]) == "a"
