"""Simulated days: every feed comes to one end, whatever the schedule; what can be reckoned comes out."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simpy import Environment

from mallfeed.ledger.states import State
from mallfeed.plan.limits import Limits
from mallfeed.simulate.arrivals import DAY_S
from mallfeed.simulate.cost import billed_s
from mallfeed.simulate.figures import measured, prices, quotas
from mallfeed.simulate.outcome import outcome, percentile
from mallfeed.simulate.profile import Profile, bundled_profile
from mallfeed.simulate.shared_resources import EvenlyShared, OneAtATime, Process
from mallfeed.simulate.show import rows
from mallfeed.simulate.simulate import Question, simulate, world_of
from mallfeed.simulate.world import World
from tests.unit.simulate.worlds import LIMITS, nightly, profile, ran, round_figures

ENDS = {State.LOADED, State.IGNORED, State.SUPERSEDED, State.DROPPED}

ROUGH = """
name: all that can go wrong
runs_that_die: 0.2
person_after_minutes: 45
malls:
  - name: deltas behind fulls
    share: 0.5
    feeds:
      - {name: full, a_day: 2, arrives: nightly, at: "23:50", size: {median_mb: 2, sigma: 1},
         changed: 0.5, same_bytes: 0.4, held: 0.2}
      - {name: delta, mode: delta, a_day: 6, arrives: through_the_day, size: {median_mb: 0.5},
         changed: 1, held: 0.1}
  - name: bursts and a window
    share: 0.5
    window: "22:00-05:00"
    priority: 1
    feeds:
      - {name: full, format: parquet, a_day: 5, arrives: bursts, burst: 5, burst_minutes: 3,
         size: {median_mb: 8, sigma: 1.5}, same_bytes: 0.3, held: 0.1}
"""


AGAIN = """
name: again
malls:
  - {name: all, share: 1, feeds: [{name: full, a_day: 4, arrives: through_the_day,
     size: {median_mb: 1}, changed: 1, same_bytes: 1}]}
"""


def check_ends(world: World) -> None:
    """Every feed that was sent has one end; what was loaded was loaded once, held ones never; nothing is
    under way any more: no plan, no run, no lock of a mall."""
    states = world.ledger.states
    assert states.keys() == {one.record.feed_id for one in world.sent}
    assert set(states.values()) <= ENDS
    loaded = {feed_id for feed_id, state in states.items() if state is State.LOADED}
    assert world.services.loads == dict.fromkeys(loaded, 1)
    assert not loaded & {one.record.feed_id for one in world.sent if one.held}
    assert world.ledger.peek_open_plans() == []
    assert [run for run in world.glue.runs.values() if run.ended_s is None] == []
    assert world.ledger.lock_holders(world.products) == {}


@pytest.mark.parametrize("seed", range(6))
def test_every_feed_that_arrives_has_one_end_and_none_is_loaded_twice(seed: int) -> None:
    world = ran(profile(ROUGH), 12, Limits(max_runs=3, max_workers=9, max_tries=2), seed=seed)
    check_ends(world)
    assert any(run.state == "FAILED" for run in world.glue.runs.values())


SHORT_DAY = 0.1
"""Days; 144 minutes, which are enough for feeds that are sent around 02:00."""


def ran_to_the_end(known: Profile, *last_s: float) -> World:
    """A world whose last feeds were sent this many seconds before its end."""
    world = world_of(Question(known, 1, LIMITS, days=SHORT_DAY), round_figures(), quotas())
    sent = [
        replace(one, at_s=SHORT_DAY * DAY_S - before_s)
        for one, before_s in zip(world.sent, last_s, strict=True)
    ]
    world = replace(world, sent=sent)
    world.run()
    return world


@pytest.mark.parametrize("step", [
    (0.01, "the event of its arrival is under way"), (10, "Glue starts the run"), (25, "Spark starts"),
    (32, "it is staged"), (33.5, "it is committed"), (37, "it is indexed"), (40.5, "it is reported"),
    (41.5, "it is loaded, and Glue's event of the run's end is under way"), (42.5, "all is done"),
], ids=lambda step: step[1])  # fmt: skip
def test_a_feed_is_waited_for_whatever_its_run_does_when_the_day_ends(
    step: tuple[float, str],
) -> None:
    world = ran_to_the_end(nightly(spread_minutes=0), step[0])
    check_ends(world)
    assert [run.state for run in world.glue.runs.values()] == ["SUCCEEDED"]


def test_the_dispatch_after_the_last_run_is_counted_though_an_arrival_closed_its_plan() -> None:
    again = profile(AGAIN.replace("a_day: 4", "a_day: 20"))
    # the run of the first ends half a second before the day does; the second closes the plan right then
    world = ran_to_the_end(again, 41.5, 1.25)
    assert sorted(world.ledger.states.values()) == [State.IGNORED, State.LOADED]
    check_ends(world)
    timer = len(world.queue) - 1  # the last time it rings, nothing is left to dispatch
    assert world.lambdas.invocations == len(world.sent) + timer + len(world.glue.runs)


@pytest.mark.seconds
@settings(max_examples=10, deadline=None)
@given(
    st.integers(0, 1000),
    st.integers(1, 5),
    st.integers(2, 30),
    st.integers(0, 300),
    st.integers(1, 50),
)
def test_every_feed_has_one_end_under_any_limits(
    seed: int, runs: int, workers: int, gather: int, feeds: int
) -> None:
    limits = Limits(max_runs=runs, max_workers=workers, gather_seconds=gather, max_feeds=feeds)
    check_ends(ran(profile(ROUGH), 6, limits, seed=seed))


@pytest.mark.seconds
@pytest.mark.parametrize("malls", [5, 40, 200])
def test_shared_runs_never_cost_more_than_one_run_per_feed(malls: int) -> None:
    for known in (bundled_profile("default"), nightly(spread_minutes=5)):
        shared = simulate(Question(known, malls, LIMITS))
        alone = simulate(Question(known, malls, LIMITS, grouping=False))
        assert shared.dpu_hours_a_day <= alone.dpu_hours_a_day
        assert (alone.feeds_a_run, alone.unfinished) == (1.0, 0)


def test_the_same_question_has_the_same_answer_and_another_seed_another_one() -> None:
    asked = Question(bundled_profile("default"), 60, LIMITS, seed=3)
    assert simulate(asked) == simulate(asked)
    assert simulate(asked) != simulate(Question(bundled_profile("default"), 60, LIMITS, seed=4))


def test_one_feed_alone_takes_what_its_steps_take() -> None:
    world = ran(nightly(spread_minutes=0), 1)
    (run,) = world.glue.runs.values()
    at_s = 2 * 3600.0
    assert run.asked_s == at_s + 1  # the event
    assert run.begun_s == at_s + 21
    # 10 Spark, 2 staging, 1 commit, 6 index (1 + 1000 / 200), 1 reports
    assert run.ended_s == pytest.approx(at_s + 41)
    told = outcome(world, 1, prices())
    assert told.waits.p50_s == told.waits.max_s == pytest.approx(40)
    assert run.billed_dpu_s(world.env.now) == 120  # 20 s cost a minute, of two workers
    assert told.dpu_hours_a_day == pytest.approx(2 / 60)
    assert told.dollars["Glue"] == pytest.approx(0.44 * 2 / 60)
    assert told.dollars["Redshift"] == pytest.approx(8 / 60 * prices().warehouse_rpu_hour.usd)


def test_a_batch_shares_a_run_and_its_start_and_later_feeds_gather() -> None:
    world = ran(nightly(spread_minutes=0), 11, LIMITS)
    first, second = world.glue.runs.values()
    assert (len(first.plan.feed_ids), len(second.plan.feed_ids)) == (10, 1)
    # 10 Spark, ten feeds of 8 core-seconds on 4 cores, 1 commit, 1 + 11,000 / 200 index (the other
    # run's documents go in beside), 1 reports
    assert (first.ended_s or 0) - (first.begun_s or 0) == pytest.approx(10 + 20 + 1 + 56 + 1)
    assert second.asked_s == 2 * 3600 + 60  # while the first one runs, by the timer
    assert len(world.services.warehouse.spans) == len(world.services.table.spans) == 2


def test_a_rate_is_shared_evenly_by_all_who_ask_at_the_moment() -> None:
    env, ends = Environment(), {}
    shared = EvenlyShared(env, rate=200)

    def asks(name: str, begin_s: float, amount: float) -> Process:
        yield env.timeout(begin_s)
        yield from shared.use(amount)
        ends[name] = env.now

    # alone for a second, then 800 and 1,000 at 100 each a second, then the rest of 200 alone
    for name, begin_s in (("first", 0.0), ("second", 1.0)):
        env.process(asks(name, begin_s, 1000))
    env.process(asks("late", 20.0, 100))
    env.run()
    assert ends == pytest.approx({"first": 9.0, "second": 10.0, "late": 20.5})
    assert shared.busy.by_hour == pytest.approx({0: 10.5})


def test_what_there_is_one_of_is_used_in_turn() -> None:
    env = Environment()
    table = OneAtATime(env)
    for _ in range(3):
        env.process(table.use(1800))
    env.run()
    assert table.spans == [(0, 1800), (1800, 3600), (3600, 5400)]
    assert table.busy.by_hour == {0: 3600, 1: 1800}
    assert table.busy.peak == 1


def test_redshift_bills_a_minute_at_least_and_seconds_that_overlap_once() -> None:
    assert billed_s([(0, 3)]) == 60
    assert billed_s([(0, 3), (30, 33)]) == 90
    assert billed_s([(0, 100), (20, 30), (500, 501)]) == 160


FLOOD = """
name: one floods
malls:
  - {name: flood, share: 0.05, feeds: [{name: delta, mode: delta, a_day: 1440,
     arrives: through_the_day, size: {median_mb: 1}, changed: 1}]}
  - {name: others, share: 0.95, feeds: [{name: full, a_day: 1, arrives: nightly, at: "12:00",
     spread_minutes: 60, size: {median_mb: 1}, changed: 0.1}]}
"""


@pytest.mark.seconds
def test_a_mall_that_floods_does_not_starve_the_others() -> None:
    limits = LIMITS.model_copy(update={"max_runs": 1, "max_workers": 2})
    world = ran(profile(FLOOD), 20, limits, days=1.0)
    known = world.services.searchable_s
    waits = {"flood": 0.0, "others": 0.0}
    for one in world.sent:
        wait = known[one.record.feed_id] - one.at_s
        waits[one.class_name] = max(waits[one.class_name], wait)
    runs_s = max((run.ended_s or 0) - run.asked_s for run in world.glue.runs.values())
    assert waits["others"] < 4 * runs_s
    assert waits["others"] < waits["flood"]


def test_the_same_bytes_again_need_no_run() -> None:
    world = ran(profile(AGAIN), 3)
    assert Counter(world.ledger.states.values()) == {State.LOADED: 3, State.IGNORED: 9}
    assert sum(len(run.plan.feed_ids) for run in world.glue.runs.values()) == 3


def test_a_window_is_kept_and_its_wait_is_not_counted() -> None:
    known = profile("""
name: at night
malls:
  - {name: all, share: 1, window: "22:00-05:00", feeds: [{name: full, a_day: 1, arrives: nightly,
     at: "15:00", spread_minutes: 0, size: {median_mb: 1}, changed: 1}]}
""")
    world = ran(known, 1)
    (run,) = world.glue.runs.values()
    assert run.asked_s == 22 * 3600
    told = outcome(world, 1, prices())
    assert told.waits.max_s == pytest.approx(39)
    assert told.most_waiting == 1  # at the very opening


def test_feeds_that_wait_behind_a_held_one_are_counted_apart() -> None:
    known = profile("""
name: held
person_after_minutes: 300
malls:
  - {name: all, share: 1, feeds: [
      {name: full, a_day: 1, arrives: nightly, at: "02:00", spread_minutes: 0, size: {median_mb: 1},
       held: 1},
      {name: delta, mode: delta, a_day: 24, arrives: through_the_day, size: {median_mb: 1}}]}
""")
    told = outcome(ran(known, 1), 1, prices())
    assert told.feeds == {"DROPPED": 1, "LOADED": 24}
    assert told.blocked in (5, 6)
    assert told.waits.feeds == 24 - told.blocked
    assert told.waits.max_s < 120


def test_more_than_the_limits_allow_is_reported_as_unfinished() -> None:
    slow = round_figures(spark_start_s=40_000)
    world = ran(nightly(spread_minutes=60), 40, LIMITS, grouping=False, model=slow)
    told = outcome(world, 40, prices())
    assert told.unfinished == 40 - told.feeds["LOADED"] > 0
    assert told.uses[0].what == "Glue runs at once"
    assert told.uses[0].share == pytest.approx(1, abs=0.01)


def test_a_run_that_has_not_ended_when_the_simulation_gives_up_is_billed_until_then() -> None:
    world = ran(nightly(spread_minutes=0), 1, model=round_figures(spark_start_s=1_000_000))
    (run,) = world.glue.runs.values()
    assert run.state == "RUNNING"
    told = outcome(world, 1, prices())
    gives_up_s = 4 * DAY_S + 60
    assert world.env.now == gives_up_s
    assert told.dpu_hours_a_day == pytest.approx(2 * (gives_up_s - 2 * 3600 - 21) / 3600)
    assert told.dollars["Glue"] == pytest.approx(0.44 * told.dpu_hours_a_day)
    assert told.unfinished == 1


def test_a_feed_that_still_waits_for_a_person_when_the_simulation_gives_up_is_unfinished() -> None:
    known = nightly(held=1).model_copy(update={"person_after_minutes": 5 * 24 * 60})
    told = outcome(ran(known, 2), 2, prices())
    assert (told.feeds, told.unfinished) == ({"HELD": 2}, 2)
    shown = dict(rows([told]))
    assert (shown["… held or failed, dropped in the end"], shown["… unfinished"]) == ("0", "2")


def test_the_profile_that_comes_along_has_the_limits_of_the_template() -> None:
    import yaml

    class Template(yaml.SafeLoader):
        """Reads CloudFormation's tags as nothing."""

    Template.add_multi_constructor("!", lambda loader, suffix, node: None)
    with open("template.yaml") as file:  # noqa: PTH123
        parameters = yaml.load(file, Loader=Template)["Parameters"]  # noqa: S506
    names = {"MaxRuns": "max_runs", "MaxWorkers": "max_workers", "GatherSeconds": "gather_seconds",
             "MaxTries": "max_tries"}  # fmt: skip
    known = bundled_profile("default").limits
    assert known == {ours: parameters[theirs]["Default"] for theirs, ours in names.items()}
    assert measured().index_replicas == 1


def test_percentiles_are_nearest_ranks() -> None:
    assert percentile([], 0.5) == 0
    assert [percentile([1, 2, 3, 4], share) for share in (0.5, 0.95, 1.0)] == [2, 4, 4]
