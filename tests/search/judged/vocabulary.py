"""The facts about the things for sale: vocabulary/*.yaml read into articles with their latent attributes."""

from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent / "vocabulary"
SHARED = {"brands", "malls", "words"}


@dataclass(frozen=True)
class Kind:
    """A type of article: its category, the nouns sellers use, and what it is an accessory of."""

    name: str
    group: str
    category: list[str]
    nouns: list[str]
    noun_p: float = 1
    accessory_of: str | None = None
    has: list[str] = field(default_factory=list)
    axes: dict[str, list[Any]] = field(default_factory=dict)
    per_amount: bool = False

    def variants(self) -> list[dict[str, Any]]:
        """Every combination of the axes, in their written order."""
        return [
            dict(zip(self.axes, values, strict=True)) for values in product(*self.axes.values())
        ]


@dataclass(frozen=True)
class Article:
    """One article as its maker knows it; malls list it in their own words."""

    number: int
    kind: Kind
    brand: str | None
    line: str | None
    model: str | None
    won: int
    truth: dict[str, Any]


@cache
def shared(name: str) -> dict[str, Any]:
    """One of the files every group uses: brands, malls or words."""
    return dict(yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8")))


@cache
def _groups() -> dict[str, dict[str, Any]]:
    files = sorted(path for path in HERE.glob("*.yaml") if path.stem not in SHARED)
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in files}


@cache
def lines() -> dict[str, list[str]]:
    """Product lines that are written in two scripts; any other line is its own only form."""
    found: dict[str, list[str]] = {}
    for group in _groups().values():
        found |= {
            str(key): [str(form) for form in forms] for key, forms in group.get("lines", {}).items()
        }
    return found


def brand_forms(brand: str) -> list[str]:
    """How sellers write the brand, the usual form first."""
    return [str(form) for form in shared("brands")[brand]]


def line_forms(line: str) -> list[str]:
    """How sellers write the product line."""
    return lines().get(line, [line])


def _kind(name: str, group: str, spec: dict[str, Any]) -> Kind:
    known = {key: value for key, value in spec.items() if key not in ("articles", "for")}
    return Kind(name=name, group=group, accessory_of=spec.get("for"), **known)


@cache
def kinds() -> dict[str, Kind]:
    """All types by name."""
    return {
        name: _kind(name, group, spec)
        for group, content in _groups().items()
        for name, spec in content["types"].items()
    }


@cache
def articles() -> list[Article]:
    """All articles, numbered in the order of files and lines."""
    found: list[Article] = []
    for group in _groups().values():
        for name, spec in group["types"].items():
            for brand, line, model, won, truth in spec["articles"]:
                told = [None if word is None else str(word) for word in (brand, line, model)]
                found.append(Article(len(found), kinds()[name], *told, won, truth))
    return found
