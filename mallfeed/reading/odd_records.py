"""Records of a UTF-8 text that are written in CP949, and records that are neither: what was wrong with each, and which it was."""

from __future__ import annotations

import re
import secrets
from bisect import bisect_left
from dataclasses import dataclass, field

from mallfeed.reading.raw_columns import IN_CP949

UNDECODABLE = "row_undecodable"
"""Code of a row with bytes that are neither UTF-8 nor CP949."""
_HANGUL_IN_UTF8 = re.compile(rb"[\xea-\xed][\x80-\xbf]{2}")
_HANJA = re.compile("[\u4e00-\u9fff\uf900-\ufaff]")
_BEYOND_ASCII = re.compile("[^\0-\x7f]")
Fault = tuple[str, str]
"""A code, and its detail."""


class OddPlaces:
    """What was wrong with single records of a text, by their places: the number of a line, or bytes before it.

    One thread adds places, another asks for those that it has been given.
    """

    def __init__(self) -> None:
        self._faults: dict[int, Fault] = {}
        self._places: list[int] = []

    def add(self, place: int, fault: Fault) -> None:
        """A place behind all that were added."""
        self._faults[place] = fault
        self._places.append(place)

    def among(self, first: int, count: int) -> Fault | None:
        """The worst of so many places: one that is neither before one that is in CP949."""
        if not self._places:
            return None
        begin = bisect_left(self._places, first)
        end = bisect_left(self._places, first + count)
        return worst([self._faults[place] for place in self._places[begin:end]])


@dataclass
class OddMarks:
    """What was wrong with single records of a text, each of which carries a mark with its number.

    Where a parser does not say from which bytes a record was made, the text itself has to. No feed can know the mark.
    """

    mark: str = field(default_factory=lambda: f"odd_{secrets.token_hex(12)}_")
    faults: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> int:
        """The number for the record's mark."""
        self.faults.append(fault)
        return len(self.faults) - 1

    def taken_off(self, text: str, found: list[Fault]) -> str:
        """The text without marks; what they say is put into `found`."""
        first, *rest = text.split(self.mark)
        for one in rest:
            number, _, behind = one.partition(";")
            found.append(self.faults[int(number)])
            first += behind
        return first


def worst(faults: list[Fault]) -> Fault | None:
    """The first record's that is neither, else the first one's; None where there is none."""
    return next((one for one in faults if one[0] == UNDECODABLE), faults[0] if faults else None)


def fault_of(unit: bytes, text: str | None, error: UnicodeDecodeError, offset: int) -> Fault:
    """What is wrong with a record that is not UTF-8; `text` is what it is as CP949, where it is that."""
    at = f"byte {offset + error.start:,}"
    if text is not None:
        return IN_CP949, at
    shown = unit[error.start : error.start + 4].rstrip().hex(" ")
    return UNDECODABLE, f"{at} ({shown}) is neither UTF-8 nor CP949"


def as_cp949(unit: bytes) -> str | None:
    """The record read as CP949, where that is what it is.

    Not where half of it is Hangul in UTF-8 (a damaged record), nor where it becomes Chinese characters (Latin-1 does).
    """
    beyond = sum(byte > 0x7F for byte in unit)
    if 2 * 3 * len(_HANGUL_IN_UTF8.findall(unit)) >= beyond:
        return None
    try:
        text = unit.decode("cp949")
    except UnicodeDecodeError:
        return None
    return None if 2 * len(_HANJA.findall(text)) > len(_BEYOND_ASCII.findall(text)) else text
