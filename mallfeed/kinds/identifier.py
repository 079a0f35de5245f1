"""Ids: taken as they are, only white space and a spreadsheet's text mark around them go.

An id of several columns is all of them, joined: the first one alone would make one product of all its options.
"""

from __future__ import annotations

from mallfeed.kinds.kind import Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.problems import text_mark
from mallfeed.kinds.reading import Context, Problem, Reading
from mallfeed.kinds.sources import Cells, bare_parts, without_lone_marks
from mallfeed.kinds.sql.pieces import Sql, called, case, is_longer, matches, stripped
from mallfeed.kinds.sql.text_marks import without_text_mark
from mallfeed.kinds.target import Target
from mallfeed.kinds.text import TextType

_LONGEST = 100
_SHORTENED = r"^\s*[0-9]([.,][0-9]+)?[eE][+][0-9]{1,3}\s*$"


def _read(options: FieldType, cells: Cells, target: Target, context: Context) -> Reading:
    """An id that is not too long, without control or invisible characters."""
    most = target.max_length or _LONGEST
    if context.cleans_ids:
        cells = without_lone_marks(cells)
    cell: Sql = cells.first
    joined: tuple[Sql, ...] = ()
    if isinstance(options, TextType) and options.take == "joined" and context.cleans_ids:
        joined = cells.texts if len(cells.texts) > 1 else ()
        cell = stripped((bare_parts(cells) if joined else cells).together(options.join))

    def bare(cell: Sql) -> Sql:
        return without_text_mark(cell) if context.cleans_ids else cell

    reading = Reading(
        cell=cell,
        parse=lambda cell: case(
            (f"not {is_longer(bare(cell), most)} and {called('is_plain', bare(cell))}", bare(cell))
        ),
        problems=(
            Problem("too_long", lambda cell, _: is_longer(bare(cell), most)),
            Problem("invalid", lambda cell, parsed: f"({cell} is not null and {parsed} is null)"),
            Problem("shortened", lambda cell, _: _is_shortened(cell), False),
        ),
    )
    return reading.with_problem(text_mark(joined)) if context.cleans_ids else reading


def _is_shortened(cell: Sql) -> Sql:
    """A spreadsheet has written a long number as `8.80123E+12`: its last digits are lost. Few texts have an `E+` at all."""
    return f"((contains({cell}, 'E+') or contains({cell}, 'e+')) and {matches(cell, _SHORTENED)})"


IDENTIFIER: Kind[FieldType] = Kind(
    name="identifier",
    default=TextType(),
    holds=("text", "html_text"),
    read=_read,
    problems=("too_long", "invalid", "shortened", "text_mark"),
    never_cut=True,
    is_id=True,
    holds_bytes=True,
    max_length=_LONGEST,
)
