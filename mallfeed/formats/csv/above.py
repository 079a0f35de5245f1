"""What stands above the records of a CSV file: Excel's `sep=` line, and lines of titles."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from mallfeed.formats.csv.format import CsvOptions
from mallfeed.formats.csv.text import CsvText

_DECLARES = re.compile(r"""\ufeff?"?sep=(\\t|[^\r\n"'])"?[,;\t]*\r?\n?""", re.IGNORECASE)
LOOKED_AT = 30
"""Lines among which the header is looked for where the first one does not name the columns."""


@dataclass(frozen=True)
class Above:
    """What was taken from above the header, or from above the first record where there is none.

    Attributes
    ----------
    lines : how many were taken
    separator : which character separates cells
    declared : the character that a `sep=` line names; None = there is no such line
    first : the file's first lines, from the first one on, for looking at; none of them is taken
    """

    lines: int
    separator: str
    declared: str | None
    first: Sequence[str]


def declared_separator(line: str) -> str | None:
    """The character that Excel's line `sep=;` names; None where it is no such line."""
    found = _DECLARES.fullmatch(line)
    if found is None:
        return None
    return "\t" if found[1] == r"\t" else found[1]


def take_above(lines: Iterator[str], options: CsvOptions) -> tuple[Above, Iterator[str]]:
    """What is above, and the lines from there on.

    A `sep=` line wins over the catalog, as a byte order mark does; but for one that is not true of the line below
    it, which the catalog's separator cuts.
    """
    first, lines = _peeked(lines)
    declared = declared_separator(first[0]) if first else None
    separator, taken = options.separator, 0
    if declared is not None:
        taken = 1
        below = first[1] if len(first) > 1 else ""
        if declared != options.quote and (declared in below or separator not in below):
            separator = declared
    wanted = options.header_row - 1 if options.header else options.skip_lines
    taken = max(taken, wanted)
    taken = sum(1 for _ in islice(lines, taken))
    return Above(taken, separator, declared, first), lines


def _peeked(lines: Iterator[str]) -> tuple[list[str], Iterator[str]]:
    """The first lines, and all lines."""
    if isinstance(lines, CsvText):
        return lines.peek(LOOKED_AT), lines
    first = list(islice(lines, LOOKED_AT))
    return first, chain(first, lines)


def rows_of(first: Sequence[str], dialect: dict[str, Any]) -> Iterator[tuple[int, list[str]]]:
    """Cells of the lines that are whole records by themselves, each with its number from 1."""
    for number, line in enumerate(first, 1):
        try:
            yield number, next(csv.reader([line], **dialect), [])
        except csv.Error:
            continue
