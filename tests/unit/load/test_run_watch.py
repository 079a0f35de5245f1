"""What run_plan reports about its progress, and what is kept of it in a loaded feed's record."""

from __future__ import annotations

from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.neighbours import Neighbours
from mallfeed.progress.watch import RunWatch
from mallfeed.table.port import Staged
from tests.model.engine import MemoryEngine
from tests.model.world import World
from tests.unit.ledger.records import feed


class SteppingEngine(MemoryEngine):
    """Stages in the steps that the job's engine has."""

    watch: RunWatch

    def stage(self, feed: FeedRecord, neighbours: Neighbours) -> Staged:
        """See the port."""
        with self.watch.step("prepare", [feed.feed_id]):
            self.watch.read(feed.feed_id, 1, feed.size_bytes)
        with self.watch.step("compare", [feed.feed_id]):
            return super().stage(feed, neighbours)


class Seconds:
    """A clock that is one second later each time it is read."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


def world_with(watch: RunWatch) -> World:
    world = World()
    engine = type("Engine", (SteppingEngine,), {"watch": watch})
    world.engine = engine
    world.watch = watch
    return world


def test_a_loaded_feed_keeps_its_seconds_by_step_and_its_malls_paces() -> None:
    watch = RunWatch("jr", Seconds())
    world = world_with(watch)
    for place, price in ((1, 1), (2, 2)):
        world.arrive("mall_a", place, True, (("U", "p1", price), ("U", "p2", 1)), False)
        world.settle()
    second = world.ledger.feed(feed(2, "mall_a").feed_id)
    assert second is not None
    assert set(second.steps) == {
        "prepare", "compare", "rejects", "commit", "memory-index", "memory-warehouse",
    }  # fmt: skip
    assert [(one.format, one.mode) for one in second.paces] == [("csv", "full")] * 2
    assert all(one.seconds >= 6 for one in second.paces)


def test_the_counts_that_are_seen_are_those_of_the_ledger() -> None:
    watch = RunWatch("jr", Seconds())
    world = world_with(watch)
    for place, price in ((1, 1), (2, 2)):
        world.arrive("mall_a", place, True, (("U", "p1", price), ("U", "p2", 1)), False)
        world.settle()
    told = watch.feeds()[-1]
    assert told.feed_id == feed(2, "mall_a").feed_id
    assert (told.rows_read, told.to_commit, told.committed) == (2, 1, 1)
    assert {name: sink.of for name, sink in told.sinks.items()} == {
        "memory-index": 1, "memory-warehouse": 1,
    }  # fmt: skip
    assert told.steps == ()


def test_a_feed_whose_reading_was_another_runs_has_no_pace_of_this_one() -> None:
    watch = RunWatch("jr", Seconds())
    world = world_with(watch)
    world.arrive("mall_a", 1, True, (("U", "p1", 1),), False)
    world.faults.down.add("warehouse")
    world.dispatch()
    world.run(None)
    world.watch = RunWatch("jr", Seconds())
    world.settle()
    record = world.ledger.feed(feed(1, "mall_a").feed_id)
    assert record is not None
    assert (record.state, record.paces) == ("LOADED", ())
    assert "memory-warehouse" in record.steps
    assert "prepare" not in record.steps
