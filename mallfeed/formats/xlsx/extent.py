"""How large a rectangle a sheet's cells span. Calamine holds it in memory as a whole, whatever is in it: a cell
in the last row and column of a sheet takes all there is, and the process with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_USUAL = re.compile(rb'<c r="([A-Z]+)(\d+)"')
"""A cell as spreadsheet programs write it, sought a few times faster."""
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]*)(\d+)["'][^<>]*?(/?)>""")
_ROW = re.compile(rb"<(?:\w+:)?row\b")
_CELL = re.compile(rb"<(?:\w+:)?c\b")
_TAGS = (b"<row", b":row", b"<c", b":c")


def cells_spanned(pieces: Iterable[bytes], exactly: bool = True) -> tuple[int, int]:
    """Rows and columns from the first to the last cell with content, of a sheet's XML.

    Where cells do not say their place, no more rows and columns than there can be; not `exactly`: from the
    first to the last cell whatever is in it, which is faster.
    """
    extent = _Extent(exactly)
    behind = b""
    for piece in pieces:
        data = behind + piece
        cut = data.rfind(b"<")
        # A tag is looked at whole; what is longer than any tag of a sheet is text.
        whole = cut if 0 <= len(data) - cut < 64 * 1024 else len(data)
        extent.add(data[:whole])
        behind = data[whole:]
    extent.add(behind)
    return extent.rows, extent.columns


class _Extent:
    def __init__(self, exactly: bool) -> None:
        self._exactly = exactly
        self._first: tuple[int, int] | None = None
        self._last = (0, 0)
        self._last_row = 0
        self._tags = self._placed = self._row_tags = 0
        self._in_row = self._widest = 0

    def add(self, xml: bytes) -> None:
        """Some whole tags."""
        if not self._exactly:
            usual = _USUAL.findall(xml)
            # <cols> is none; what else begins like a cell's name is looked at closely.
            if len(usual) == xml.count(b"<c") + xml.count(b":c") - xml.count(b"<co"):
                self._reach(usual)
                return
        places = _PLACE.findall(xml)
        self._placed += len(places)
        self._last_row = max((self._last_row, *map(int, {row for _, row, _ in places})))
        self._reach([(column, row) for column, row, empty in places if column and not empty])
        self._count(xml, len(places))

    def _reach(self, cells: Sequence[tuple[bytes, bytes]]) -> None:
        """As far as these, by their letters and numbers."""
        if cells:
            rows = [int(row) for row in {row for _, row in cells}]
            columns = [_number(column) for column in {column for column, _ in cells}]
            first = self._first or (rows[0], columns[0])
            self._first = min(first[0], *rows), min(first[1], *columns)
            self._last = max(self._last[0], *rows), max(self._last[1], *columns)

    def _count(self, xml: bytes, placed: int) -> None:
        """How many cells a row has, where not all say their place."""
        tags = sum(map(xml.count, _TAGS))
        if tags <= placed:
            self._tags += tags
            return
        for place, row in enumerate(_ROW.split(xml)):
            if place:
                self._row_tags += 1
                self._in_row = 0
            count = len(_CELL.findall(row))
            self._tags += count + bool(place)
            self._in_row += count
            self._widest = max(self._widest, self._in_row)

    @property
    def _says_places(self) -> bool:
        return self._placed >= self._tags

    @property
    def rows(self) -> int:
        if not self._says_places:
            return self._last_row + self._row_tags
        return self._last[0] - self._first[0] + 1 if self._first else 0

    @property
    def columns(self) -> int:
        if not self._says_places:
            return self._last[1] + self._widest
        return self._last[1] - self._first[1] + 1 if self._first else 0


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
