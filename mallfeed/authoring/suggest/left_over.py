"""Columns that no field is read from: attributes, and those that are none either."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mallfeed.authoring.suggest.profile import Column
from mallfeed.authoring.suggest.sample import Sample

_NUMBERED = re.compile(r"(.+) \(\d+\)", re.DOTALL)
LONG = 1_500
"""Characters; longer cells do not go into attributes, which have 8 KB in all."""


def left_over(
    sample: Sample, used: Iterable[str]
) -> tuple[tuple[Column, ...], tuple[tuple[str, str], ...]]:
    """Columns for the attributes, and (column, why) of those that are none: of the sample, but for those that are used."""
    taken = {sample.owner(name) for name in used}
    twice = repeated(sample)
    kept: list[Column] = []
    left = [(name, "its value is an object in a few records only") for name in sample.odd]
    for column in sample.columns:
        if column.name in taken or column.element_of is not None:
            continue
        if column.name in twice:
            left.append(
                (column.name, "its name occurs twice in the header, so no catalog can name it")
            )
        elif not column.values:
            left.append((column.name, "blank in every row"))
        elif column.length > LONG:
            left.append(
                (
                    column.name,
                    f"{column.length:,.0f} characters on average, too long for an attribute",
                )
            )
        else:
            kept.append(column)
    return tuple(kept[:100]), (*left, *((c.name, "more than 100 attributes") for c in kept[100:]))


def repeated(sample: Sample) -> set[str]:
    """Names that occur twice in the header, also as they are numbered here: `price`, `price (4)`."""
    names = {column.name for column in sample.columns}
    numbered = {name: match[1] for name in names if (match := _NUMBERED.fullmatch(name))}
    return {one for name, bare in numbered.items() if bare in names for one in (name, bare)}
