"""UTF-8 text that can be taken line by line, or from where the last line ended, in one piece.

The lines are those of `lines`, too long ones included; what is at hand is never read ahead of an
error: whatever stops the text is raised when the lines before it are used up, not earlier.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import chain

from mallfeed.reading import lines

BLOCK = 2 * 1024 * 1024
"""Bytes that are at hand at least, unless the text ends."""


class CsvText:
    """An iterator of lines with their ends: LF or CRLF.

    `may_halve`: the text may have half a UTF-16 surrogate pair (which no UTF-8 has).
    """

    def __init__(self, pieces: Iterator[bytes], may_halve: bool = False) -> None:
        self.may_halve = may_halve
        self._pieces = _with_line_feeds(pieces)
        self._data = b""
        self._left = io.BytesIO()
        self._before = 0
        self._ended = False
        self._error: Exception | None = None
        self._passing: str | None = None
        self._too_long: lines.TooLong | None = None

    @property
    def given(self) -> int:
        """Bytes handed out so far (of too long lines, none)."""
        return self._before + self._left.tell()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        """The next line. Raises what the pieces raise."""
        while True:
            if self._too_long is not None:
                too_long, self._too_long = self._too_long, None
                return too_long
            line = self._left.readline()
            if line[-1:] == b"\n":
                return line.decode("utf-8", "surrogatepass")
            if self._ended:
                if not line:
                    raise StopIteration
                return line.decode("utf-8", "surrogatepass")
            self._fill(line)

    def at_hand(self) -> tuple[bytes, int, bool]:
        """Text, the place in it where the next line begins, and whether all the text ends there.

        There is a whole line, unless that is too long or something is wrong behind its beginning.
        """
        place = self._left.tell()
        if self._data.find(b"\n", place) < 0 and not self._ended and self._too_long is None:
            self._fill(self._left.read())
            place = 0
        if self._too_long is not None:
            return b"", 0, False
        return self._data, place, self._ended

    def peek(self, most: int) -> list[str]:
        """The next lines, at most so many, as far as they are at hand; none of them is taken."""
        data, place, ends = self.at_hand()
        found: list[str] = []
        while len(found) < most and place < len(data):
            end = data.find(b"\n", place) + 1
            if not end and not ends:
                break
            line = data[place : end or len(data)]
            found.append(line.decode("utf-8", "surrogatepass"))
            place += len(line)
        return found

    def take(self, size: int) -> None:
        """Go on behind so many of the bytes at hand."""
        self._left.seek(size, io.SEEK_CUR)

    def _fill(self, line: bytes) -> None:
        """Put more text behind the beginning of a line, which is all that was left."""
        self._before += len(self._data) - len(line)
        if self._passing is not None:
            return self._pass_over(self._passing)
        parts, size, tail = [line], 0, len(line)
        while size < BLOCK and (piece := self._pull()):
            parts.append(piece)
            size += len(piece)
            behind = len(piece) - piece.rfind(b"\n") - 1
            tail = behind if behind < len(piece) else tail + behind
            if tail > lines.MAX_LINE:
                parts = self._without_too_long(b"".join(parts), tail)
                if self._passing is not None:
                    break
        return self._hold(b"".join(parts))

    def _without_too_long(self, data: bytes, tail: int) -> list[bytes]:
        """The text up to its unfinished last line, when that is too long already."""
        line = data[len(data) - tail :].decode("utf-8", "surrogatepass")
        if len(line) <= lines.MAX_LINE:
            return [data]
        self._passing = line[: lines.KEPT]
        return [data[: len(data) - tail]]

    def _pass_over(self, beginning: str) -> None:
        while (piece := self._pull()) and b"\n" not in piece:
            pass
        if piece or self._ended:
            self._passing, self._too_long = None, lines.TooLong(beginning)
        if rest := piece.partition(b"\n")[2]:
            self._pieces = chain((rest,), self._pieces)
        self._hold(b"")

    def _pull(self) -> bytes:
        """The next piece; none at the end, and before an error: that is raised the next time."""
        if self._error is not None:
            raise self._error
        try:
            piece = next(self._pieces, b"")
        except Exception as error:
            self._error = error
            return b""
        self._ended = not piece
        return piece

    def _hold(self, data: bytes) -> None:
        self._data = data
        self._left = io.BytesIO(data)


def _with_line_feeds(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """CR alone becomes LF, where the beginning has no LF."""
    first = next(pieces, b"")
    if b"\n" not in first and b"\r" in first[:-1]:
        pieces = (piece.replace(b"\r", b"\n") for piece in pieces)
        first = first.replace(b"\r", b"\n")
    yield from chain((first,) if first else (), pieces)
