"""Global trade item numbers: GTIN-8, -12 (UPC), -13 (EAN, ISBN) and -14 with their check digit."""

from __future__ import annotations

from typing import Literal

from mallfeed.kinds.kind import Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.problems import odd_item, text_mark
from mallfeed.kinds.reading import Context, Problem, Reading
from mallfeed.kinds.sources import Cells, without_lone_marks
from mallfeed.kinds.sql.items import JOINT, as_joint_items, has_odd_item, joined
from mallfeed.kinds.sql.pieces import Sql, called, stripped, text
from mallfeed.kinds.target import Target

MOST_GTINS = 10
"""Of one product: Google Merchant Center takes as many of one item."""


class GtinType(FieldType):
    """GTIN-8, -12, -13 or -14 with a right check digit; spaces and hyphens are removed.

    There may be up to ten, as a list, in several columns or with `,`, `;`, `/`, `|` or a line end between them: the
    first is the value, and all are kept in `gtins`.
    """

    type: Literal["gtin"] = "gtin"


def _read(_options: GtinType, cells: Cells, _target: Target, _context: Context) -> Reading:
    """The numbers whose digits are as many as they must be, with a right check digit (GS1 General Specifications, 7.9)."""
    cells = without_lone_marks(cells)
    items = [stripped(as_joint_items(one)) for one in cells.texts]
    return Reading(
        cell=joined(items),
        parse=lambda cell: called("gtins", cell, cells.words),
        value=lambda _, parsed: f"get({parsed}, 0)",
        problems=(
            odd_item([stripped(one) for one in cells.texts], has_odd_item, loses_value=False),
            Problem("invalid", _is_wrong),
            text_mark(),
        ),
        also=(
            Problem(
                "too_many", lambda _, parsed: f"(size({_right(parsed)}) > {MOST_GTINS})", False
            ),
        ),
        written=lambda cell: f"replace({cell}, {text(JOINT)}, ', ')",
        all_values=lambda _, parsed: _kept(parsed),
    )


def _right(parsed: Sql) -> Sql:
    return f"array_compact({parsed})"


def _kept(parsed: Sql) -> Sql:
    kept = f"slice({_right(parsed)}, 1, {MOST_GTINS})"
    return f"nullif({kept}, cast(array() as array<string>))"


def _is_wrong(cell: Sql, parsed: Sql) -> Sql:
    """Something else stands there, which is behind what is right, or nothing that is."""
    return f"({cell} is not null and get({parsed}, size({parsed}) - 1) is null)"


GTIN = Kind(
    name="gtin",
    options=GtinType,
    default=GtinType(),
    holds=("gtin",),
    read=_read,
    problems=("invalid", "text_mark", "too_many"),
    holds_objects=True,
    max_length=14,
)
