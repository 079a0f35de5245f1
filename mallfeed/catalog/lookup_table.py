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
from itertools import islice

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
        """Key and value of each row that has a key, without white space around them; a value may be empty."""
        places = self.columns.index(key), self.columns.index(value)
        found = ((row[places[0]].strip(), row[places[1]].strip()) for row in self.rows)
        return [(one, other) for one, other in found if one]

    def repeated(self, key: str) -> tuple[str, ...]:
        """Keys that two rows have, each with the rows, the header being the first; MOST_FAULTS at most."""
        place = self.columns.index(key)
        rows: dict[str, list[int]] = {}
        for number, row in enumerate(self.rows, 2):
            if text := row[place].strip():
                rows.setdefault(text, []).append(number)
        twice = ((text, found) for text, found in rows.items() if len(found) > 1)
        return tuple(_told_of(text, found) for text, found in islice(twice, MOST_FAULTS))


class TableInvalid(CatalogInvalid):
    """A table with faults; `table` is what could be read of it, for what else is wrong: None = nothing."""

    def __init__(self, faults: list[str], table: LookupTable | None = None) -> None:
        super().__init__(faults[:MOST_FAULTS])
        self.table = table


def read_table(content: bytes, name: str) -> LookupTable:
    """The table in this file. Raises TableInvalid with `name:line:1: …` for each fault."""
    if len(content) > MOST_BYTES:
        raise TableInvalid([f"{name}:1:1: larger than {MOST_BYTES >> 20} MB; a table is small"])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TableInvalid([f"{name}:{line}:1: not UTF-8; save the table as UTF-8"]) from error
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[str, ...]] = []
    faults: list[str] = []
    try:
        header = tuple(cell.strip() for cell in next(lines, ()))
        faults += [f"{name}:1:1: {what}" for what in _of_header(header)]
        if faults and len(header) < 2:
            raise TableInvalid(faults)
        faults += _rows(lines, len(header), name, rows)
    except csv.Error as error:
        what = f"cannot be read as comma-separated text: {_plain(error)}"
        raise TableInvalid([*faults, f"{name}:{max(lines.line_num, 1)}:1: {what}"]) from error
    table = LookupTable(header, tuple(rows), hashlib.sha256(content).hexdigest())
    if faults:
        raise TableInvalid(faults, table)
    return table


def _plain(error: csv.Error) -> str:
    """What is wrong, in our words."""
    if "unexpected end of data" in str(error):
        return "a quote is opened and not closed"
    if "expected after" in str(error):
        return "text stands behind a closing quote"
    if "field larger" in str(error):
        return "a cell is too long, as where a quote is not closed"
    return "its quotes or line ends are not those of a table"


def _told_of(key: str, rows: Sequence[int]) -> str:
    first = ", ".join(f"{number:,}" for number in rows[:3])
    return f"{shown(key)} in its rows {' and '.join(first.rsplit(', ', 1))}{' and more' if len(rows) > 3 else ''}"


def _of_header(header: Sequence[str]) -> Iterator[str]:
    if not any(header):
        yield "the table is empty; expected a header that names its columns"
    elif len(header) == 1 and (separator := _separator(header[0])):
        yield (
            f"the header is one column, {shown(header[0])}: its cells are separated by {separator}; expected "
            "commas between them"
        )
    for column in dict.fromkeys(one for one in header if header.count(one) > 1):
        yield f"the header names {shown(column)} {header.count(column)} times"


def _separator(header: str) -> str:
    """Which usual separator other than the comma is in a header; empty where none is."""
    names = {";": "`;`", "\t": "tabs", "|": "`|`"}
    return next((name for character, name in names.items() if character in header), "")


def _rows(
    lines: Iterator[list[str]], width: int, name: str, rows: list[tuple[str, ...]]
) -> list[str]:
    """Fills the rows, each as wide as the header; what is wrong with them."""
    faults: list[str] = []
    begins = 2
    for row in lines:
        here, begins = begins, getattr(lines, "line_num", 0) + 1
        if row and len(row) != width and len(faults) < MOST_FAULTS:
            faults.append(f"{name}:{here}:1: {len(row)} columns; the header has {width}")
        if row:
            rows.append(tuple((row + [""] * width)[:width]))
        if len(rows) > MOST_ROWS:
            faults.append(
                f"{name}:{here}:1: more than {MOST_ROWS:,} rows; a table has that many at most"
            )
            break
    return faults
