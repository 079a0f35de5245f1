"""A run also reports the feeds that are superseded by those that it has loaded."""

from __future__ import annotations

from tests.model.world import World
from tests.unit.ledger.records import delta, feed


def run(world: World) -> list[tuple[str, str, str | None]]:
    """What the next run reports: feed, state, code."""
    world.reported.clear()
    world.dispatch()
    world.run(None)
    return [(one.feed_id, str(one.state), one.code) for one in world.reported]


def test_a_run_reports_its_feeds_and_those_that_they_supersede() -> None:
    world = World()
    world.arrive("mall_a", 1, False, (("U", "p1", 1),), True)
    ((held, state, _),) = run(world)
    assert (held, state) == (delta(1).feed_id, "HELD")
    world.arrive("mall_a", 5, True, (("U", "p1", 2),), False)
    assert run(world) == [
        (feed(5).feed_id, "LOADED", None),
        (held, "SUPERSEDED", "newer_full_loaded"),
    ]
