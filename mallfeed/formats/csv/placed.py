"""Where the records of a CSV file that is looked at begin and end, and whether rows end with a separator."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mallfeed.formats.looking import Names, last_header
from mallfeed.reading.footer import begins_with_total

_FIRST = 10
"""Records among which the header is looked for."""
_LAST = 20
"""Lines that may be a footer."""
Numbered = tuple[int, list[str]]
"""A record, and the line on which it starts, from 1."""


@dataclass(frozen=True)
class Placed:
    """The records from the header on.

    Attributes
    ----------
    line : on which the first of them starts
    records : those of the usual width, a blank cell at the end taken off where rows end with a separator
    trailing : rows end with a separator that the header does not have
    """

    line: int
    records: tuple[tuple[str, ...], ...]
    trailing: bool


def placed(records: Sequence[Numbered], names: Names) -> Placed:
    """Where the header is among the first records; the first record of the usual width, if no other names more."""
    width = usual_width([record for _, record in records])
    trailing = _ends_with_separator(records, width, names)
    if trailing:
        width -= 1
        records = [(line, _without_end(record, width)) for line, record in records]
    fitting = [one for one in records if len(one[1]) == width]
    first = [record for _, record in fitting[:_FIRST]]
    start = last_header(first, _header_among(first, names), names)
    if not fitting:
        return Placed(1, (), trailing)
    return Placed(fitting[start][0], tuple(tuple(r) for _, r in fitting[start:]), trailing)


def usual_width(records: Sequence[Sequence[str]]) -> int:
    """How many cells most records have."""
    return Counter(map(len, records)).most_common(1)[0][0] if records else 0


def _header_among(records: Sequence[Sequence[str]], names: Names) -> int:
    """Titles and notes above a header are no names: the first record that is made of names, where the very first has
    none, or is a comment, or one below it has more than twice as many."""
    known = [sum(names.is_known(cell) for cell in record) for record in records]
    filled = [sum(bool(cell.strip()) for cell in record) for record in records]
    if not known:
        return 0
    of_first = 0 if _is_comment(records[0]) else known[0]
    named = [
        i
        for i, count in enumerate(known)
        if i and count >= max(2, 2 * of_first + 1) and 2 * count >= filled[i]
    ]
    return named[0] if named else 0


def _is_comment(record: Sequence[str]) -> bool:
    """Whether all that it says begins with `#`: what a template says of its columns (Meta's catalogs)."""
    cells = [cell.strip() for cell in record if cell.strip()]
    return bool(cells) and cells[0][0] == "#" and 2 * sum(c[0] == "#" for c in cells) > len(cells)


def _ends_with_separator(records: Sequence[Numbered], width: int, names: Names) -> bool:
    """Whether most records have one blank cell more than the one that names the columns."""
    body = [record for _, record in records if len(record) == width]
    if width < 3 or not all(not record[-1].strip() for record in body):
        return False
    shorter = [record for _, record in records[:_FIRST] if len(record) == width - 1]
    return any(
        sum(map(names.is_known, record)) >= 2 or names.are_first([record, *body])[0]
        for record in shorter
    )


def _without_end(record: list[str], width: int) -> list[str]:
    return record[:width] if len(record) == width + 1 and not record[width].strip() else record


def footer_rows(text: str, found: Placed, separator: str, quote: str | None) -> int:
    """Lines at the end of a whole text that are no products, as far as a line says that alone."""
    width = len(found.records[0]) if found.records else 0
    count = 0
    for line in reversed(text.splitlines()[found.line :][-_LAST:]):
        if not line.strip(separator + " \t"):
            continue
        if quote and quote in line:
            break
        cells = _without_end(
            next(csv.reader([line], delimiter=separator, quoting=csv.QUOTE_NONE)), width
        )
        if len(cells) == width and not begins_with_total(cells):
            break
        count += 1
    return 0 if count >= _LAST else count
