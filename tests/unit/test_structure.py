"""No circles: neither files nor rooms import each other in a loop, the local stack included.

That imports run down is the contract `floors` of .importlinter; rooms of one floor may import each
other in one direction, which that contract leaves open.
"""

from __future__ import annotations

from collections import defaultdict
from graphlib import TopologicalSorter

import grimp
import pytest

Arrows = dict[str, set[str]]


@pytest.fixture(scope="module")
def arrows() -> Arrows:
    graph = grimp.build_graph("mallfeed", "infra", cache_dir=None)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def _in_order(arrows: Arrows) -> list[str]:
    """Raises CycleError, which names the circle."""
    return list(TopologicalSorter(arrows).static_order())


def test_no_files_import_each_other_in_a_circle(arrows: Arrows) -> None:
    assert {"mallfeed.cli.main", "infra.local.stack"} <= set(_in_order(arrows))


def test_no_rooms_of_the_library_import_each_other_in_a_circle(arrows: Arrows) -> None:
    rooms: Arrows = defaultdict(set)
    for module, imported in arrows.items():
        if module.startswith("mallfeed."):
            inside = {_room(one) for one in imported if one.startswith("mallfeed.")}
            rooms[_room(module)] |= inside - {_room(module)}
    assert {"mallfeed.cli", "mallfeed.product"} <= set(_in_order(rooms))


def _room(module: str) -> str:
    return ".".join(module.split(".")[:2])
