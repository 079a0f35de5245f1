"""Marks before the text of a cell: what a nested record has where one value belongs.

Readers of nested records write them (`mallfeed.reading`), for only they still see the record's shape; the
text behind a mark is JSON. They are noncharacters, which no text holds; the JVM functions `no_value` and
`value_in` know them as well.
"""

from __future__ import annotations

from mallfeed.kinds.sql.pieces import Sql, case, matches, text

NESTED = "\ufdd2"
"""A list or an object stands there."""
MISPLACED = "\ufdd3"
"""The path leads through something of another shape, and this is it: `a[0].url`, and `a[0]` is a text."""

CONTAINER = r"^\s*+[{\[]"
"""How JSON begins that holds further values."""


def unmarked(cell: str) -> str:
    """The cell's text, for people."""
    return cell[1:] if cell[:1] in (NESTED, MISPLACED) else cell


def shown(cell: Sql) -> Sql:
    """`unmarked` in SQL."""
    return f"trim(leading {text(NESTED + MISPLACED)} from {cell})"


def holding(cell: Sql) -> Sql:
    """The cell for what keeps lists and objects, as JSON text; what is misplaced stays marked."""
    return f"trim(leading {text(NESTED)} from {cell})"


def found(cell: Sql) -> Sql:
    """The cell for what looks into it; null where the path led nowhere."""
    return case((f"not startswith({cell}, {text(MISPLACED)})", holding(cell)))


def marked_json(value: Sql) -> Sql:
    """The text of a list or an object marked as such, nothing of an empty one; any other text as it is."""
    is_json = f"({matches(value, CONTAINER)} and get_json_object({value}, '$') is not null)"
    marked = f"concat({text(NESTED)}, {value})"
    return case((f"{value} in ('[]', '{{}}')", "null"), (is_json, marked), otherwise=value)
