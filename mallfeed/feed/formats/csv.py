"""CSV and TSV, by the standard library's csv: a record's row is the line on which it starts."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import Any

from mallfeed.catalog.model import CsvOptions
from mallfeed.errors import FeedHeld
from mallfeed.feed.frame import ROWS_A_CHUNK, Chunk

MAX_CELL = 1024 * 1024
csv.field_size_limit(256 * 1024 * 1024)


class _Lines:
    """Counts lines and keeps those of the record being read, for its reject."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.count = 0
        self.record: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.count += 1
        self.record.append(line)
        return line


def read(
    lines: Iterator[str], options: CsvOptions, columns: Sequence[str] | None, name: str
) -> tuple[tuple[str, ...], Iterator[Chunk]]:
    """The columns found, and the records in chunks.

    `columns` are those of the first part of the feed: further parts must name the same.
    """
    source = _Lines(lines)
    reader = csv.reader(source, **_dialect(options))
    header = _header(reader, source, name) if options.header else tuple(options.columns)
    if columns is not None and options.header and tuple(header) != tuple(columns):
        raise FeedHeld(
            "drift",
            f"{name} has other columns than the first part of the feed: {', '.join(header)}",
        )
    return header, _chunks(reader, source, header)


def _dialect(options: CsvOptions) -> dict[str, Any]:
    return {
        "delimiter": options.separator,
        "quotechar": options.quote,
        "quoting": csv.QUOTE_MINIMAL if options.quote else csv.QUOTE_NONE,
        "escapechar": options.escape,
        "doublequote": options.escape is None,
        "strict": False,
    }


def _header(reader: Any, source: _Lines, name: str) -> tuple[str, ...]:
    for record in reader:
        source.record.clear()
        if record:
            header = tuple(cell.strip() for cell in record)
            twice = sorted({cell for cell in header if header.count(cell) > 1})
            if twice:
                raise FeedHeld(
                    "header_duplicate", f"{name}: columns named twice: {', '.join(twice)}"
                )
            return header
    raise FeedHeld("header_missing", f"{name} has no header; the first line names the columns.")


def _chunks(reader: Any, source: _Lines, header: Sequence[str]) -> Iterator[Chunk]:
    width = len(header)
    chunk = Chunk(header)
    while True:
        before = source.count
        try:
            record = next(reader, None)
        except csv.Error as error:
            chunk.bad(str(before + 1), "malformed_row", str(error), "".join(source.record))
            source.record.clear()
            continue
        if record is None:
            break
        row = str(before + 1)
        if len(record) == width and all(len(cell) <= MAX_CELL for cell in record):
            chunk.good(row, record)
        elif record:
            code, detail = _fault(record, width)
            chunk.bad(row, code, detail, "".join(source.record))
        source.record.clear()
        if len(chunk) >= ROWS_A_CHUNK:
            yield chunk
            chunk = Chunk(header)
    yield chunk


def _fault(record: Sequence[str], width: int) -> tuple[str, str]:
    if len(record) != width:
        return "malformed_row", f"{len(record)} columns, expected {width}"
    return "cell_too_large", f"a cell of more than {MAX_CELL:,} characters"
