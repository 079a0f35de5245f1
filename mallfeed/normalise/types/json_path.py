"""A value out of JSON text inside a cell."""

from __future__ import annotations

from collections.abc import Callable

from mallfeed.normalise.types.reading import Sql
from mallfeed.product.sql import matches, text

CONTAINER = r"^\s*+[{\[]"
"""How JSON begins that a path can lead into."""


def found(cell: Sql, path: str) -> Sql:
    """Text of what the path leads to (JSON text of an object or array); null when nothing."""
    return f"get_json_object({cell}, {text(path)})"


def broken(cell: Sql) -> Callable[[Sql, Sql], Sql]:
    """Whether nothing was found because the cell holds no JSON object or array at all."""
    unread = f"(not {matches(cell, CONTAINER)} or get_json_object({cell}, '$') is null)"
    return lambda found_cell, _: f"({found_cell} is null and trim({cell}) <> '' and {unread})"
