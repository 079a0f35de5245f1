"""Where the records of one JSON document begin and end in its bytes, whether they are UTF-8 or CP949.

Known is how deep they lie: the brackets outside texts are counted, of which neither encoding has one as part of a
character.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from mallfeed.reading.odd_records import Fault, OddMarks
from mallfeed.reading.units import slices

_ESCAPED = re.compile(rb"\\.", re.DOTALL)
_TEXT = re.compile(rb'"((?:[^"\\]|\\.)*)"(\s*:)?', re.DOTALL)
_QUOTE, _BACKSLASH = ord('"'), b"\\"
_STEPS = np.zeros(256, np.int64)
"""How much deeper it is behind a byte."""
_STEPS[list(b"{[")] = 1
_STEPS[list(b"}]")] = -1
_SIGNS = _STEPS != 0
_SIGNS[ord(",")] = True


class DocumentUnits:
    """Cut behind each bracket or comma that is between records, or around them.

    `around`: so many objects and lists are around a record. Texts of an odd one carry its mark.
    """

    def __init__(self, around: int, marks: OddMarks) -> None:
        self._around = around
        self._marks = marks
        self._depth = 0
        self._in_text = 0
        self._is_escaped = False

    def cuts(self, piece: bytes) -> Sequence[int]:
        """All of them."""
        codes = np.frombuffer(self._without_escapes(piece), np.uint8)
        if not codes.size:
            return ()
        in_text = (np.cumsum(codes == _QUOTE, dtype=np.int32) + self._in_text) & 1
        self._in_text = int(in_text[-1])
        signs = np.flatnonzero(_SIGNS[codes] & (in_text == 0))
        depths = self._depth + np.cumsum(_STEPS[codes[signs]])
        if depths.size:
            self._depth = int(depths[-1])
        found: list[int] = (signs[depths <= self._around] + 1).tolist()
        return found

    def units(self, text: bytes, cuts: Sequence[int]) -> list[bytes]:
        """Between the cuts."""
        return slices(text, cuts)

    def count(self, text: bytes) -> int:
        """By the brackets that end objects: records hold few."""
        return text.count(b"}") + 1

    def passed(self, text: bytes) -> None:
        """Nothing has to be known of it."""

    def odd(self, unit: bytes, fault: Fault) -> bytes:
        """Writes the mark into all texts that are beyond ASCII, but for keys on the way to the records."""
        mark = f'"{self._marks.mark}{self._marks.add(fault)};'.encode()
        is_on_the_way = unit.endswith((b"{", b"["))

        def marked(text: re.Match[bytes]) -> bytes:
            if text[0].isascii() or (is_on_the_way and text[2]):
                return text[0]
            return mark + text[0][1:]

        return _TEXT.sub(marked, unit)

    def _without_escapes(self, piece: bytes) -> bytes:
        """As long as the piece; what a backslash escapes is no quote."""
        if self._is_escaped and piece:
            piece = b" " + piece[1:]
            self._is_escaped = False
        if _BACKSLASH not in piece:
            return piece
        piece = _ESCAPED.sub(b"  ", piece)
        self._is_escaped = piece.endswith(_BACKSLASH)
        return piece
