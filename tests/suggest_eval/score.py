"""How many fields of drafts are right, and how right the drafts believe them to be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from mallfeed.authoring.suggest.suggested_field import FoundField
from mallfeed.product.fields import MAPPED
from tests.suggest_eval.layouts import Layout

_WITHIN = ("image_url", "extra_image_urls", "category_path", "tags", "description")
"""Fields that may be taken from within a list: `images[0].src` is as right as `images`."""


@dataclass(frozen=True)
class Judged:
    """One field of one feed.

    Attributes
    ----------
    feed, field : which one
    verdict : right, wrong (another column), missing, or invented (the feed has no such field)
    sources, wanted : the columns that the draft names, and the alternatives that would be right
    stated : the draft's confidence, None where it is missing
    """

    feed: str
    field: str
    verdict: str
    sources: tuple[str, ...]
    wanted: tuple[tuple[str, ...], ...]
    stated: float | None

    @property
    def required(self) -> bool:
        return MAPPED[self.field].required


def judged(layout: Layout, fields: Iterable[FoundField]) -> Iterator[Judged]:
    """Every field that the feed has or the draft says."""
    wanted, needed = _wanted(layout)
    drafted = {one.name: one for one in fields}
    blank = {column.name for column in layout.columns if column.kind == "blank"}
    for field in MAPPED:
        one, right = drafted.get(field), wanted.get(field, ())
        if one is None:
            if field in needed:
                yield Judged(layout.name, field, "missing", (), right, None)
            continue
        if not right and set(one.sources) <= blank:
            continue  # by its name alone, which does no harm
        fits = any(_same(field, one.sources, columns) for columns in right)
        verdict = "right" if fits else "wrong" if right else "invented"
        yield Judged(layout.name, field, verdict, one.sources, right, one.confidence)


def _wanted(layout: Layout) -> tuple[dict[str, tuple[tuple[str, ...], ...]], set[str]]:
    """Field → alternatives that are right; and the fields that a draft must have."""
    marks = [(*_mark(mark), column) for column in layout.columns for mark in column.fields]
    wanted: dict[str, tuple[tuple[str, ...], ...]] = {}
    for field, group in groupby(sorted(marks, key=lambda one: one[0]), key=lambda one: one[0]):
        several = list(group)
        together = [c for _, place, _, c in sorted(several, key=lambda one: one[1]) if place]
        names = tuple(column.name for column in together)
        filled = tuple(column.name for column in together if column.kind != "blank")
        # A sale price that every row has is today's price, with or without the other behind it.
        alone = names[:1] if field == "price" and together and together[0].kind == "price" else ()
        single = [(column.name,) for _, place, _, column in several if not place]
        if field == "extra_image_urls":
            single = [tuple(name for (name,) in single)]
        wanted[field] = tuple(dict.fromkeys(one for one in (names, filled, alone, *single) if one))
    return wanted, {field for field, _, optional, _ in marks if not optional}


def _mark(mark: str) -> tuple[str, int, bool]:
    """`price/2` → price, 2, needed; `condition?` → condition, 0, optional."""
    field, _, place = mark.rstrip("?").partition("/")
    return field, int(place or 0), mark.endswith("?")


def _same(field: str, sources: Sequence[str], columns: Sequence[str]) -> bool:
    if tuple(sources) == tuple(columns):
        return True
    bare = [re.split(r"\[\d", one)[0] if one not in columns else one for one in sources]
    if field == "extra_image_urls":
        return set(bare) <= set(columns)
    return field in _WITHIN and set(bare) == set(columns)


@dataclass(frozen=True)
class Share:
    """How many of how many."""

    right: int
    total: int

    def __str__(self) -> str:
        return f"{self.right}/{self.total} = {self.right / self.total:.3f}" if self.total else "–"


def share(fields: Iterable[Judged]) -> Share:
    """The right ones among all: wrong, missing and invented ones count against it."""
    several = list(fields)
    return Share(sum(one.verdict == "right" for one in several), len(several))


BANDS = (0.0, 0.5, 0.6, 0.7, 0.85, 0.95, 1.01)
"""Bounds of the bands of confidence; medium begins at 0.6, high at 0.85."""


@dataclass(frozen=True)
class Band:
    """Drafted fields of about one confidence: the mean of what was stated, and what was true."""

    low: float
    high: float
    stated: float
    true: Share


def bands(fields: Iterable[Judged]) -> list[Band]:
    """Stated against true confidence."""
    drafted = [one for one in fields if one.stated is not None]
    found = []
    for low, high in pairwise(BANDS):
        mine = [one for one in drafted if low <= (one.stated or 0) < high]
        if mine:
            stated = sum(one.stated or 0 for one in mine) / len(mine)
            found.append(Band(low, min(high, 1.0), stated, share(mine)))
    return found


def wrongly_sure(fields: Iterable[Judged]) -> list[Judged]:
    """Required fields that are wrong though the draft says high."""
    return [
        one
        for one in fields
        if one.required and one.verdict != "right" and (one.stated or 0) >= 0.85
    ]
