"""Plans by workload: small feeds share a run, big ones have their own, nobody is starved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mallfeed.errors import SettingsInvalid
from mallfeed.ledger.model import FeedRecord, PlanRecord
from mallfeed.plan.grouping import Candidate, candidate, make_plans
from mallfeed.plan.limits import Limits, parse, parse_right
from mallfeed.plan.sizing import (
    LEAST_WORKERS,
    estimated_seconds,
    rows_megabytes,
    worker_type_for,
    workers_for,
)
from tests.unit.ledger.records import at, delta, feed, plan

LIMITS = Limits(max_runs=5, max_workers=20, gather_seconds=60)
NOW = at(60)
GB = 10**9


def small(number: int, **changes: Any) -> Candidate:
    record = feed(1, mall=f"mall_{number:03d}", **{"arrived_at": at(59.9), **changes})
    return candidate(record, [record], Limits())


def big(number: int, **changes: Any) -> Candidate:
    return small(number, **{"size_bytes": GB, **changes})


def malls(plans: list[PlanRecord]) -> list[list[str]]:
    return [list(one.malls) for one in plans]


def running(workers: int = 2, name: str = "p") -> PlanRecord:
    return plan(name, workers=workers)


def test_two_hundred_small_feeds_share_one_run() -> None:
    (only,) = make_plans([small(n) for n in range(200)], LIMITS, NOW, [])
    assert len(only.feed_ids) == 200
    assert only.workers == 4


def test_a_big_feed_has_its_own_run_with_workers_by_its_size() -> None:
    plans = make_plans([small(1), big(2), small(3)], LIMITS, NOW, [])
    assert sorted(malls(plans)) == [["mall_001", "mall_003"], ["mall_002"]]
    assert {one.malls: one.workers for one in plans}[("mall_002",)] == 4


def test_a_feed_that_was_too_costly_has_its_own_run_however_small_it_is() -> None:
    costly = small(2, alone=True)
    plans = make_plans([small(1), costly, small(3)], LIMITS, NOW, [])
    assert sorted(malls(plans)) == [["mall_001", "mall_003"], ["mall_002"]]
    assert malls(make_plans([small(1), costly], LIMITS, NOW, [running()])) == [["mall_002"]]


def test_format_and_compression_count_beside_bytes() -> None:
    plain, packed = feed(1, size_bytes=GB), feed(1, size_bytes=GB, key="feeds/a/x.csv.gz")
    assert estimated_seconds(packed) == 5 * estimated_seconds(plain)
    parquet = feed(1, size_bytes=GB, format="parquet")
    assert estimated_seconds(parquet) > 2 * estimated_seconds(plain)


def test_workers_are_bounded() -> None:
    assert [workers_for(seconds) for seconds in (1, 300, 301, 10**9)] == [2, 2, 3, 20]


def test_small_feeds_gather_while_something_runs_and_a_big_one_does_not_wait() -> None:
    waiting = [small(1), small(2), big(3)]
    assert malls(make_plans(waiting, LIMITS, NOW, [running()])) == [["mall_003"]]
    later = NOW + timedelta(seconds=60)
    gathered = make_plans(waiting, LIMITS, later, [running()])
    assert sorted(malls(gathered)) == [["mall_001", "mall_002"], ["mall_003"]]


def test_an_urgent_feed_takes_the_gathered_ones_along_at_once() -> None:
    urgent = small(2, priority=1)
    assert len(make_plans([small(1), urgent], LIMITS, NOW, [running()])[0].feed_ids) == 2


def test_priority_goes_first_then_who_waits_longest() -> None:
    limits = LIMITS.model_copy(update={"max_runs": 1})
    waiting = [big(1, arrived_at=at(1)), big(2, arrived_at=at(2)), big(3, priority=5)]
    order = []
    while waiting:
        (first,) = make_plans(waiting, limits, NOW, [])
        order += first.malls
        waiting = [one for one in waiting if one.feed.mall_id not in first.malls]
    assert order == ["mall_003", "mall_001", "mall_002"]


def test_a_mall_that_was_served_goes_behind_the_others_again() -> None:
    flood = delta(2, mall="mall_f", arrived_at=at(1))
    served = delta(1, mall="mall_f", started_at=at(50))
    assert candidate(flood, [served, flood], LIMITS).since == at(50)
    assert candidate(flood, [flood], LIMITS).since == at(1)


def test_feeds_whose_run_died_are_tried_among_few_and_at_last_alone() -> None:
    once = [small(n, tries=1) for n in range(12)]
    assert [len(one.feed_ids) for one in make_plans(once, LIMITS, NOW, [])] == [10, 2]
    twice = [small(n, tries=2) for n in range(3)]
    assert [len(one.feed_ids) for one in make_plans(twice, LIMITS, NOW, [])] == [1, 1, 1]
    fresh = make_plans([small(1), small(2, tries=1)], LIMITS, NOW, [])
    assert sorted(malls(fresh)) == [["mall_001"], ["mall_002"]]


def test_replays_go_by_themselves_and_cheaply() -> None:
    plans = make_plans([small(1), small(2, replay_of="x")], LIMITS, NOW, [])
    assert {one.malls: one.flex for one in plans} == {("mall_001",): False, ("mall_002",): True}


def test_a_rollback_is_in_a_hurry() -> None:
    back = small(1, replay_of="x", rollback_to=7)
    (plan,) = make_plans([back, small(2)], LIMITS, NOW, [])
    assert not plan.flex


def test_big_feeds_that_wait_together_share_the_workers() -> None:
    waiting = [big(n, size_bytes=4 * GB) for n in range(3)]
    plans = make_plans(waiting, LIMITS, NOW, [running(workers=3)])
    assert [one.workers for one in plans] == [5, 5, 5]


def test_a_big_feed_leaves_the_least_to_each_run_that_may_still_come() -> None:
    (alone,) = make_plans([big(1, size_bytes=9 * GB)], LIMITS, NOW, [])
    assert alone.dpus == LIMITS.max_workers - LEAST_WORKERS * (LIMITS.max_runs - 1)
    assert (alone.worker_type, alone.workers) == ("G.2X", 6)
    (urgent,) = make_plans([small(2, priority=5)], LIMITS, NOW, [alone])
    assert urgent.workers == LEAST_WORKERS


def test_an_operators_priority_overrides_the_catalogs() -> None:
    limits = parse({"max_runs": "1", "priorities": " mall_002 = 3, mall_001=-1 "})
    waiting = [small(1, priority=10), small(2), big(3, priority=2)]
    ranked = [candidate(one.feed, [one.feed], limits) for one in waiting]
    assert [one.priority for one in ranked] == [-1, 3, 2]
    assert malls(make_plans(ranked, limits, NOW, [])) == [["mall_002", "mall_001"]]


def test_a_budget_that_is_invalid_is_reported_and_the_usual_one_holds() -> None:
    given = parse({"work": "members=9+8"}).work.allowances
    assert (given["members"], given["cells"]) == ((9, 8), Limits().work.allowances["cells"])
    limits, _, fault = parse_right({"work": "members=9", "max_runs": "2"})
    assert (limits.work, limits.max_runs) == (Limits().work, 2)
    assert fault is not None
    assert "limits/work: " in str(fault)
    assert "write KIND=LEAST+PER_MB" in str(fault)


@pytest.mark.parametrize("text", ["mall", "mall=high", "=3", "mall=11", "a=1,", "mall=1 b=2", ""])
def test_priorities_that_are_invalid_are_reported(text: str) -> None:
    with pytest.raises(SettingsInvalid, match=r"limits/priorities: .*write MALL=NUMBER"):
        parse({"priorities": text})
    assert parse({"priorities": "none"}).priorities == {}


def test_a_mall_has_one_priority() -> None:
    with pytest.raises(SettingsInvalid, match="named twice: mall_a"):
        parse({"priorities": "mall_a=1,mall_b=1,mall_a=2"})


sizes = st.integers(0, 5 * GB)
candidates = st.lists(
    st.builds(
        lambda size, minutes, priority: (size, minutes, priority),
        sizes,
        st.integers(0, 59),
        st.integers(-2, 2),
    ),
    max_size=30,
).map(
    lambda rows: [
        small(n, size_bytes=size, arrived_at=at(minutes), priority=priority)
        for n, (size, minutes, priority) in enumerate(rows)
    ]
)
limits = st.builds(
    Limits,
    max_runs=st.integers(1, 6),
    max_workers=st.integers(2, 40),
    gather_seconds=st.integers(0, 4000),
    max_feeds=st.integers(1, 10),
)


@given(candidates, limits, st.lists(st.integers(2, 10).map(running), max_size=4))
def test_plans_hold_every_limit_and_no_mall_twice(
    waiting: list[Candidate], limits: Limits, going: list[PlanRecord]
) -> None:
    plans = make_plans(waiting, limits, NOW, going)
    planned = [mall for one in plans for mall in one.malls]
    assert len(planned) == len(set(planned))
    assert len(plans) + len(going) <= max(limits.max_runs, len(going))
    workers = sum(one.dpus for one in (*plans, *going))
    assert not plans or workers <= limits.max_workers
    assert all(one.workers >= LEAST_WORKERS for one in plans)
    assert all(len(one.feed_ids) <= limits.max_feeds for one in plans)
    assert len({one.plan_id for one in plans}) == len(plans)


@given(candidates, limits)
def test_when_nothing_runs_the_first_in_rank_starts_at_once(
    waiting: list[Candidate], limits: Limits
) -> None:
    plans = make_plans(waiting, limits, NOW, [])
    if waiting:
        first = min(waiting, key=lambda one: one.rank)
        assert first.feed.mall_id in plans[0].malls
    else:
        assert plans == []


@given(candidates, limits)
def test_everything_is_planned_in_the_end(waiting: list[Candidate], limits: Limits) -> None:
    rest = list(waiting)
    while rest:
        plans = make_plans(rest, limits, NOW, [])
        assert plans
        done = {mall for one in plans for mall in one.malls}
        rest = [one for one in rest if one.feed.mall_id not in done]


def test_the_same_candidates_give_the_same_plan_and_another_attempt_another() -> None:
    def ids(record: FeedRecord) -> str:
        return make_plans([candidate(record, [record], LIMITS)], LIMITS, NOW, [])[0].plan_id

    assert ids(feed(1)) == ids(feed(1))
    assert ids(feed(1)) != ids(feed(1, attempt=1))


def test_large_runs_have_fewer_and_larger_workers() -> None:
    asked = (2, 11, 12, 13, 20)
    assert [worker_type_for(workers) for workers in asked] == [
        ("G.1X", 2),
        ("G.1X", 11),
        ("G.2X", 6),
        ("G.2X", 6),
        ("G.2X", 10),
    ]


def test_rows_need_room_by_their_number_not_by_the_file_s_bytes() -> None:
    plain = feed(1, size_bytes=100_000_000)
    packed = feed(1, size_bytes=20_000_000, key="feeds/a/x.csv.gz")
    columns = feed(1, size_bytes=20_000_000, format="parquet")
    assert [rows_megabytes(one) for one in (plain, packed, columns)] == [100, 100, 100]
