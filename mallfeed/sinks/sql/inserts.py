"""INSERT … VALUES of many rows, cut into statements that a database takes."""

# ruff: noqa: S608 - values enter through `literals` only
from __future__ import annotations

from collections.abc import Iterable, Sequence


def inserts(table: str, rows: Sequence[str], most_bytes: int) -> list[str]:
    """Statements whose values take at most so many bytes of UTF-8; rows as `literals.row` writes them.

    By position: the values are those of the table's first columns.
    """
    return [f"INSERT INTO {table} VALUES {', '.join(part)}" for part in _parts(rows, most_bytes)]


def _parts(rows: Iterable[str], most_bytes: int) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    size = 0
    for one in rows:
        length = len(one.encode()) + 2
        if parts[-1] and size + length > most_bytes:
            parts.append([])
            size = 0
        parts[-1].append(one)
        size += length
    return parts
