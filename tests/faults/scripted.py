"""What the scripted faults begin with, and how each of them must end."""

from __future__ import annotations

from tests.faults.conftest import Scene
from tests.faults.proxy import faithful

SHOP, OTHER = "shop", "other"
FIRST = tuple(("U", f"p{n}", 100 + n) for n in range(8))
SECOND = tuple(("U", f"p{n}", 200 + n) for n in range(2, 10))
CHANGES = (("U", "p1", 7), ("D", "p3", 0), ("U", "new", 9))


def loaded_first(scene: Scene) -> None:
    """Both malls have their first full feed in both sinks."""
    scene.world.arrive(SHOP, 1, True, FIRST, False)
    scene.world.arrive(OTHER, 1, True, FIRST[:2], False)
    scene.world.settle()
    scene.world.check()


def ends_well(scene: Scene) -> None:
    """Once quiet, both sinks equal the oracle, and no feed of the mall is open."""
    scene.opensearch.plan = faithful
    scene.world.settle()
    scene.world.check()
    assert {one["state"] for one in scene.world.told(SHOP)} <= {
        "LOADED", "SUPERSEDED", "DROPPED", "IGNORED"
    }  # fmt: skip
