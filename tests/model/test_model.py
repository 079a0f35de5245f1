"""Any schedule of feeds, faults and crashes ends with both sinks as the oracle says."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from mallfeed.ledger.slices import products_by_slice
from mallfeed.ledger.states import State
from tests.model.oracle import Product, products, values
from tests.model.world import World

T = TypeVar("T")
SCHEDULES = int(os.environ.get("MALLFEED_SCHEDULES", "1000"))


@pytest.fixture(scope="module", autouse=True)
def without_logs() -> Iterator[None]:
    """Thousands of crashes would be logged; other modules' tests read the log."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


malls = st.sampled_from(["mall_a", "mall_b"])
ids = st.sampled_from(["p1", "p2", "p3", "p4"])
upserts = st.tuples(st.just("U"), ids, st.integers(1, 5))
brands = st.integers(0, 3)
branded = st.tuples(st.just("W"), ids, st.tuples(st.integers(1, 5), brands))
wholes = st.one_of(upserts, branded)
partial = st.one_of(
    st.tuples(st.just("P"), ids, st.integers(1, 5)), st.tuples(st.just("B"), ids, brands)
)
operations = st.one_of(wholes, partial, partial, st.tuples(st.just("D"), ids, st.just(0)))
full_rows = st.lists(wholes, max_size=4, unique_by=lambda row: row[1]).map(tuple)
delta_rows = st.lists(operations, min_size=1, max_size=4).map(tuple)
bad = st.integers(0, 9).map(lambda die: die == 0)
places = st.integers(1, 12)
slices = st.sampled_from(["fashion", "digital"])
stamps = st.one_of(st.none(), st.integers(0, 6))
arrivals = st.one_of(
    st.tuples(st.just("arrive"), malls, places, st.just(True), full_rows, bad),
    st.tuples(st.just("arrive"), malls, places, st.just(False), delta_rows, bad),
    st.tuples(st.just("arrive"), st.just("mall_s"), places, st.just(True), full_rows, bad, slices),
    st.tuples(
        st.just("arrive"), st.just("mall_s"), places, st.just(False), delta_rows, bad, slices
    ),
)
stamped = st.one_of(
    st.tuples(
        st.just("arrive"),
        st.just("mall_t"),
        places,
        st.just(True),
        full_rows,
        bad,
        st.just("shop"),
        stamps,
    ),
    st.tuples(
        st.just("arrive"),
        st.just("mall_t"),
        places,
        st.just(False),
        delta_rows,
        bad,
        st.just("shop"),
        stamps,
    ),
)
row_stamps = st.lists(st.one_of(st.none(), st.integers(1, 12)), min_size=4, max_size=4).map(tuple)
by_row = st.one_of(
    st.tuples(
        st.just("arrive"), st.just("mall_v"), places, st.just(True), full_rows, bad, st.just("shop"), st.none(), row_stamps
    ),
    st.tuples(
        st.just("arrive"), st.just("mall_v"), places, st.just(False), delta_rows, bad, st.just("shop"), st.none(), row_stamps
    ),
    st.tuples(
        st.just("arrive"), st.just("mall_v"), places, st.just(False), delta_rows, bad, st.just("shop"), st.none(), row_stamps
    ),
)  # fmt: skip
of_brand = st.tuples(st.just("S"), ids, brands)
supplements = st.sampled_from(["+brands", "+corrections"])
supplemented = st.one_of(
    st.tuples(st.just("arrive"), st.just("mall_u"), places, st.just(True), full_rows, bad, st.just("shop")),
    st.tuples(st.just("arrive"), st.just("mall_u"), places, st.just(False), delta_rows, bad, st.just("shop")),
    st.tuples(
        st.just("arrive"), st.just("mall_u"), places, st.just(True),
        st.lists(of_brand, max_size=4, unique_by=lambda row: row[1]).map(tuple), bad, supplements,
    ),
    st.tuples(
        st.just("arrive"), st.just("mall_u"), places, st.just(False),
        st.lists(st.one_of(of_brand, of_brand, st.tuples(st.just("D"), ids, st.just(0))), min_size=1, max_size=4)
        .map(tuple), bad, supplements,
    ),
)  # fmt: skip
crashes = st.one_of(st.none(), st.integers(0, 40))
moves = st.one_of(
    arrivals,
    arrivals,
    stamped,
    supplemented,
    by_row,
    st.tuples(st.just("dispatch")),
    st.tuples(st.just("run"), crashes),
    st.tuples(st.just("run"), crashes),
    st.tuples(st.just("wait"), st.sampled_from([1, 20, 60])),
    st.tuples(st.just("down"), st.sampled_from(["index", "warehouse"])),
    st.tuples(st.just("refuse"), st.integers(1, 5)),
    st.tuples(st.just("restored")),
    st.tuples(st.just("expire")),
    st.tuples(st.just("lapse")),
    st.tuples(st.just("recreate")),
    st.tuples(st.just("zombie")),
    st.tuples(st.just("maintain"), crashes),
    st.tuples(st.just("spoil"), malls, ids, st.booleans()),
    st.tuples(st.just("rollback"), st.integers(0, 30)),
)


def play(world: World, move: tuple[Any, ...]) -> None:
    """One move of a schedule."""
    name, *rest = move
    if name == "arrive":
        world.arrive(*rest)
    elif name == "again":
        world.again(*rest)
    elif name == "now":
        world.arrive("mall_a", int(world.minutes) - rest[0], *rest[1:])
    elif name == "now_again":
        world.again("mall_a", int(world.minutes) - rest[0])
    elif name == "dispatch":
        world.dispatch()
    elif name == "run":
        world.dispatch()
        world.run(rest[0])
    elif name == "wait":
        world.wait(rest[0])
    elif name == "down":
        world.faults.down.add(rest[0])
    elif name == "restored":
        world.faults.down.clear()
        world.refused_prices.clear()
    elif name == "refuse":
        world.refused_prices.add(rest[0])
    elif name == "expire":
        world.table.expire()
    elif name == "lapse":
        world.index.lapse_tombstones()
    elif name == "recreate":
        world.table.recreate()
        world.epoch += 1
    elif name == "zombie":
        world.wake_zombie()
    elif name == "maintain":
        world.maintain(rest[0])
    elif name == "rollback" and world.said:
        world.rollback(sorted(world.said)[rest[0] % len(world.said)])
    elif name == "spoil":
        world.spoil(*rest)


def ends_well(world: World, schedule: list[tuple[Any, ...]]) -> None:
    """Once the schedule is played and all is quiet, table and sinks are as the oracle says."""
    note("\n".join(map(str, schedule)))
    for move in schedule:
        play(world, move)
    world.settle()
    if world.spoilt:
        night = world.maintain(None)
        assert night is not None
        assert (night.skipped, night.failed) == ({}, {})
    world.check()


many = settings(
    max_examples=SCHEDULES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.timeout(300 + SCHEDULES // 10)
@many
@given(st.lists(moves, min_size=4, max_size=30))
def test_any_schedule_ends_as_the_oracle_says(schedule: list[tuple[Any, ...]]) -> None:
    ends_well(World(), schedule)


def at_one_mall(arrivals: st.SearchStrategy[tuple[Any, ...]]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Moves of which most are arrivals at that mall, with all that can go wrong in between."""
    return st.one_of(
        arrivals,
        arrivals,
        arrivals,
        st.tuples(st.just("run"), crashes),
        st.tuples(st.just("run"), crashes),
        st.tuples(st.just("wait"), st.sampled_from([1, 20])),
        st.tuples(st.just("down"), st.sampled_from(["index", "warehouse"])),
        st.tuples(st.just("refuse"), st.integers(1, 5)),
        st.tuples(st.just("restored")),
        st.tuples(st.just("expire")),
        st.tuples(st.just("recreate")),
        st.tuples(st.just("rollback"), st.integers(0, 30)),
    )


@pytest.mark.timeout(300 + SCHEDULES // 10)
@many
@given(st.lists(at_one_mall(supplemented), min_size=4, max_size=25))
def test_any_schedule_of_supplements_ends_as_the_oracle_says(
    schedule: list[tuple[Any, ...]],
) -> None:
    ends_well(World(), schedule)


@pytest.mark.timeout(300 + SCHEDULES // 10)
@many
@given(st.lists(at_one_mall(by_row), min_size=4, max_size=25))
def test_any_schedule_of_rows_with_stamps_ends_as_the_oracle_says(
    schedule: list[tuple[Any, ...]],
) -> None:
    ends_well(World(), schedule)


# Time that passes while feeds come, so that sales begin and end between any two of them, and within a run.
ticks = st.tuples(st.just("wait"), st.sampled_from([1, 5, 9, 15, 25]))


@pytest.mark.timeout(300 + SCHEDULES // 10)
@many
@given(st.lists(st.one_of(moves, moves, ticks), min_size=4, max_size=30))
def test_any_schedule_ends_with_what_holds_then(schedule: list[tuple[Any, ...]]) -> None:
    ends_well(World(timed=True), schedule)


# Of malls whose catalogs have `silence`, also feeds of the same bytes as the published one, which are IGNORED.
all_malls = st.one_of(malls, st.just("mall_s"))
again = st.tuples(st.just("again"), all_malls, st.integers(2, 20))


@pytest.mark.timeout(300 + SCHEDULES // 10)
@many
@given(st.lists(st.one_of(moves, moves, ticks, again), min_size=4, max_size=30))
def test_any_schedule_ends_with_what_silence_has_left(schedule: list[tuple[Any, ...]]) -> None:
    ends_well(World(timed=True, silent=True), schedule)


# One mall, whose feeds are uploaded as time passes, and the time of silence between any two of them.
late = st.sampled_from([0, 0, 0, 0, 5, 20, 1008])
some_rows = st.lists(wholes, min_size=1, max_size=3, unique_by=lambda row: row[1]).map(tuple)
of_one_mall = st.one_of(
    st.tuples(st.just("now"), late, st.just(True), some_rows, st.just(False)),
    st.tuples(st.just("now"), late, st.just(False), delta_rows, bad),
    st.tuples(st.just("now_again"), late),
    st.tuples(st.just("now_again"), late),
)
quick = st.one_of(st.none(), st.none(), st.none(), st.integers(0, 40))
paces = st.sampled_from([1, 2, 300, 500, 980, 1012, 1040])
steps = st.tuples(of_one_mall, paces, quick).map(
    lambda step: [step[0], ("run", step[2]), ("run", None), ("wait", step[1]), ("run", None)]
)


@pytest.mark.timeout(300 + SCHEDULES // 10)
@many
@given(st.lists(steps, min_size=2, max_size=7), st.sampled_from([0, 0, 1, 2]))
def test_what_is_silent_comes_back_with_the_next_feed_that_contains_it(
    schedule: list[list[tuple[Any, ...]]], undone: int
) -> None:
    moves_of_all = [move for step in schedule for move in step]
    if undone:
        moves_of_all.insert(len(moves_of_all) // 2, ("rollback", undone))
    ends_well(World(timed=True, silent=True), moves_of_all)


@pytest.mark.parametrize("effects", range(40))
def test_a_feed_of_unchanged_bytes_brings_back_what_is_silent_wherever_a_run_dies(
    effects: int,
) -> None:
    world = World(timed=True, silent=True)

    def until(minute: float, crash_after: int | None = None) -> Mapping[str, Product]:
        world.minutes = max(world.minutes, minute)
        for crash in (crash_after, None, None):
            world.dispatch()
            world.run(crash)
        return products(world.index.documents("mall_a"))

    world.arrive("mall_a", 1, True, (("U", "p1", 1), ("U", "p2", 2)), False)
    assert until(1000) == {"p1": (1, None), "p2": (2, None)}
    world.again("mall_a", 5)
    until(1001)
    (same,) = (one for one in world.ledger.history("mall_a") if one.state is State.IGNORED)
    assert until(1012) == {"p1": (1, None), "p2": (2, None)}, "contained in minute 5"
    until(1016, effects)
    assert until(1020) == {"p1": (1001, None), "p2": (1002, None)}, "out of stock"
    world.again("mall_a", 15)
    until(1021, effects)
    assert until(1023) == {"p1": (1, None), "p2": (2, None)}
    world.arrive("mall_a", 17, False, (("B", "p2", 3),), False)  # counts as 20
    assert until(1024) == {"p1": (1, None), "p2": (2, 3)}
    until(1076, effects)
    assert until(1078) == {"p2": (1102, 3)}, "one has vanished, the other is out of stock, on sale"
    until(1081, effects)
    assert until(1083) == {}
    world.settle()
    world.check()
    assert same.feed_id in world.said


@pytest.mark.parametrize("effects", range(40))
def test_a_sale_begins_and_ends_wherever_the_run_dies(effects: int) -> None:
    world = World(timed=True)
    sale, end = ("W", "p1", (1, 1)), ("W", "p2", (2, 2))
    world.arrive("mall_a", 1, True, (sale, end, ("U", "p3", 3)), False)
    world.dispatch()
    world.run(None)
    world.dispatch()
    assert products(world.index.documents("mall_a")) == {
        "p1": (1, 1),
        "p2": (2, 2),
        "p3": (3, None),
    }
    world.minutes = 1012.0
    world.dispatch()
    world.run(effects)
    world.minutes = max(world.minutes, 1026.0)
    for _ in range(6):
        world.dispatch()
        world.run(None)
    assert products(world.index.documents("mall_a")) == {"p1": (101, 1), "p3": (3, None)}
    world.settle()
    world.check()
    assert products(world.warehouse.products("mall_a")) == {"p1": (1, 1), "p3": (3, None)}


@pytest.mark.parametrize("effects", range(20))
def test_a_feed_that_is_decided_again_finds_its_own_products_not_there(effects: int) -> None:
    """The run dies behind the commit, and the table is made anew: nothing says any more that the feed is in it."""
    world = World()
    world.arrive("mall_a", 1, False, (("B", "p3", 1), ("U", "p3", 1)), False)
    world.dispatch()
    world.run(effects)
    world.table.recreate()
    world.epoch += 1
    world.settle()
    world.check()


def crash_points() -> list[str]:
    """Every side effect of a run that loads a full and then a delta, enumerated."""
    world = World()
    world.arrive("mall_a", 1, True, (("U", "p1", 1), ("U", "p2", 1)), False)
    world.settle()
    world.arrive("mall_a", 2, False, (("U", "p1", 2), ("D", "p2", 0)), False)
    world.settle()
    return sorted(world.faults.seen)


def test_at_least_fifteen_side_effects_are_crashed_at() -> None:
    assert len(crash_points()) >= 15, crash_points()


@pytest.mark.parametrize("effects", range(45))
def test_a_crash_at_every_single_side_effect_is_repaired_by_running_again(effects: int) -> None:
    world = World()
    world.arrive("mall_a", 1, True, (("U", "p1", 1), ("U", "p2", 1), ("U", "p3", 1)), False)
    world.arrive("mall_b", 1, True, (("U", "p1", 7),), False)
    world.dispatch()
    world.run(effects)
    world.arrive("mall_a", 2, False, (("U", "p1", 2), ("D", "p2", 0)), False)
    world.settle()
    world.check()


@pytest.mark.parametrize("effects", range(20))
def test_a_late_full_feed_does_not_override_a_delta_that_died_at_any_moment(effects: int) -> None:
    world = World()
    world.arrive("mall_a", 1, True, (("U", "p1", 1), ("U", "p2", 1)), False)
    world.settle()
    world.arrive("mall_a", 5, False, (("U", "p1", 5), ("U", "p4", 5), ("D", "p2", 0)), False)
    world.dispatch()
    world.run(effects)
    world.arrive("mall_a", 3, True, (("U", "p1", 3), ("U", "p2", 3), ("U", "p3", 3)), False)
    world.settle()
    world.check()


@pytest.mark.parametrize("effects", range(40))
def test_refused_rows_are_kept_wherever_the_run_died(effects: int) -> None:
    world = World()
    world.side_by_side = _last_first
    world.arrive("mall_a", 1, True, (("U", "p1", 1),), False)
    world.dispatch()
    world.run(effects)
    world.settle()
    world.check()


def _last_first(tasks: Sequence[Callable[[], T]]) -> list[T]:
    """Of two concurrent steps, the other one may be first."""
    return [task() for task in reversed(tasks)][::-1]


@pytest.mark.parametrize("effects", range(24))
def test_maintenance_that_dies_anywhere_repairs_all_the_next_night(effects: int) -> None:
    world = World()
    world.arrive("mall_a", 1, True, (("U", "p1", 1), ("U", "p2", 1), ("U", "p3", 1)), False)
    world.arrive("mall_b", 1, True, (("U", "p1", 7),), False)
    world.settle()
    for mall, product in (("mall_a", "p1"), ("mall_a", "p3"), ("mall_b", "p1")):
        world.spoil(mall, product, True)
        world.spoil(mall, product, False)
    world.maintain(effects)
    world.arrive("mall_a", 2, False, (("U", "p2", 2),), False)
    world.settle()
    night = world.maintain(None)
    assert night is not None
    assert night.skipped == {} == night.failed
    world.check()
    again = world.maintain(None)
    assert again is not None
    assert all(one.agreed for one in again.compared)
    assert len(again.compared) == 4


@pytest.mark.parametrize("effects", range(14))
def test_a_rollback_that_dies_anywhere_takes_effect_and_later_feeds_build_on_it(
    effects: int,
) -> None:
    world = World()
    world.arrive("mall_a", 1, True, (("U", "p1", 1), ("U", "p2", 1)), False)
    world.settle()
    first = next(iter(world.said))
    world.arrive("mall_a", 2, True, (("U", "p2", 2), ("U", "p3", 2)), False)
    world.arrive("mall_a", 3, False, (("D", "p2", 0),), False)
    world.settle()
    assert world.rollback(first) is not None
    world.dispatch()
    world.run(effects)
    world.settle()
    world.check()
    assert values(world.index.documents("mall_a")) == {"p1": 1, "p2": 1}
    world.arrive("mall_a", 2000, False, (("U", "p1", 9),), False)
    world.arrive("mall_a", 4, True, (("U", "p9", 4),), False)
    world.settle()
    world.check()
    assert values(world.warehouse.products("mall_a")) == {"p1": 9, "p2": 1}


def test_a_rollback_to_an_expired_snapshot_is_held() -> None:
    world = World()
    world.arrive("mall_a", 1, True, (("U", "p1", 1),), False)
    world.settle()
    first = next(iter(world.said))
    world.arrive("mall_a", 2, True, (("U", "p2", 2),), False)
    world.settle()
    restored = world.rollback(first)
    assert restored is not None
    world.table.expire()
    world.dispatch()
    world.run(None)
    record = world.ledger.feed(restored)
    assert record is not None
    assert (record.state, record.code) == (State.HELD, "snapshot_expired")


def test_a_mall_s_products_are_counted_by_slice_once_it_has_several() -> None:
    world = World()
    rows = (("U", "p1", 1), ("U", "p2", 1))
    world.arrive("mall_a", 1, True, rows, False, "fashion")
    world.settle()
    assert products_by_slice(world.ledger.feeds("mall_a")) == {}
    world.arrive("mall_a", 2, True, (("U", "p2", 2), ("U", "p3", 2)), False, "digital")
    world.settle()
    assert products_by_slice(world.ledger.feeds("mall_a")) == {"digital": 2, "fashion": 1}
    world.arrive("mall_a", 3, False, (("D", "p2", 0), ("D", "p1", 0)), False, "fashion")
    world.settle()
    assert products_by_slice(world.ledger.feeds("mall_a")) == {"digital": 2}
    first = min(world.said.values(), key=lambda said: said.order)
    assert world.rollback(first.feed_id) is not None
    world.settle()
    assert products_by_slice(world.ledger.feeds("mall_a")) == {"fashion": 2}


def test_a_late_feed_gives_what_no_later_row_named() -> None:
    world = World()
    world.arrive("mall_a", 1, True, (("W", "p1", (1, 1)), ("W", "p2", (2, 2))), False)
    world.settle()
    world.arrive("mall_a", 5, False, (("P", "p1", 5), ("B", "p2", 0), ("P", "p9", 5)), False)
    world.settle()
    assert products(world.index.documents("mall_a")) == {"p1": (5, 1), "p2": (2, None)}
    world.arrive("mall_a", 3, False, (("W", "p1", (3, 3)), ("U", "p9", 3), ("B", "p2", 3)), False)
    world.settle()
    world.check()
    assert products(world.index.documents("mall_a")) == {
        "p1": (5, 3), "p2": (2, None), "p9": (5, None),
    }  # fmt: skip
    world.arrive("mall_a", 2, True, (("W", "p2", (7, 7)),), False)
    world.settle()
    world.check()
