"""Global trade item numbers: GTIN-8, -12 (UPC), -13 (EAN, ISBN) and -14 with their check digit."""

from __future__ import annotations

from typing import Literal

from mallfeed.kinds.kind import Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.problems import text_mark, unreadable
from mallfeed.kinds.reading import Context, Reading
from mallfeed.kinds.sources import Cells
from mallfeed.kinds.sql.pieces import called
from mallfeed.kinds.sql.text_marks import without_text_mark
from mallfeed.kinds.target import Target


class GtinType(FieldType):
    """GTIN-8, -12, -13 or -14 with a right check digit; spaces and hyphens are removed."""

    type: Literal["gtin"] = "gtin"


def _read(_options: GtinType, cells: Cells, _target: Target, _context: Context) -> Reading:
    """The digits, when their number and the check digit are right (GS1 General Specifications, 7.9)."""
    return Reading(
        cell=cells.first,
        parse=lambda cell: called("gtin", without_text_mark(cell)),
        problems=(unreadable("invalid"), text_mark()),
    )


GTIN = Kind(
    name="gtin",
    options=GtinType,
    default=GtinType(),
    holds=("gtin",),
    read=_read,
    problems=("invalid", "text_mark"),
    max_length=14,
)
