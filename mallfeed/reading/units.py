"""How a text's records are told apart by its bytes, so that each can be judged by itself (`mixed_text`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

from mallfeed.reading.odd_records import Fault, OddMarks, OddPlaces

_NEAR_END = 64 * 1024
_LONGEST_SIGN = 512


class Units(Protocol):
    """How a format's records are told apart by bytes, and how its reader learns which of them were odd.

    A unit is a record, or what stands between two.
    """

    def cuts(self, piece: bytes) -> Sequence[int]:
        """Places in the next piece of the text at which a unit ends, ascending: the last one at least.

        Where the sign of an end begins in the piece before, it may be negative.
        """

    def units(self, text: bytes, cuts: Sequence[int]) -> list[bytes]:
        """The units of a text that ends where one does; `cuts` are those that were given for it.

        None, where they cannot be told apart.
        """

    def count(self, text: bytes) -> int:
        """About how many records it has."""

    def passed(self, text: bytes) -> None:
        """Whole units that were UTF-8, or now are."""

    def odd(self, unit: bytes, fault: Fault) -> bytes:
        """The unit, now UTF-8, as it is handed on; its fault is kept for the reader."""


class LineUnits:
    """Each line is a unit; odd ones are known by their number from 1."""

    def __init__(self, places: OddPlaces) -> None:
        self._places = places
        self._line = 1

    def cuts(self, piece: bytes) -> Sequence[int]:
        """The last line's end."""
        end = piece.rfind(b"\n") + 1
        return (end,) if end else ()

    def units(self, text: bytes, cuts: Sequence[int]) -> list[bytes]:
        """Lines; those that end with CR alone are not numbered here."""
        del cuts
        if b"\n" not in text and b"\r" in text[:-1]:
            return []
        *lines, rest = text.split(b"\n")
        return [*(line + b"\n" for line in lines), rest]

    def count(self, text: bytes) -> int:
        """Its line ends, and one."""
        return text.count(b"\n") + 1

    def passed(self, text: bytes) -> None:
        """So many lines more."""
        self._line += text.count(b"\n")

    def odd(self, unit: bytes, fault: Fault) -> bytes:
        """Keeps the line's number."""
        self._places.add(self._line, fault)
        return unit


class SignUnits:
    """Units that begin and end with signs of the text: a pattern's groups `before` and `behind` say where.

    `name` stands in both. Odd ones are known by the bytes before them, in UTF-8.
    """

    def __init__(self, signs: re.Pattern[bytes], name: bytes, places: OddPlaces) -> None:
        self._signs = signs
        self._name = name
        self._places = places
        self._tail = b""
        self._given = 0

    def cuts(self, piece: bytes) -> Sequence[int]:
        """The last one near the piece's end, else all."""
        data = self._tail + piece
        behind = len(self._tail)
        self._tail = data[-_LONGEST_SIGN:]
        near = self._places_in(data, max(0, len(data) - _NEAR_END))
        return [place - behind for place in near or self._places_in(data, 0)]

    def units(self, text: bytes, cuts: Sequence[int]) -> list[bytes]:
        """Between the signs."""
        del cuts
        return slices(text, self._places_in(text, 0))

    def count(self, text: bytes) -> int:
        """By the name in its signs, of which most records have two: looking for signs takes ten times as long."""
        return text.count(self._name) // 2 + 1

    def passed(self, text: bytes) -> None:
        """So many bytes more."""
        self._given += len(text)

    def odd(self, unit: bytes, fault: Fault) -> bytes:
        """Keeps the unit's place."""
        self._places.add(self._given, fault)
        return unit

    def _places_in(self, data: bytes, start: int) -> list[int]:
        found = self._signs.finditer(data, start)
        return [one.start() if one.lastgroup == "before" else one.end() for one in found]


def slices(text: bytes, cuts: Sequence[int]) -> list[bytes]:
    """The text cut at these places; nothing is left out, and none is empty."""
    places = [0, *(cut for cut in cuts if 0 < cut < len(text)), len(text)]
    return [text[begin:end] for begin, end in pairwise(places) if begin < end]


class MarkedUnits(SignUnits):
    """The same, where a reader cannot tell the bytes before a record: odd ones carry a mark behind their sign."""

    def __init__(self, signs: re.Pattern[bytes], marks: OddMarks) -> None:
        super().__init__(signs, b"", OddPlaces())
        self._marks = marks

    def count(self, text: bytes) -> int:
        """By its signs, of which most records have two."""
        return len(self._places_in(text, 0)) // 2 + 1

    def odd(self, unit: bytes, fault: Fault) -> bytes:
        """Writes the mark, where the unit begins with a sign."""
        sign = self._signs.match(unit)
        if sign is None or sign.lastgroup != "before":
            return unit
        mark = f"{self._marks.mark}{self._marks.add(fault)};".encode()
        return unit[: sign.end()] + mark + unit[sign.end() :]
