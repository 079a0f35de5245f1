"""A new index is filled beside the one that serves, whoever dies and whatever loads in between."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from mallfeed.errors import NothingToGoBackTo
from mallfeed.maintain.reindex import IndexDiffers, MallsStayBusy
from mallfeed.sinks.port import Sink
from tests.model.oracle import values
from tests.model.world import World
from tests.twins.sinks import MemoryIndex

FIRST = (("U", "p1", 1), ("U", "p2", 1), ("U", "p3", 1))


class ForgetfulIndex(MemoryIndex):
    """Accepts every document and loses some: no answer shows that, only comparing does."""

    refuse_silently: set[str] = set()  # noqa: RUF012

    def documents(self, mall_id: str) -> dict[str, dict[str, Any]]:
        held = super().documents(mall_id)
        return {key: one for key, one in held.items() if key not in self.refuse_silently}


@dataclass
class MemoryIndices:
    """`Indices` over a world's in-memory ones."""

    world: World
    kept: list[MemoryIndex] = field(default_factory=list)
    made: int = 0

    def serving(self) -> str:
        return self.world.index.name

    def begin(self, back: bool) -> str:
        if self.world.building:
            return self.world.building[0].name
        if back and not self.kept:
            raise NothingToGoBackTo("the only one")
        self.made += 1
        new = self.kept.pop() if back else ForgetfulIndex(f"new-{self.made}", self.world.faults)
        self.world.building.append(new)
        return new.name

    def sink(self, name: str) -> Sink:
        known = [self.world.index, *self.world.building]
        return next(one for one in known if one.name == name)

    def malls(self, name: str) -> set[str]:
        return self.sink(name).malls()

    def swap(self, name: str) -> None:
        self.world.faults("index: swap alias")
        new = next(one for one in self.world.building if one.name == name)
        self.kept = [self.world.index]
        self.world.index, self.world.building = new, []
        self.world.faults("index: alias swapped")


def loaded() -> World:
    world = World()
    world.arrive("mall_a", 1, True, FIRST, False)
    world.arrive("mall_b", 1, True, FIRST[:1], False)
    world.settle()
    return world


@pytest.mark.parametrize("effects", range(16))
def test_a_reindex_that_dies_anywhere_is_run_again_and_loses_nothing(effects: int) -> None:
    world = loaded()
    indices = MemoryIndices(world)
    old = world.index
    done = world.reindex(indices, effects)
    world.arrive("mall_a", 2, False, (("U", "p1", 2), ("D", "p2", 0)), False)
    world.settle()
    world.check()
    if done is None:
        done = world.reindex(indices, None)
    assert done is not None
    assert world.index is not old
    assert len(indices.kept) == 1
    assert world.index not in indices.kept
    world.check()


def test_what_loads_while_an_index_is_built_goes_into_both() -> None:
    world = loaded()
    indices = MemoryIndices(world)
    old = world.index
    name = indices.begin(back=False)
    world.arrive("mall_a", 2, False, (("U", "p1", 2),), False)
    world.settle()
    wanted = {"p1": 2, "p2": 1, "p3": 1}
    assert values(old.documents("mall_a")) == wanted
    assert values(world.building[0].documents("mall_a")) == wanted
    assert world.building[0].name == name
    done = world.reindex(indices, None)
    assert done is not None
    assert done.products == 4
    world.check()


def test_the_way_back_is_brought_up_to_date_first() -> None:
    world = loaded()
    indices = MemoryIndices(world)
    old = world.index
    world.reindex(indices, None)
    world.arrive("mall_a", 2, True, (("U", "p9", 9),), False)
    world.settle()
    assert "p9" not in old.documents("mall_a")
    done = world.reindex(indices, None, back=True)
    assert done is not None
    assert world.index is old
    world.check()


def test_an_index_that_cannot_be_made_to_agree_is_not_swapped_in() -> None:
    world = loaded()
    indices = MemoryIndices(world)
    old = world.index
    name = indices.begin(back=False)
    building = world.building[0]
    assert isinstance(building, ForgetfulIndex)
    building.refuse_silently = {"p2"}
    with pytest.raises(
        IndexDiffers, match="differs from the table for mall_a, even after a repair: 1"
    ):
        world.reindex(indices, None)
    assert world.index is old
    building.refuse_silently = set()
    done = world.reindex(indices, None)
    assert done is not None
    assert done.new == name
    world.check()


def test_there_may_be_nothing_to_go_back_to() -> None:
    world = loaded()
    with pytest.raises(NothingToGoBackTo):
        world.reindex(MemoryIndices(world), None, back=True)


def test_a_mall_that_stays_busy_keeps_the_alias_where_it_is() -> None:
    world = loaded()
    indices = MemoryIndices(world)
    old = world.index
    world.arrive("mall_a", 2, True, FIRST[:2], False)
    world.dispatch()
    with pytest.raises(MallsStayBusy, match="mall_a"):
        world.reindex(indices, None)
    assert world.index is old
    world.settle()
    assert world.reindex(indices, None) is not None
    world.check()
