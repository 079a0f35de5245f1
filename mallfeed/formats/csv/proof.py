"""What proves that a block of CSV is read alike by Python's strict csv and by Arrow.

Quotes, counted from the block's beginning: one with an even index must open a cell or double the one
before it, one with an odd index must end a cell or be doubled by the next. Then the two agree on
every cell, and a line feed ends a record exactly when an even number of quotes is before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from mallfeed.formats.csv import records as csv_records
from mallfeed.formats.csv.format import CsvOptions
from mallfeed.reading import chunk, lines

_LF, _CR = 10, 13
_MARK = b"\xef\xbb\xbf"
Places = np.ndarray[Any, np.dtype[np.int64]]
Bytes = np.ndarray[Any, np.dtype[np.uint8]]


@dataclass(frozen=True)
class Rules:
    """The catalog's options as bytes."""

    separator: int
    quote: int | None
    escape: bytes | None

    @staticmethod
    def of(options: CsvOptions) -> Rules | None:
        """The rules, or None where Arrow does not know such options."""
        marks = [options.separator, *([] if options.quote is None else [options.quote])]
        if any(len(mark) != 1 or not mark.isascii() or mark in "\0\r\n" for mark in marks):
            return None
        if len(set(marks)) < len(marks) or options.escape == "":
            return None
        return Rules(
            ord(options.separator),
            None if options.quote is None else ord(options.quote),
            options.escape.encode() if options.escape else None,
        )


@dataclass(frozen=True)
class Proof:
    """Of the block's `size` bytes: the line, from 0, of each record that is not blank."""

    size: int
    rows: Places
    lines: int


def proof_of(data: bytes, place: int, size: int, rules: Rules, ends: bool) -> Proof | None:
    """The longest block of whole records in so many bytes from a place on, where a record begins.

    `ends`: the text ends behind these bytes. None where nothing is proven.
    """
    seen = np.frombuffer(data, np.uint8, size, place)
    feeds = np.flatnonzero(seen == _LF)
    quotes = np.flatnonzero(seen == rules.quote) if rules.quote is not None else feeds[:0]
    record_ends = feeds[_is_outside(feeds, quotes)] if quotes.size else feeds
    if ends and quotes.size % 2 == 0 and seen[-1] != _LF:
        record_ends = np.append(record_ends, size)
    if not record_ends.size:
        return None
    size = min(int(record_ends[-1]) + 1, size)
    block, quotes, feeds = seen[:size], quotes[quotes < size], feeds[feeds < size]
    if _has_strange(data, place, place + size, rules) or not _are_paired(block, quotes, rules):
        return None
    if data.find(b"\r", place, place + size) >= 0 and not _ends_lines_only(block, quotes):
        return None
    return _records(block, feeds, record_ends)


def _is_outside(places: Places, quotes: Places) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which of the places have an even number of quotes before them."""
    odd: Places = np.searchsorted(quotes, places) & 1
    return np.equal(odd, 0)


def _has_strange(data: bytes, start: int, end: int, rules: Rules) -> bool:
    """Whether there is what only one of the two readers knows."""
    return (
        data.startswith(_MARK, start)
        or data.find(b"\0", start, end) >= 0
        or (rules.escape is not None and data.find(rules.escape, start, end) >= 0)
    )


def _are_paired(block: Bytes, quotes: Places, rules: Rules) -> bool:
    if not quotes.size:
        return True
    opening, closing = quotes[0::2], quotes[1::2]
    doubled = closing[:-1] + 1 == opening[1:]
    before = block[np.maximum(opening, 1) - 1]
    opens = (before == rules.separator) | (before == _LF)
    opens[1:] |= doubled
    opens[0] |= opening[0] == 0
    after = block[np.minimum(closing + 1, block.size - 1)]
    closes = (after == rules.separator) | (after == _LF) | (after == _CR)
    closes[:-1] |= doubled
    closes[-1] |= closing[-1] == block.size - 1
    return bool(opens.all() and closes.all())


def _ends_lines_only(block: Bytes, quotes: Places) -> bool:
    """Whether each carriage return outside quotes has its line feed."""
    returns = np.flatnonzero(block == _CR)
    alone = returns[block[np.minimum(returns + 1, block.size - 1)] != _LF]
    return not _is_outside(alone, quotes).any()


def _records(block: Bytes, feeds: Places, ends: Places) -> Proof | None:
    starts = np.append(0, ends[:-1] + 1)
    line_count = feeds.size + (block[-1] != _LF)
    has_quoted = line_count > ends.size
    rows = np.searchsorted(feeds, starts) if has_quoted else np.arange(ends.size)
    most = min(chunk.MAX_CELL, lines.MAX_LINE, csv_records.MAX_RECORD)
    lengths = ends - starts
    if lengths.max() + len("\r\n") >= most:
        return None
    if np.diff(rows, append=line_count).max() >= csv_records.MAX_RECORD_LINES:
        return None
    is_blank = (lengths == 0) | ((lengths == 1) & (block[starts] == _CR))
    return Proof(block.size, rows[~is_blank], int(line_count))
