"""A kind that mallfeed does not have: colours, as `#RRGGBB`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mallfeed.kinds.kind import Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.problems import unreadable
from mallfeed.kinds.reading import Context, Reading
from mallfeed.kinds.sources import Cells
from mallfeed.kinds.sql.pieces import Sql, case, matches, replaced
from mallfeed.kinds.sql.vocabulary import key_of, meaning_of
from mallfeed.kinds.target import Target

_KNOWN = {"빨강": "#FF0000", "red": "#FF0000", "검정": "#000000", "black": "#000000"}


class ColourType(FieldType):
    """A colour: `#FF0000`, `f00`, 빨강."""

    type: Literal["colour"] = "colour"
    words: dict[str, str] = Field(
        default_factory=dict, description="The mall's own words → `#RRGGBB`."
    )


def _read(options: ColourType, cells: Cells, _target: Target, _context: Context) -> Reading:
    words = _KNOWN | {key_of(word): code for word, code in options.words.items()}

    def parse(cell: Sql) -> Sql:
        digits = f"upper(replace({cell}, '#', ''))"
        return case(
            (matches(cell, "^#?[0-9A-Fa-f]{6}$"), f"concat('#', {digits})"),
            (
                matches(cell, "^#?[0-9A-Fa-f]{3}$"),
                f"concat('#', {replaced(digits, '(.)', '$1$1')})",
            ),
            otherwise=meaning_of(cell, words),
        )

    return Reading(cells.first, parse, problems=(unreadable("unknown"),))


COLOUR = Kind(
    name="colour",
    options=ColourType,
    default=ColourType(),
    holds=("colour",),
    read=_read,
    problems=("unknown",),
    raw_types=("string",),
    max_length=7,
)
