"""What all tests share."""

import os
from collections.abc import Set
from pathlib import Path

import pytest
from hypothesis import settings

from tests.catalog_command import catalog_command
from tests.local_parts import PARTS, aws, local_stack, opensearch, services, stack, warehouse

pytest.register_assert_rewrite(
    "tests.contract.sink_suite", "tests.contract.growth_suite", "tests.local.stories"
)

__all__ = ["aws", "catalog_command", "local_stack", "opensearch", "services", "stack", "warehouse"]

os.environ["MALLFEED_KEEP_JAVA"] = "0"  # nothing stays behind
# The same examples in each run: what fails is then due to the change at hand. `make torture` draws new ones.
settings.register_profile("suite", derandomize=True)
if "MALLFEED_SCHEDULES" not in os.environ:
    settings.load_profile("suite")
os.environ.pop("COLUMNS", None)  # the width of whoever runs the tests, which a worker would pass on

TESTS = Path(__file__).parent
QUICK = {TESTS / "unit", TESTS / "mutants"}
RELEASES, STACK, SOME_PARTS, AUTHORING = "releases", "stack", "parts", "authoring"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is quick, and what runs in one worker; put in order.

    First of all such hooks: a worker's own reads the groups.
    """
    for item in items:
        if _is_unit(item) and not _starts_java(item) and not item.get_closest_marker("seconds"):
            item.add_marker("quick")
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    _first_deployment_first(items)
    if "PYTEST_XDIST_WORKER" in os.environ:
        _longest_groups_first(items)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named after their argument: those of an archive hold the time when they were packed, and
    workers must find the same tests."""
    return argname if isinstance(val, bytes) else None


def _group(item: pytest.Item) -> str:
    """Tests of one group run in one worker, so that they share what is started once per process.

    All of the whole stack are one group, those of earlier and later releases another, which begins with a
    stack to which nothing is deployed; all of the stack's parts are a third; commands that read a feed, which leave a Java for the next one, are a fourth.
    The rest goes module by module.
    """
    if RELEASES in item.path.relative_to(TESTS).parts:
        return RELEASES
    if item.get_closest_marker("stack") or (_uses(item, {"stack"}) and not _is_unit(item)):
        return STACK
    if _uses(item, {"catalog_command"}):
        return AUTHORING
    return SOME_PARTS if _uses(item, PARTS) else str(item.path.relative_to(TESTS))


def _is_unit(item: pytest.Item) -> bool:
    return not QUICK.isdisjoint(item.path.parents)


def _starts_java(item: pytest.Item) -> bool:
    """Whether it asks for a Java, or says that what it runs starts one."""
    asks = _uses(item, {"spark", "catalog_command"})
    return asks or any(mark.name == "spark" for mark in item.own_markers)


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
        if group in (RELEASES, STACK, SOME_PARTS):
            return (RELEASES, STACK, SOME_PARTS).index(group)
        return 3 if _uses(item, {"spark"}) else 4

    items.sort(key=place)
