"""Product ids: taken as they are, only white space around them goes."""

from __future__ import annotations

from mallfeed.product.sql import CONTROLS, INVISIBLE, case, matches
from mallfeed.product.types.reading import Problem, Reading, Sql

_FORBIDDEN = f"[{CONTROLS}{INVISIBLE}\\t\\n\\u000b\\f\\r\\u0085\\u2028\\u2029]"


def read_identifier(source: Sql, max_length: int) -> Reading:
    """An id of at most `max_length` characters, without control or invisible characters."""
    return Reading(
        cell=source,
        parse=lambda cell: case(
            (f"char_length({cell}) <= {max_length} and not {matches(cell, _FORBIDDEN)}", cell)
        ),
        problems=(
            Problem("too_long", lambda cell, _: f"(char_length({cell}) > {max_length})"),
            Problem("invalid", lambda cell, parsed: f"({cell} is not null and {parsed} is null)"),
        ),
    )
