"""Every fault of a catalog is told at once, in the exact words of the folder `faulty/`."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from mallfeed.catalog.read import read_catalog
from mallfeed.errors import CatalogInvalid
from tests.unit.catalog.faults import FOLDER, faults_of

FAULTY = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("path", FAULTY, ids=lambda path: path.stem)
def test_faults_are_told_in_these_words(path: Path) -> None:
    told = faults_of(path)
    assert told == path.with_suffix(".txt").read_text("utf-8")
    assert told, "a faulty catalog was taken"


@pytest.mark.parametrize("path", FAULTY, ids=lambda path: path.stem)
def test_each_fault_stands_where_the_file_has_text(path: Path) -> None:
    lines = path.read_text("utf-8").split("\n")
    for fault in faults_of(path).splitlines():
        _, line, column, _ = fault.split(":", 3)
        assert len(lines[int(line) - 1]) >= int(column) - 1


@pytest.mark.parametrize(
    "text",
    [
        "a0: &a0 [x, x]\n"
        + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)),
        "[" * 100_000,
        "{a: " * 50_000,
        "x" * 1_000_000,
        "name: \ud800\n",
        "? [a, b]\n: c\n",
        "a: 2026-13-45\n" * 20_000,
    ],
    ids=["aliases of aliases", "lists", "mappings", "long", "surrogate", "list as key", "repeated"],
)
def test_hostile_text_is_refused_soon(text: str) -> None:
    begun = time.process_time()
    with pytest.raises(CatalogInvalid) as refused:
        read_catalog(text, "v1.yaml")
    assert len(refused.value.faults) <= 101
    assert time.process_time() - begun < 20


def test_places_count_characters_not_bytes() -> None:
    text = "mall: shop\nname: {한글: 1, 글: 2}\n"
    with pytest.raises(CatalogInvalid, match=r"v1\.yaml:2:7: `name` is a mapping; expected text"):
        read_catalog(text, "v1.yaml")
