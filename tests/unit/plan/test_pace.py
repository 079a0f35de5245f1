"""Estimates corrected by what the mall's last feeds really took."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mallfeed.ledger import moves
from mallfeed.ledger.decisions import decide
from mallfeed.ledger.model import Pace
from mallfeed.ledger.states import State
from mallfeed.plan.grouping import candidate, make_plans
from mallfeed.plan.limits import Limits
from mallfeed.plan.pace import KEPT, last_paces, pace_of, with_own
from mallfeed.plan.sizing import LEAST_SECONDS, MOST_CORRECTION, estimated_seconds, megabytes
from tests.unit.ledger.records import at, delta, feed

MB = 10**6
BIG = feed(2, size_bytes=400 * MB)
USUAL = estimated_seconds(BIG)


def pace(seconds: float, size_mb: float = 400, kind: str = "csv", mode: str = "full") -> Pace:
    return Pace(kind, mode, size_mb, seconds)


def test_a_mall_whose_feeds_take_twice_as_long_is_expected_to_take_twice_as_long() -> None:
    assert estimated_seconds(BIG, [pace(2 * USUAL)]) == pytest.approx(2 * USUAL)
    half_the_size = feed(3, size_bytes=200 * MB)
    assert estimated_seconds(half_the_size, [pace(2 * USUAL)]) == pytest.approx(USUAL)


def test_one_slow_night_does_not_count_and_five_feeds_are_enough() -> None:
    assert estimated_seconds(BIG, [pace(40 * USUAL), *[pace(USUAL)] * 2]) == USUAL
    old = [pace(3 * USUAL)] * 20
    assert estimated_seconds(BIG, [*[pace(USUAL)] * 5, *old]) == USUAL


def test_a_correction_is_bounded() -> None:
    assert estimated_seconds(BIG, [pace(1000 * USUAL)]) == MOST_CORRECTION * USUAL
    assert estimated_seconds(BIG, [pace(0.001)]) == USUAL / MOST_CORRECTION


def test_feeds_of_other_formats_and_sizes_are_not_compared() -> None:
    others = [pace(9 * USUAL, kind="parquet"), pace(60, size_mb=1), pace(9000, size_mb=4000)]
    assert estimated_seconds(BIG, others) == USUAL


def test_small_feeds_are_compared_with_small_ones_and_none_is_free() -> None:
    small = feed(1, size_bytes=1000)
    assert estimated_seconds(small, [pace(9, size_mb=0.1)]) == 9
    assert estimated_seconds(small, [pace(0.5, size_mb=0.1)]) == LEAST_SECONDS


@given(
    st.integers(0, 10**11),
    st.lists(st.builds(pace, st.floats(0, 1e6), st.floats(0, 1e5)), max_size=8),
)
def test_an_estimate_stays_within_a_factor_of_the_constant(size: int, paces: list[Pace]) -> None:
    record = feed(1, size_bytes=size)
    ratio = estimated_seconds(record, paces) / estimated_seconds(record)
    assert 1 / MOST_CORRECTION <= ratio <= MOST_CORRECTION


def test_spark_is_as_much_faster_as_it_has_workers_and_the_sinks_are_not() -> None:
    steps = {"session": 9, "prepare": 10, "compare": 20, "commit": 4, "rejects": 1, "redshift": 30}
    assert pace_of(BIG, steps, workers=2) == Pace("csv", "full", 400, 65)
    assert pace_of(BIG, steps, workers=8) == Pace("csv", "full", 400, 10 + 4 * 25 + 30)


def test_a_feed_that_was_only_synchronised_has_no_pace() -> None:
    assert pace_of(BIG, {"opensearch/i": 5, "redshift": 3}, 2) is None
    rollback = feed(1, format=None, rollback_to=5)
    assert pace_of(rollback, {"prepare": 1, "compare": 3}, 2) is None


def test_size_is_as_the_reader_sees_it() -> None:
    packed = feed(1, size_bytes=10 * MB, key="feeds/a/x.csv.gz")
    assert (megabytes(packed), megabytes(feed(1, size_bytes=10 * MB))) == (50, 10)


def test_the_last_few_of_each_format_and_mode_are_kept_newest_first() -> None:
    paces: tuple[Pace, ...] = ()
    for number in range(1, 10):
        paces = with_own(pace(number), paces)
        paces = with_own(pace(number, mode="delta"), paces)
    fulls = [one.seconds for one in paces if one.mode == "full"]
    assert fulls == [9, 8, 7, 6, 5]
    assert len(paces) == 2 * KEPT
    assert with_own(None, paces) == paces


def test_the_feed_that_loaded_last_knows_the_paces() -> None:
    early = feed(1, state=State.LOADED, finished_at=at(5), paces=(pace(1),))
    late = delta(2, state=State.LOADED, finished_at=at(9), paces=(pace(2),))
    held = feed(3, state=State.HELD, finished_at=at(10), paces=(pace(3),))
    assert last_paces([late, early, held, feed(4)]) == (pace(2),)
    assert last_paces([feed(4)]) == ()


def test_a_full_feed_of_unchanged_bytes_hands_on_what_the_mall_s_runs_took() -> None:
    same = {"etag": "same", "catalog_hash": "hash"}
    loaded = feed(1, state=State.LOADED, finished_at=at(5), paces=(pace(2), pace(3)), **same)
    (record, code, message), *_ = decide([loaded, feed(2, **same)], at(60)).ignored
    ignored = moves.ignored(record, code, message, at(61))
    assert last_paces([ignored, feed(3)]) == (pace(2), pace(3))


def test_a_slow_mall_gets_a_run_of_its_own_and_more_workers() -> None:
    loaded = feed(1, state=State.LOADED, finished_at=at(5), paces=(pace(3.5 * USUAL),))
    limits = Limits(max_workers=20)
    usual = make_plans([candidate(BIG, [BIG], limits)], limits, at(60), [])
    slow = make_plans([candidate(BIG, [loaded, BIG], limits)], limits, at(60), [])
    assert (usual[0].workers, slow[0].workers) == (2, 5)
