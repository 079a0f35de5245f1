"""An error with one feed of a plan stops that feed, and none of the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mallfeed.errors import ClaimLost, Transient
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.neighbours import Neighbours
from mallfeed.ledger.states import State
from mallfeed.table.port import Staged
from tests.model.engine import MemoryEngine
from tests.model.world import World
from tests.unit.ledger.records import feed

MALLS = ("mall_a", "mall_b", "mall_c")
BROKEN = "mall_b"


@pytest.fixture
def world() -> World:
    world = World()
    for mall in MALLS:
        world.arrive(mall, 1, True, (("U", "p1", 1),), False)
    world.dispatch()
    return world


def record(world: World, mall: str, number: int = 1) -> FeedRecord:
    found = world.ledger.feed(feed(number, mall).feed_id)
    assert found is not None
    return found


def story(world: World, mall: str) -> list[str]:
    return [event.note for event in record(world, mall).events]


def breaks(
    patch: pytest.MonkeyPatch,
    owner: Any,
    name: str,
    error: Exception,
    is_it: Callable[..., bool],
) -> None:
    """The method raises for the calls that `is_it` selects."""
    method = getattr(owner, name)

    def broken(*args: Any, **kwargs: Any) -> Any:
        if is_it(*args):
            raise error
        return method(*args, **kwargs)

    patch.setattr(owner, name, broken)


def of_broken(subject: Any, *_: Any) -> bool:
    """Whether a mall's id, a feed's or a feed is the broken mall's."""
    return str(getattr(subject, "feed_id", subject)).startswith(BROKEN)


def moves_to(state: State) -> Callable[..., bool]:
    return lambda before, after: of_broken(after) and before.state != after.state == state


@pytest.mark.parametrize(
    ("method", "is_it", "stays"),
    [
        ("feeds", of_broken, State.RUNNING),
        ("update", lambda before, after: of_broken(after) and after.committing, State.RUNNING),
        ("update", moves_to(State.SYNCING), State.RUNNING),
        ("update", moves_to(State.LOADED), State.SYNCING),
    ],
    ids=["looking back", "announcing the commit", "entering the commit", "closing"],
)
@pytest.mark.parametrize("error", [Transient("slow down"), ZeroDivisionError("a bug")])
def test_the_ledger_fails_for_one_feed(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    is_it: Callable[..., bool],
    stays: State,
    error: Exception,
) -> None:
    breaks(monkeypatch, world.ledger, method, error, is_it)
    world.run(None)
    assert {mall: record(world, mall).state for mall in MALLS} == {
        "mall_a": State.LOADED, BROKEN: stays, "mall_c": State.LOADED,
    }  # fmt: skip
    assert story(world, BROKEN)[-1] == f"{type(error).__name__}: {error}"
    assert set(world.runs.states.values()) == {"FAILED"}


@pytest.mark.parametrize("method", ["stage", "vouch"])
def test_a_bug_in_staging_stops_its_feed_alone(world: World, method: str) -> None:
    class Buggy(MemoryEngine):
        """Divides by zero for one mall."""

    def buggy(self: MemoryEngine, *args: Any) -> Any:
        if any(of_broken(one) for one in args):
            raise ZeroDivisionError("division by zero\nand more")
        return getattr(MemoryEngine, method)(self, *args)

    setattr(Buggy, method, buggy)
    world.engine = Buggy
    world.run(None)
    assert record(world, BROKEN).state is State.RUNNING
    assert story(world, BROKEN)[-1] == "ZeroDivisionError: division by zero"
    assert not world.table.products(BROKEN)
    assert record(world, "mall_a").state is record(world, "mall_c").state is State.LOADED


def test_nothing_is_written_into_a_feed_that_another_run_has_taken(world: World) -> None:
    class Overtaken(MemoryEngine):
        """Another run takes the broken mall's feed while it is being staged."""

        def stage(self, feed: FeedRecord, neighbours: Neighbours) -> Staged:
            """See the port."""
            if feed.mall_id == BROKEN:
                held = record(world, BROKEN)
                taken = held.model_copy(update={"job_run_id": "jr_other"})
                MemoryLedger.update(world.ledger, held, taken)
                raise ClaimLost("gone")
            return super().stage(feed, neighbours)

    world.engine = Overtaken
    world.run(None)
    taken = record(world, BROKEN)
    assert (taken.job_run_id, taken.state) == ("jr_other", State.RUNNING)
    assert story(world, BROKEN)[-1].startswith("claimed by run")
    assert record(world, "mall_a").state is record(world, "mall_c").state is State.LOADED


def test_what_an_earlier_run_committed_is_finished_though_the_commit_of_others_fails() -> None:
    world = World()
    for mall in ("mall_a", BROKEN):
        world.arrive(mall, 1, True, (("U", "p1", 1),), False)
    world.dispatch()
    with pytest.MonkeyPatch.context() as first_run:
        breaks(first_run, world.ledger, "update", Transient("slow down"), moves_to(State.SYNCING))
        breaks(first_run, world.ledger, "feeds", Transient("slow down"), "mall_a".__eq__)
        world.run(None)
    assert record(world, BROKEN).committing
    world.minutes += 30
    world.dispatch()
    (plan,) = world.ledger.open_plans()
    assert len(plan.feed_ids) == 2
    with pytest.MonkeyPatch.context() as second_run:
        breaks(second_run, world.table, "commit", Transient("conflict"), lambda *_: True)
        world.run(None)
    assert record(world, BROKEN).state is State.LOADED
    assert record(world, "mall_a").state is State.RUNNING
    assert story(world, "mall_a")[-1] == "Transient: conflict"
