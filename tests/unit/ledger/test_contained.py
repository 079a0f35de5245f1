"""When full feeds have contained the products of a slice."""

from __future__ import annotations

import pytest

from mallfeed.ledger import moves
from mallfeed.ledger.contained import contained_at, last_fulls
from mallfeed.ledger.decisions import decide
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import UNCHANGED_BYTES, State
from tests.unit.ledger.records import at, delta, feed

NOW = at(1000)


def loaded(number: int, **changes: object) -> FeedRecord:
    return feed(number, **{"state": State.LOADED, **changes})


def test_the_newest_full_feed_of_each_slice_counts_and_what_is_not_in_the_table_does_not() -> None:
    feeds = [
        loaded(1, slice="a"),
        loaded(2, slice="b"),
        loaded(3, slice="a"),
        feed(4, slice="a", state=State.HELD),
        feed(5, slice="b"),
        delta(6, state=State.LOADED, slice="a"),
    ]
    assert last_fulls(feeds) == {"a": at(3), "b": at(2)}


def test_a_feed_of_unchanged_bytes_and_one_that_a_sink_refuses_count() -> None:
    same = feed(3, slice="a", state=State.IGNORED, code=UNCHANGED_BYTES)
    refused = feed(4, slice="b", state=State.SYNCING)
    assert last_fulls([loaded(1, slice="a"), loaded(2, slice="b"), same, refused]) == {
        "a": at(3),
        "b": at(4),
    }


def test_a_rollback_contains_the_whole_shop() -> None:
    undone = loaded(4, rollback_to=7, etag="")
    assert last_fulls([loaded(1, slice="a"), undone]) == {None: at(4)}
    assert last_fulls([loaded(1, slice="a"), undone, loaded(5, slice="b")]) == {
        None: at(4),
        "b": at(5),
    }


def test_a_feed_whose_rows_say_their_slices_contains_those_that_it_named() -> None:
    first, second = loaded(1), loaded(2)
    orders = {"a": first.order, "b": second.order}
    by_row = second.model_copy(update={"slices_by_row": True, "slice_orders": orders})
    assert last_fulls([by_row]) == {"a": at(1), "b": at(2)}


def test_a_replay_counts_from_when_it_was_asked_for() -> None:
    again = loaded(9, last_modified=at(1), replay_of="mall_a-1")
    assert contained_at(again) == at(9)


@pytest.mark.parametrize(("silent", "is_ignored"), [(False, True), (True, False)])
def test_the_same_bytes_are_loaded_once_products_have_gone_silent(
    silent: bool, is_ignored: bool
) -> None:
    published = loaded(1)
    if silent:
        published = moves.gone_silent(published, NOW)
    waiting = feed(2, etag=published.etag)
    decision = decide([published, waiting], NOW)
    assert bool(decision.ignored) is is_ignored
    assert (decision.next == waiting) is not is_ignored
