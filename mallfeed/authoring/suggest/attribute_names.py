"""What a draft calls the attributes: as their columns are called, without what a name cannot show."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mallfeed.visible import visible_line

_COLOURS = re.compile("\x1b\\[[0-9;?]*[ -/]*[@-~]|\x1b\\][^\x07\x1b]*(?:\x07|\x1b\\\\)?")
"""Terminal sequences (ECMA-48, CSI and OSC): without them a word in colour is the word."""
LONGEST = 80
"""Characters; a longer name is cut."""


def attribute_names(columns: Iterable[str]) -> dict[str, str]:
    """Column → its attribute's name, each once: `g:color` is `color`, unless another column is called that."""
    columns = list(columns)
    found: dict[str, str] = {}
    used: set[str] = set()
    for column in sorted(columns, key=lambda one: _plain(one) != one):  # their own names first
        plain = _plain(column)
        tries = (plain, _shown(column), *(f"{plain} {n}" for n in range(2, len(columns) + 2)))
        found[column] = next(one for one in tries if one not in used)
        used.add(found[column])
    return found


def _plain(column: str) -> str:
    return _shown(column.removeprefix("g:").removeprefix("c:"))


def _shown(column: str) -> str:
    """In one line and harmless; a name of which nothing can be seen as its escapes."""
    bare = _COLOURS.sub("", column)
    seen = "".join(char for char in bare if char in "\t\n" or visible_line(char) == char)
    text = " ".join(seen.split()) or visible_line(column)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
