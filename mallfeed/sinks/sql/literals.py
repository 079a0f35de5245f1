"""SQL literals that mean the same in Redshift and in PostgreSQL, whatever the text holds.

A batch of the Data API takes no parameters, so values stand in the statement. Redshift reads `\\` in
a text as an escape, PostgreSQL does not: it is written as CHR(92).
"""

from __future__ import annotations

from datetime import UTC, datetime


def text(value: str | None) -> str:
    """A VARCHAR literal, or NULL. Raises ValueError for NUL, which no VARCHAR can hold."""
    if value is None:
        return "NULL"
    if "\x00" in value:
        raise ValueError(f"NUL in a text for the warehouse: {value!r}")
    quoted = [f"'{part}'" for part in value.replace("'", "''").split("\\")]
    return quoted[0] if len(quoted) == 1 else f"({' || CHR(92) || '.join(quoted)})"


def number(value: int | None) -> str:
    """An integer literal, or NULL."""
    return "NULL" if value is None else str(int(value))


def timestamp(value: datetime | None) -> str:
    """A TIMESTAMP literal in UTC with microseconds, or NULL."""
    if value is None:
        return "NULL"
    return f"'{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}'"


def name(column: str) -> str:
    """A column's name as the database gave it, quoted."""
    return '"' + column.replace('"', '""') + '"'


def row(*values: str) -> str:
    """`(a, b, …)`."""
    return f"({', '.join(values)})"
