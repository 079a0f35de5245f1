"""Entry points are thin: a handler or job script imports the library, never another entry point."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from infra.paths import CHECKOUT

ENTRY_POINTS = sorted([*CHECKOUT.glob("lambdas/*/*.py"), *CHECKOUT.glob("glue_jobs/*.py")])
_NEVER = {"lambdas", "glue_jobs", "infra", "tests", "handler", "moto"}


def _imported(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." if node.level else (node.module or "").split(".")[0])
    return found


def test_there_are_entry_points() -> None:
    assert {file.parent.name for file in ENTRY_POINTS} >= {"feed_arrived", "glue_jobs"}


@pytest.mark.parametrize("file", ENTRY_POINTS, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_an_entry_point_imports_no_other_and_nothing_of_the_local_stack(file: Path) -> None:
    assert _imported(file) & {*_NEVER, "."} == set()
