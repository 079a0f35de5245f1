"""What a run knows of the full feed that the shop shows when it guards the next one."""

from __future__ import annotations

from collections.abc import Sequence

from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import State
from mallfeed.table.counts import Counts
from mallfeed.table.port import Staged
from tests.model.engine import MemoryEngine
from tests.model.world import World
from tests.unit.ledger.records import feed

ROWS = (("U", "p1", 1), ("U", "p2", 2))


def noting() -> tuple[World, list[list[int]]]:
    """A world, and the rows of what was published when each of its feeds was guarded."""
    guarded: list[list[int]] = []

    class Noting(MemoryEngine):
        """Notes the rows of what is published."""

        def vouch(self, staged: Staged, feed: FeedRecord, usual: Sequence[Counts]) -> None:
            """See the port."""
            guarded.append([one.rows_read for one in usual])

    world = World()
    world.engine = Noting
    return world, guarded


def test_a_feed_is_guarded_with_the_counts_of_the_full_feed_before_it() -> None:
    world, guarded = noting()
    for number, full, rows in ((1, True, ROWS), (2, False, ROWS[:1]), (3, True, ROWS[:1])):
        world.arrive("mall_a", number, full, rows, False)
        world.dispatch()
        world.run(None)
    assert guarded == [[], [2], [2]]


def test_it_is_guarded_with_those_of_the_last_five() -> None:
    world, guarded = noting()
    for number in range(1, 9):
        rows = tuple(("U", f"p{n}", number) for n in range(number))
        world.arrive("mall_a", number, True, rows, False)
        world.dispatch()
        world.run(None)
    assert guarded[-1] == [7, 6, 5, 4, 3]


def test_a_rollback_hands_on_what_is_usual() -> None:
    world, guarded = noting()
    for number, rows in ((1, ROWS), (2, ROWS[:1])):
        world.arrive("mall_a", number, True, rows, False)
        world.dispatch()
        world.run(None)
    world.rollback(feed(1, "mall_a").feed_id)
    world.dispatch()
    world.run(None)
    world.arrive("mall_a", 2000, True, ROWS, False)
    world.dispatch()
    world.run(None)
    assert guarded[-1] == [1, 2]


def test_a_feed_of_an_earlier_release_stands_for_those_that_it_knows_nothing_of() -> None:
    world, guarded = noting()
    world.arrive("mall_a", 1, True, ROWS, False)
    world.dispatch()
    world.run(None)
    first = world.ledger.feed(feed(1, "mall_a").feed_id)
    assert first is not None
    world.ledger.update(first, first.model_copy(update={"recent": ()}))
    world.arrive("mall_a", 2, True, ROWS[:1], False)
    world.dispatch()
    world.run(None)
    assert guarded == [[], [2]]


def test_a_file_that_was_not_loaded_again_tells_of_the_one_that_was() -> None:
    world, guarded = noting()
    world.arrive("mall_a", 1, True, ROWS, False)
    world.dispatch()
    world.run(None)
    world.arrive("mall_a", 2, True, ROWS, False)
    second = world.ledger.feed(feed(2, "mall_a").feed_id)
    assert second is not None
    ended = second.model_copy(
        update={"state": State.IGNORED, "code": "unchanged_bytes", "finished_at": world.now()}
    )
    world.ledger.update(second, ended)
    world.arrive("mall_a", 3, True, ROWS[:1], False)
    world.dispatch()
    world.run(None)
    assert guarded == [[], [2]]
