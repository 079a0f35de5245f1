"""Ids: taken as they are, only white space around them goes."""

from __future__ import annotations

from mallfeed.kinds.kind import Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.reading import Context, Problem, Reading
from mallfeed.kinds.sources import Cells
from mallfeed.kinds.sql.pieces import called, case, is_longer
from mallfeed.kinds.target import Target
from mallfeed.kinds.text import TextType

_LONGEST = 100


def _read(_options: FieldType, cells: Cells, target: Target, _context: Context) -> Reading:
    """An id that is not too long, without control or invisible characters."""
    most = target.max_length or _LONGEST
    return Reading(
        cell=cells.first,
        parse=lambda cell: case(
            (f"not {is_longer(cell, most)} and {called('is_plain', cell)}", cell)
        ),
        problems=(
            Problem("too_long", lambda cell, _: is_longer(cell, most)),
            Problem("invalid", lambda cell, parsed: f"({cell} is not null and {parsed} is null)"),
        ),
    )


IDENTIFIER: Kind[FieldType] = Kind(
    name="identifier",
    default=TextType(),
    holds=("text", "html_text"),
    read=_read,
    problems=("too_long", "invalid"),
    never_cut=True,
    holds_bytes=True,
    max_length=_LONGEST,
)
