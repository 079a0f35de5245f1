"""Lines of a UTF-8 text that are written in CP949, and lines that are neither: each row is judged by itself.

A mall's program joins what its departments send. Such lines are few; where most are none of UTF-8, the file is not
UTF-8, and is held as a whole.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator

from mallfeed.errors import FeedHeld
from mallfeed.reading import decode
from mallfeed.reading.bytestream import ByteStream
from mallfeed.reading.lines import MAX_LINE
from mallfeed.reading.raw_columns import IN_CP949

UNDECODABLE = "row_undecodable"
"""Code of a row with bytes that are neither UTF-8 nor CP949."""
_HANGUL_IN_UTF8 = re.compile(rb"[\xea-\xed][\x80-\xbf]{2}")
_HANJA = re.compile("[\u4e00-\u9fff\uf900-\ufaff]")
_BEYOND_ASCII = re.compile("[^\0-\x7f]")
Fault = tuple[str, str]
"""A code, and its detail."""


class OddLines:
    """What was wrong with single lines of a text, by their number from 1.

    One thread adds lines, another asks for those that it has been given.
    """

    def __init__(self) -> None:
        self._faults: dict[int, Fault] = {}
        self._numbers: list[int] = []

    @property
    def count(self) -> int:
        """Lines that were added."""
        return len(self._numbers)

    def add(self, number: int, fault: Fault) -> None:
        """A line behind all that were added."""
        self._faults[number] = fault
        self._numbers.append(number)

    def among(self, first: int, count: int) -> Fault | None:
        """The worst of so many lines: one that is neither before one that is in CP949."""
        if not self._numbers:
            return None
        place = bisect_left(self._numbers, first)
        end = bisect_left(self._numbers, first + count)
        faults = [self._faults[number] for number in self._numbers[place:end]]
        return next((one for one in faults if one[0] == UNDECODABLE), faults[0] if faults else None)


def as_cp949(line: bytes) -> str | None:
    """The line read as CP949, where that is what it is.

    Not where half of it is Hangul in UTF-8 (a damaged line), nor where it becomes Chinese characters (Latin-1 does).
    """
    beyond = sum(byte > 0x7F for byte in line)
    if 2 * 3 * len(_HANGUL_IN_UTF8.findall(line)) >= beyond:
        return None
    try:
        text = line.decode("cp949")
    except UnicodeDecodeError:
        return None
    return None if 2 * len(_HANJA.findall(text)) > len(_BEYOND_ASCII.findall(text)) else text


class MixedLines:
    """Takes a text apart that should be UTF-8, and makes UTF-8 of it."""

    def __init__(self, odd: OddLines, label: str, name: str) -> None:
        self._odd = odd
        self._label = label
        self._name = name
        self._line = 1
        self._good = 0

    def pieces(
        self, content: ByteStream, offset: int, is_valid: Callable[[bytes], bool]
    ) -> Iterator[bytes]:
        """The text from here on, which is that offset in the unpacked bytes, in whole lines.

        Raises FeedHeld `undecodable` where more than two thirds of the lines beyond ASCII are not UTF-8.
        """
        pending, final = b"", False
        while not final:
            chunk = content.read(decode.PIECE)
            final = not chunk
            data = pending + chunk
            end = len(data) if final or len(data) > 4 * MAX_LINE else data.rfind(b"\n") + 1
            whole, pending = data[:end], data[end:]
            if whole:
                yield self._utf8(whole, offset, final, is_valid)
            offset += len(whole)

    def _utf8(
        self, whole: bytes, offset: int, final: bool, is_valid: Callable[[bytes], bool]
    ) -> bytes:
        if is_valid(whole):
            self._good += 0 if whole.isascii() else whole.count(b"\n") + 1
        else:
            whole = self._mixed(whole, offset, final)
        self._line += whole.count(b"\n")
        return whole

    def _mixed(self, whole: bytes, offset: int, final: bool) -> bytes:
        if (
            b"\n" not in whole and b"\r" in whole[:-1]
        ):  # lines end with CR: they are not numbered here
            raise self._held(whole, offset)
        out: list[bytes] = []
        lines = whole.split(b"\n")
        place = 0
        for number, line in enumerate(lines):
            out.append(
                self._line_as_utf8(
                    line, self._line + number, offset + place, final and number == len(lines) - 1
                )
            )
            place += len(line) + 1
        if self._odd.count > 2 * self._good:
            raise self._held(whole, offset)
        return b"\n".join(out)

    def _line_as_utf8(self, line: bytes, number: int, offset: int, is_last: bool) -> bytes:
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            text = as_cp949(line)
            if text is None and is_last and decode.is_cut(error):
                raise decode.undecodable(error, offset, self._label, "utf-8", self._name) from None
            at = f"byte {offset + error.start:,}"
            if text is not None:
                self._odd.add(number, (IN_CP949, at))
                return text.encode()
            shown = line[error.start : error.start + 4].hex(" ")
            self._odd.add(number, (UNDECODABLE, f"{at} ({shown}) is neither UTF-8 nor CP949"))
            return line.decode("utf-8", "replace").encode()
        self._good += not line.isascii()
        return line

    def _held(self, whole: bytes, offset: int) -> FeedHeld:
        """The hold of a text that is not UTF-8, with its first byte that is not."""
        try:
            codecs.utf_8_decode(whole, "strict", True)
        except UnicodeDecodeError as error:
            return decode.undecodable(error, offset, self._label, "utf-8", self._name)
        raise AssertionError("it does not decode")


def is_mixed(head: bytes) -> bool:
    """Whether a text's beginning is UTF-8 but for some lines in CP949."""
    odd = OddLines()
    mixed = MixedLines(odd, "utf-8", "")
    try:
        for _ in mixed.pieces(ByteStream(iter((head[: head.rfind(b"\n") + 1],))), 0, _decodes):
            pass
    except FeedHeld:
        return False
    worst = odd.among(0, len(head) + 1)
    return worst is not None and worst[0] == IN_CP949


def _decodes(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
