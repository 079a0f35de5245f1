"""Which columns the database's tables have, from its information_schema, with types as DDL writes them.

`information_schema.columns` is PostgreSQL's and Redshift's alike: one query, no table of ours is read.
"""

# ruff: noqa: S608 - values enter through `literals` only
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from mallfeed.sinks.sql import literals as lit

Columns = dict[str, dict[str, str]]
"""Table → column → type."""

_NAMES = {
    "character varying": "VARCHAR",
    "numeric": "DECIMAL",
    "timestamp without time zone": "TIMESTAMP",
}


def query(tables: Iterable[str]) -> str:
    """The query for the columns of these tables, where an unqualified CREATE TABLE puts them."""
    wanted = ", ".join(lit.text(table) for table in tables)
    return (
        "SELECT table_name, column_name, data_type, character_maximum_length, numeric_precision, "
        "numeric_scale FROM information_schema.columns WHERE table_schema = CURRENT_SCHEMA() "
        f"AND table_name IN ({wanted}) ORDER BY table_name, ordinal_position"
    )


def columns(rows: Sequence[Sequence[Any]]) -> Columns:
    """What the rows of that query say; a table that is not there has no entry."""
    found: Columns = {}
    for table, column, *kind in rows:
        found.setdefault(str(table), {})[str(column)] = _type(*kind)
    return found


def _type(name: str, length: Any, precision: Any, scale: Any) -> str:
    kind = _NAMES.get(name, name.upper())
    if kind == "VARCHAR" and length is not None:
        return f"{kind}({int(length)})"
    if kind == "DECIMAL" and precision is not None:
        return f"{kind}({int(precision)},{int(scale or 0)})"
    return kind
