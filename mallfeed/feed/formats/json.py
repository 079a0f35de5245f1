"""JSON: one record a line, or one array (at the top or under a path) read as a stream by ijson."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain, islice
from typing import Any

import ijson

from mallfeed.catalog.model import JsonOptions
from mallfeed.errors import FeedHeld
from mallfeed.feed.formats.records import as_text, paths_of, steps, value_at
from mallfeed.feed.frame import ROWS_A_CHUNK, Chunk

LOOKED_AT = 1000
"""Records whose keys tell the columns: JSON has no header."""

Record = tuple[str, Any, str | None]
"""Row, the record (None = malformed), its text when malformed."""


def records(text: Iterator[str], lines: Iterator[str] | None, options: JsonOptions, name: str) -> Iterator[Record]:  # fmt: skip
    """The records one by one; raises FeedHeld where the array cannot be read."""
    if options.layout == "lines" and lines is not None:
        return _of_lines(lines)
    return _of_array(text, options.records_path, name)


def columns_and_chunks(
    found: Iterator[Record], wanted: tuple[str, ...] | None
) -> tuple[tuple[str, ...], tuple[str, ...], Iterator[Chunk]]:
    """The paths seen in the first records, the columns of the frame, and the chunks."""
    first = list(islice(found, LOOKED_AT))
    sample = [record for _, record, _ in first if record is not None]
    seen = paths_of(sample)
    if wanted is not None:
        named = [path for path in wanted if any(_has(record, path) for record in sample)]
        columns = tuple(wanted)
        seen = tuple(dict.fromkeys((*seen, *named)))
    else:
        columns = seen
    return seen, columns, _chunks(chain(first, found), columns)


def _has(record: Any, path: str) -> bool:
    return value_at(record, path, steps(path)) is not None


def _chunks(found: Iterator[Record], columns: tuple[str, ...]) -> Iterator[Chunk]:
    parsed = [(path, steps(path)) for path in columns]
    chunk = Chunk(columns)
    for row, record, text in found:
        if isinstance(record, dict):
            chunk.good(row, [as_text(value_at(record, path, way)) for path, way in parsed])
        else:
            detail = "not a JSON object" if record is not None else "not JSON"
            chunk.bad(row, "malformed_row", detail, text or as_text(record) or "")
        if len(chunk) >= ROWS_A_CHUNK:
            yield chunk
            chunk = Chunk(columns)
    yield chunk


def _of_lines(lines: Iterator[str]) -> Iterator[Record]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield str(number), json.loads(line, parse_float=Decimal), None
        except (ValueError, RecursionError):
            yield str(number), None, line


class _Utf8:
    """Decoded text as a UTF-8 stream, which is what ijson reads."""

    def __init__(self, text: Iterator[str]) -> None:
        self._text = text
        self._left = b""

    def read(self, size: int = -1) -> bytes:
        while not self._left:
            piece = next(self._text, None)
            if piece is None:
                return b""
            self._left = piece.encode()
        taken = self._left if size < 0 else self._left[:size]
        self._left = self._left[len(taken) :]
        return taken


def _of_array(text: Iterator[str], path: str | None, name: str) -> Iterator[Record]:
    prefix = f"{path}.item" if path else "item"
    number = 0
    try:
        for number, record in enumerate(ijson.items(_Utf8(text), prefix), 1):
            yield str(number), record, None
    except (ijson.JSONError, RecursionError) as error:
        raise FeedHeld(
            "not_the_format",
            f"{name}: the JSON breaks after record {number:,} ({error}). Nothing was loaded; "
            "send a whole, valid document.",
        ) from error
    if number == 0:
        raise FeedHeld(
            "records_path_missing",
            f"{name}: no record under `{path or 'the top-level array'}`. Is it the right file, and "
            "the right `records_path`?",
        )
