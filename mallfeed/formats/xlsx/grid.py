"""A sheet's cells, with what is noted of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mallfeed.formats.xlsx.number_formats import padded
from mallfeed.formats.xlsx.sheet_xml import Place, SheetNotes, Spend
from mallfeed.kinds.sql.marks import LINK, LINKED_TEXT, UNRESOLVED

Range = tuple[Place, Place]
"""First and last cell."""

_ADDRESS = re.compile(r"\s*(?:https?:)?//|\s*www\.", re.IGNORECASE)


@dataclass(frozen=True)
class Grid:
    """Rows of cells, changed in place.

    Attributes
    ----------
    rows : the cells
    top, left : row and column of the first of them in the sheet, from 0
    """

    rows: list[list[str | None]]
    top: int
    left: int

    def note(self, notes: SheetNotes) -> None:
        """Marks cells with links, but those whose text is an address itself, and formulas without a
        result; gives numbers the zeros that their format shows."""
        for place, digits in notes.digits.items():
            self._set(place, padded(self._at(place), digits))
        for place, why in notes.unresolved.items():
            self._set(place, UNRESOLVED + why)
        for place, target in notes.links.items():
            if place not in notes.unresolved:
                self._set(place, linked(target, self._at(place)))

    def fill(self, merged: Iterable[Range], below: int, spend: Spend) -> None:
        """Gives each row that a cell is merged over the cell's value, in the column where it stands. Rows
        up to `below` (from 0), which name the columns, are left alone, and so are those without any
        other cell: nothing was written in them. `spend` is told how many rows ranges reach over, which may
        be many times the sheet's where they lie over each other."""
        over = [one for one in merged if one[0][0] > below]
        for one in over:
            spend(len(self._rows_of(one)))
        written = {row for one in over for row in self._rows_of(one) if any(self.rows[row])}
        for one in over:
            value, column = self._at(one[0]), one[0][1] - self.left
            for row in self._rows_of(one):
                if row in written and value is not None and column < len(self.rows[row]):
                    self.rows[row][column] = value

    def name_columns(self, merged: Iterable[Range], first: int, last: int) -> None:
        """Gives rows that may name the columns (from 0, in the sheet) the names that are merged onto them from above: of a header
        of two lines, `가격` over `정가` and `판매가`, the lower one names each column then."""
        for one in merged:
            value, column = self._at(one[0]), one[0][1] - self.left
            lower = range(max(first, one[0][0] + 1) - self.top, min(last, one[1][0]) - self.top + 1)
            for row in lower if value is not None else ():
                if row < len(self.rows) and 0 <= column < len(self.rows[row]):
                    self.rows[row][column] = self.rows[row][column] or value

    def _rows_of(self, merged: Range) -> range:
        """The range's rows, in this grid."""
        first, last = merged[0][0] - self.top, merged[1][0] - self.top
        return range(max(0, first), min(len(self.rows), last + 1))

    def _at(self, place: Place) -> str | None:
        row, column = place[0] - self.top, place[1] - self.left
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return None

    def _set(self, place: Place, value: str | None) -> None:
        row, column = place[0] - self.top, place[1] - self.left
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            self.rows[row][column] = value


def linked(target: str, text: str | None) -> str | None:
    """The text marked as one with a link. A text that is an address itself stays what it is: who overwrites it in a
    spreadsheet leaves the link as it was."""
    return text if _ADDRESS.match(text or "") else f"{LINK}{target}{LINKED_TEXT}{text or ''}"
