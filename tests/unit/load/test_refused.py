"""If a sink refuses the data of one mall, the others are served, and a newer feed can resolve it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import SINK_REFUSED, State
from mallfeed.load.halves import MOST_REFUSED
from tests.model.world import World
from tests.unit.ledger.records import feed

BAD = 4


@pytest.fixture
def world() -> World:
    world = World()
    world.refused_prices = {BAD}
    return world


def get(world: World, number: int, mall: str) -> FeedRecord:
    record = world.ledger.feed(feed(number, mall).feed_id)
    assert record is not None
    return record


def run(world: World) -> None:
    world.minutes += 30
    world.dispatch()
    world.run(None)


def arrive(world: World, malls: int, bad: set[int]) -> list[str]:
    names = [f"mall_{number:02d}" for number in range(malls)]
    for number, mall in enumerate(names):
        world.arrive(mall, 1, True, (("U", "p1", BAD if number in bad else 1),), False)
    return names


def test_only_the_mall_whose_data_are_refused_is_left(world: World) -> None:
    names = arrive(world, 11, {7})
    run(world)
    states = {mall: get(world, 1, mall).state for mall in names}
    assert states.pop("mall_07") is State.SYNCING
    assert set(states.values()) == {State.LOADED}
    left = get(world, 1, "mall_07")
    assert left.code == SINK_REFUSED
    assert "a value is too long" in (left.message or "")
    run(world)
    assert (get(world, 1, "mall_07").code, get(world, 1, "mall_07").sync_tries) == (SINK_REFUSED, 1)


def test_it_is_tried_alone_from_then_on(world: World) -> None:
    arrive(world, 3, {1})
    run(world)
    world.minutes += 30
    world.arrive("mall_00", 2, True, (("U", "p1", 2),), False)
    world.dispatch()
    malls = sorted(plan.malls for plan in world.ledger.open_plans())
    assert malls == [("mall_00",), ("mall_01",)]


def test_a_newer_feed_goes_first_and_resolves_it(world: World) -> None:
    arrive(world, 1, {0})
    run(world)
    world.arrive("mall_00", 2, True, (("U", "p1", 2),), False)
    run(world)
    assert get(world, 2, "mall_00").state is State.LOADED
    assert get(world, 1, "mall_00").state is State.SYNCING
    run(world)
    assert get(world, 1, "mall_00").state is State.LOADED
    world.settle()
    world.check()


def test_an_older_feed_waits_until_it_is_resolved(world: World) -> None:
    world.arrive("mall_00", 5, False, (("U", "p1", BAD),), False)
    run(world)
    world.arrive("mall_00", 3, False, (("U", "p1", 1),), False)
    run(world)
    assert get(world, 3, "mall_00").state is State.WAITING
    world.settle()
    world.check()


def test_a_sink_that_refuses_everything_is_not_asked_mall_by_mall(world: World) -> None:
    names = arrive(world, 100, set(range(100)))
    loads: list[int] = []
    stage = world.warehouse.load

    def load(*args: object, **kwargs: object) -> object:
        loads.append(len(args[0]))  # type: ignore[arg-type]
        return stage(*args, **kwargs)  # type: ignore[arg-type]

    world.warehouse.load = load  # type: ignore[method-assign, assignment]
    run(world)
    assert {get(world, 1, mall).state for mall in names} == {State.SYNCING}
    assert len(loads) < 2 * 8 + 2 * MOST_REFUSED
    world.minutes += 30
    world.dispatch()
    assert {get(world, 1, mall).code for mall in names} == {"sync_retry"}
    assert [len(plan.feed_ids) for plan in world.ledger.open_plans()] == [100]


def test_an_older_feed_does_not_pass_the_second_of_two_that_are_refused(world: World) -> None:
    world.arrive("mall_00", 1, False, (("U", "p1", BAD),), False)
    run(world)
    world.arrive("mall_00", 5, False, (("U", "p1", 2), ("U", "p2", BAD)), False)
    run(world)
    world.arrive("mall_00", 3, True, (("U", "p1", 3),), False)
    run(world)
    assert get(world, 3, "mall_00").state is State.WAITING
    world.settle()
    world.check()


def test_it_is_tried_again_while_the_newer_one_cannot_run(world: World) -> None:
    arrive(world, 1, {0})
    run(world)
    world.arrive("mall_00", 2, False, (("U", "p1", 1),), True)
    run(world)
    assert get(world, 2, "mall_00").state is State.HELD
    world.arrive("mall_00", 3, False, (("U", "p1", 2),), False)
    world.refused_prices.clear()
    run(world)
    assert get(world, 1, "mall_00").state is State.LOADED


def test_older_data_are_held_behind_a_full_feed_that_is_refused(world: World) -> None:
    arrive(world, 1, {0})
    run(world)
    refused = get(world, 1, "mall_00")
    late = feed(2, "mall_00", feed_time=refused.feed_time - timedelta(days=1))
    world.ledger.enter(late)
    world.dispatch()
    held = get(world, 2, "mall_00")
    assert (held.state, held.code) == (State.HELD, "older_than_published")
