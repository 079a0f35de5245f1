"""The hand-made faults of mutants.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

LIST = Path(__file__).with_name("mutants.yaml")


@dataclass(frozen=True)
class Mutant:
    """One fault.

    Attributes
    ----------
    name : what goes wrong
    group : which tests look for it
    file : a file of the checkout, in which `find` occurs exactly once
    find, replace : the change
    """

    name: str
    group: str
    file: str
    find: str
    replace: str


@cache
def _list() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return loaded


def mutants() -> list[Mutant]:
    """All faults, in the file's order."""
    return [Mutant(**one) for one in _list()["mutants"]]


def groups() -> dict[str, list[str]]:
    """Group → its tests, as arguments of pytest."""
    return {name: tests.split() for name, tests in _list()["groups"].items()}


def applied(mutant: Mutant, source: str) -> str:
    """The source with the fault; raises ValueError unless it fits in exactly one place."""
    places = source.count(mutant.find)
    if places != 1:
        raise ValueError(
            f"{mutant.name}: {mutant.find!r} stands {places} times in {mutant.file}; once is "
            "expected: the code has moved on, write the fault anew"
        )
    return source.replace(mutant.find, mutant.replace)
