"""Text to lines, bounded: a line without end costs no memory."""

from __future__ import annotations

import io
from collections.abc import Iterator

MAX_LINE = 8 * 1024 * 1024
"""Characters; a longer line is no record. Eight times the largest cell."""
KEPT = 64 * 1024
"""Characters of a too long line that are kept for its reject."""


class TooLong(str):
    """The beginning of a line of more than MAX_LINE characters; the rest was passed over."""

    __slots__ = ()


def lines(text: Iterator[str]) -> Iterator[str]:
    """Lines with their ends: LF or CRLF; CR alone, read as LF, where the beginning has no LF."""
    first = next(text, "")
    if "\n" not in first and "\r" in first[:-1]:
        first = first.replace("\r", "\n")
        text = (piece.replace("\r", "\n") for piece in text)
    yield from _split(first, text)


def _split(piece: str, text: Iterator[str]) -> Iterator[str]:
    tail, passing = "", False
    while piece:
        *whole, rest = io.StringIO(piece, newline="\n")
        if rest.endswith("\n"):
            whole.append(rest)
            rest = ""
        if whole and (tail or passing):
            yield TooLong(tail) if passing else tail + whole[0]
            del whole[0]
            tail, passing = "", False
        yield from whole
        if not passing:
            tail += rest
            if len(tail) > MAX_LINE:
                tail, passing = tail[:KEPT], True
        piece = next(text, "")
    if passing:
        yield TooLong(tail)
    elif tail:
        yield tail
