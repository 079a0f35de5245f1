"""The list of formats: each has its contract, and what it names lies in its own folder."""

from __future__ import annotations

import ast
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import mallfeed
from mallfeed.formats.csv.format import CSV
from mallfeed.formats.format import Format
from mallfeed.formats.plugins import plugged_in
from mallfeed.formats.registry import BUILT_IN

PACKAGE = Path(mallfeed.__file__).parent
NAMES = {row.name for row in BUILT_IN}
OTHERS = {
    "cli/runs.py": {"json"},  # pydantic's way to dump a model
    "cli/watch.py": {"json"},
    "progress/stage_names.py": {"parquet"},  # a method of Spark's reader, in its events
    "search/cursor.py": {"json"},
    "simulate/profile.py": {"csv"},  # what a simulated feed is unless told otherwise
}
"""Modules that name something else, or one format as the default."""


@pytest.mark.parametrize("row", BUILT_IN, ids=lambda row: row.name)
def test_each_format_has_a_contract_of_its_own_and_lies_in_one_folder(row: Format) -> None:
    contract = Path(__file__).parent / f"test_{row.name}.py"
    assert "FormatContract" in contract.read_text("utf-8")
    named = [row.reader, *([row.look.function] if row.look else [])]
    assert all(one.startswith(f"mallfeed.formats.{row.name}.") for one in named)


def _words(path: Path) -> set[str]:
    """Texts in a file of code, but for docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_nothing_but_its_folder_names_a_format() -> None:
    naming = {
        path.relative_to(PACKAGE).as_posix(): found
        for path in PACKAGE.rglob("*.py")
        if path.parent.parent.name != "formats" and (found := _words(path) & NAMES)
    }
    assert naming == OTHERS


def _point(name: str, value: str) -> EntryPoint:
    return EntryPoint(name, value, "mallfeed.formats")


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("csv", "mallfeed.formats.csv.format:CSV", "there is a format of this name already"),
        ("other", "mallfeed.formats.csv.format:CSV", "calls itself `csv`"),
        ("other", "no_such_package:FORMAT", "No module named 'no_such_package'"),
        ("other", "mallfeed.formats.csv.format:CsvOptions", "is no mallfeed.formats.format.Format"),
        ("An-Other", "mallfeed.formats.csv.format:CSV", "a format's name is of a-z, 0-9 and _"),
    ],
)
def test_a_plug_in_that_cannot_be_used_is_left_out_and_says_why(
    name: str, value: str, why: str
) -> None:
    found, broken = plugged_in([CSV], [_point(name, value)])
    assert found == ()
    assert why in broken[name]
    assert "the plug-in of a distribution cannot be used" in broken[name]
