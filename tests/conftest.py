"""What all tests share."""

from pathlib import Path

import pytest

from tests.local_parts import aws, local_stack, opensearch, services, stack, warehouse

pytest.register_assert_rewrite("tests.contract.sink_suite", "tests.contract.growth_suite")

__all__ = ["aws", "local_stack", "opensearch", "services", "stack", "warehouse"]

UNIT = Path(__file__).parent / "unit"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`quick` is what `make check` runs: unit tests that need no Spark."""
    for item in items:
        if UNIT in item.path.parents and "spark" not in getattr(item, "fixturenames", ()):
            item.add_marker("quick")
    _first_deployment_first(items)


def _first_deployment_first(items: list[pytest.Item]) -> None:
    """What deploys an earlier release to the session's stack runs before all that use the stack."""
    first = [item for item in items if item.get_closest_marker("first_deployment")]
    others = [item for item in items if not item.get_closest_marker("first_deployment")]
    on_stack = [item.get_closest_marker("stack") is not None for item in others]
    at = on_stack.index(True) if any(on_stack) else len(others)
    items[:] = [*others[:at], *first, *others[at:]]
