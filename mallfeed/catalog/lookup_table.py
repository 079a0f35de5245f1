"""A table that a catalog looks values up in: `<mall_id>/<table>.csv`, beside its versions. Pure.

UTF-8, comma-separated, a header, up to MOST_ROWS rows, each key once. A table is published with the first version
that names it, and never changes from then on, as the version does not: new content is another table.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mallfeed.errors import CatalogInvalid
from mallfeed.wording import shown

MOST_ROWS = 100_000
"""Every executor of a run holds the table."""
MOST_BYTES = 32 * 1024 * 1024
MOST_FAULTS = 20
"""Told of one table."""


@dataclass(frozen=True)
class LookupTable:
    """A table as published: its columns, its rows as texts, and the hash of its bytes."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    hash: str

    def pairs(self, key: str, value: str) -> list[tuple[str, str]]:
        """Key and value of each row that has both, without white space around them."""
        places = self.columns.index(key), self.columns.index(value)
        found = ((row[places[0]].strip(), row[places[1]].strip()) for row in self.rows)
        return [(one, other) for one, other in found if one and other]

    def repeated(self, key: str) -> str | None:
        """A key that two rows have, and which rows, the header being the first; None = there is none."""
        place, seen = self.columns.index(key), dict[str, int]()
        for number, row in enumerate(self.rows, 2):
            text = row[place].strip()
            if text and text in seen:
                return f"{shown(text)} in its rows {seen[text]:,} and {number:,}"
            seen[text] = number
        return None


def read_table(content: bytes, name: str) -> LookupTable:
    """The table in this file. Raises CatalogInvalid with `name:line:1: …` for each fault."""
    if len(content) > MOST_BYTES:
        raise CatalogInvalid([f"{name}:1:1: larger than {MOST_BYTES >> 20} MB; a table is small"])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CatalogInvalid([f"{name}:{line}:1: not UTF-8; save the table as UTF-8"]) from error
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = tuple(cell.strip() for cell in next(lines, ()))
        faults = [f"{name}:1:1: {what}" for what in _of_header(header)]
        rows, of_rows = _rows(lines, len(header), name)
    except csv.Error as error:
        what = f"cannot be read as comma-separated text ({error}); check its quotes"
        raise CatalogInvalid([f"{name}:{lines.line_num}:1: {what}"]) from error
    if faults := [*faults, *of_rows]:
        raise CatalogInvalid(faults[:MOST_FAULTS])
    return LookupTable(header, rows, hashlib.sha256(content).hexdigest())


def _of_header(header: Sequence[str]) -> Iterator[str]:
    if not any(header):
        yield "the table is empty; expected a header that names its columns"
    for column in dict.fromkeys(one for one in header if header.count(one) > 1):
        yield f"the header names {shown(column)} twice"


def _rows(
    lines: Iterator[list[str]], width: int, name: str
) -> tuple[tuple[tuple[str, ...], ...], list[str]]:
    rows: list[tuple[str, ...]] = []
    faults: list[str] = []
    begins = 2
    for row in lines:
        here, begins = begins, getattr(lines, "line_num", 0) + 1
        if row and len(row) != width and len(faults) < MOST_FAULTS:
            what = f"{len(row)} columns; the header has {width}"
            faults.append(f"{name}:{here}:1: {what}")
        elif row:
            rows.append(tuple(row))
        if len(rows) > MOST_ROWS:
            faults.append(
                f"{name}:{here}:1: more than {MOST_ROWS:,} rows; a table has that many at most"
            )
            break
    return tuple(rows), faults
