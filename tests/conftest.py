"""What all tests share."""

import os
from collections.abc import Set
from pathlib import Path

import pytest

from tests.local_parts import PARTS, aws, local_stack, opensearch, services, stack, warehouse

pytest.register_assert_rewrite("tests.contract.sink_suite", "tests.contract.growth_suite")

__all__ = ["aws", "local_stack", "opensearch", "services", "stack", "warehouse"]

os.environ.pop("COLUMNS", None)  # the width of whoever runs the tests, which a worker would pass on

TESTS = Path(__file__).parent
UNIT = TESTS / "unit"
STACK, SOME_PARTS = "stack", "parts"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is quick, and what runs in one worker; put in order.

    First of all such hooks: a worker's own reads the groups.
    """
    for item in items:
        if UNIT in item.path.parents and not _uses(item, {"spark"}):
            item.add_marker("quick")
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    _first_deployment_first(items)
    if "PYTEST_XDIST_WORKER" in os.environ:
        _longest_groups_first(items)


def _group(item: pytest.Item) -> str:
    """Tests of one group run in one worker, so that they share what is started once per process.

    All of the whole stack are one group, all of its parts another; the rest goes module by module.
    """
    if item.get_closest_marker("stack") or _uses(item, {"stack"}):
        return STACK
    return SOME_PARTS if _uses(item, PARTS) else str(item.path.relative_to(TESTS))


def _uses(item: pytest.Item, fixtures: Set[str]) -> bool:
    return not fixtures.isdisjoint(getattr(item, "fixturenames", ()))


def _first_deployment_first(items: list[pytest.Item]) -> None:
    """What deploys an earlier release to the session's stack runs before all that use the stack."""
    first = [item for item in items if item.get_closest_marker("first_deployment")]
    others = [item for item in items if not item.get_closest_marker("first_deployment")]
    on_stack = [item.get_closest_marker("stack") is not None for item in others]
    at = on_stack.index(True) if any(on_stack) else len(others)
    items[:] = [*others[:at], *first, *others[at:]]


def _longest_groups_first(items: list[pytest.Item]) -> None:
    """Workers take groups in order: a long one that comes last would keep all others waiting."""

    def place(item: pytest.Item) -> int:
        group = _group(item)
        if group in (STACK, SOME_PARTS):
            return (STACK, SOME_PARTS).index(group)
        return 2 if _uses(item, {"spark"}) else 3

    items.sort(key=place)
