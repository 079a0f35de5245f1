"""A UTF-8 text with single records in CP949, made UTF-8: each record is judged by itself.

A mall's program joins what its departments send. Such records are few; where most are none of UTF-8, the file is not
UTF-8, and is held as a whole. Records are told apart by the bytes of ASCII's punctuation, which no character of CP949
has as one of its bytes (they are 0x41-0x5A, 0x61-0x7A and 0x81-0xFE).
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Sequence

from mallfeed.errors import FeedHeld
from mallfeed.reading import decode
from mallfeed.reading.bytestream import ByteStream
from mallfeed.reading.lines import MAX_LINE
from mallfeed.reading.odd_records import as_cp949, fault_of
from mallfeed.reading.raw_columns import IN_CP949
from mallfeed.reading.units import Units

_MOST = 4 * MAX_LINE
"""Bytes without an end of a record that are kept: readers refuse a record that is shorter than that."""


class MixedText:
    """Takes a text apart that should be UTF-8, and makes UTF-8 of it; `codes` are those of odd records so far."""

    def __init__(self, units: Units, label: str, name: str) -> None:
        self._units = units
        self._label = label
        self._name = name
        self._good = self._odd = 0
        self.codes: set[str] = set()

    def pieces(
        self, content: ByteStream, offset: int, is_valid: Callable[[bytes], bool]
    ) -> Iterator[bytes]:
        """The text from here on, which is that offset in the unpacked bytes, in whole units.

        Raises FeedHeld `undecodable` where more than two thirds of the records beyond ASCII are not UTF-8.
        """
        parts: list[bytes] = []
        cuts: list[int] = []
        size, final = 0, False
        while not final:
            chunk = content.read(decode.PIECE)
            final = not chunk
            cuts += [size + cut for cut in self._units.cuts(chunk) if size + cut > 0]
            parts.append(chunk)
            size += len(chunk)
            end = size if final or size > _MOST else cuts[-1] if cuts else 0
            if not end:
                continue
            data = b"".join(parts)
            yield self._utf8(data[:end], offset, cuts, final, is_valid)
            offset += end
            parts, cuts, size = [data[end:]], [], size - end

    def _utf8(
        self,
        whole: bytes,
        offset: int,
        cuts: Sequence[int],
        final: bool,
        is_valid: Callable[[bytes], bool],
    ) -> bytes:
        if is_valid(whole):
            self._good += 0 if whole.isascii() else self._units.count(whole)
            self._units.passed(whole)
            return whole
        units = self._units.units(whole, cuts)
        if not units:
            raise self._held(whole, offset)
        out: list[bytes] = []
        place = offset
        for number, unit in enumerate(units, 1):
            out.append(self._unit(unit, place, final and number == len(units)))
            place += len(unit)
        if self._odd > 2 * self._good:
            raise self._held(whole, offset)
        return b"".join(out)

    def _unit(self, unit: bytes, offset: int, is_last: bool) -> bytes:
        try:
            unit.decode("utf-8")
        except UnicodeDecodeError as error:
            text = as_cp949(unit)
            if text is None and is_last and decode.is_cut(error):
                raise decode.undecodable(error, offset, self._label, "utf-8", self._name) from None
            decoded = (unit.decode("utf-8", "replace") if text is None else text).encode()
            fault = fault_of(unit, text, error, offset)
            self._odd += 1
            self.codes.add(fault[0])
            handed = self._units.odd(decoded, fault)
            self._units.passed(handed)
            return handed
        self._good += not unit.isascii()
        self._units.passed(unit)
        return unit

    def _held(self, whole: bytes, offset: int) -> FeedHeld:
        """The hold of a text that is not UTF-8, with its first byte that is not."""
        try:
            codecs.utf_8_decode(whole, "strict", True)
        except UnicodeDecodeError as error:
            return decode.undecodable(error, offset, self._label, "utf-8", self._name)
        raise AssertionError("it does not decode")


def is_mixed(head: bytes, new: Callable[[], Units]) -> bool:
    """Whether a text's beginning is UTF-8 but for some records in CP949."""
    cuts = [cut for cut in new().cuts(head) if cut > 0]
    mixed = MixedText(new(), "utf-8", "")
    try:
        for _ in mixed.pieces(ByteStream(iter((head[: cuts[-1]] if cuts else b"",))), 0, _decodes):
            pass
    except FeedHeld:
        return False
    return mixed.codes == {IN_CP949}


def _decodes(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
