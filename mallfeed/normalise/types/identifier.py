"""Product ids: taken as they are, only white space around them goes."""

from __future__ import annotations

from mallfeed.normalise.types.reading import Problem, Reading, Sql, is_longer
from mallfeed.product.sql import called, case


def read_identifier(source: Sql, max_length: int) -> Reading:
    """An id of at most `max_length` characters, without control or invisible characters."""
    return Reading(
        cell=source,
        parse=lambda cell: case(
            (f"not {is_longer(cell, max_length)} and {called('is_plain', cell)}", cell)
        ),
        problems=(
            Problem("too_long", lambda cell, _: is_longer(cell, max_length)),
            Problem("invalid", lambda cell, parsed: f"({cell} is not null and {parsed} is null)"),
        ),
    )
