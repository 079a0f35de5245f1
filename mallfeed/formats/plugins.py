"""Formats of other distributions, by their entry points of the group `mallfeed.formats`.

An entry point's name is the format's, its object a `Format`. What cannot be used stops nobody else's
feeds: it is told where a catalog names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points

from mallfeed.formats.format import Format

GROUP = "mallfeed.formats"
NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")


def plugged_in(
    own: Iterable[Format], points: Iterable[EntryPoint] | None = None
) -> tuple[tuple[Format, ...], dict[str, str]]:
    """The formats found, by name, and why others cannot be used: name → reason."""
    taken = {row.name for row in own}
    found: dict[str, Format] = {}
    broken: dict[str, str] = {}
    for point in sorted(entry_points(group=GROUP) if points is None else points):
        try:
            row = _loaded(point, taken | found.keys())
        except Exception as error:
            broken[point.name] = f"{_told(point)}: {error}"
        else:
            found[row.name] = row
    return tuple(found.values()), broken


def _loaded(point: EntryPoint, taken: Iterable[str]) -> Format:
    if point.name in taken:
        raise ValueError("there is a format of this name already")
    if not NAME.fullmatch(point.name):
        raise ValueError("a format's name is of a-z, 0-9 and _, and begins with a letter")
    row = point.load()
    if not isinstance(row, Format):
        raise TypeError(f"{point.value} is no mallfeed.formats.format.Format")
    if row.name != point.name:
        raise ValueError(f"{point.value} calls itself `{row.name}`")
    return row


def _told(point: EntryPoint) -> str:
    named = f"{point.dist.name} {point.dist.version}" if point.dist else "a distribution"
    return f"the plug-in of {named} cannot be used"
