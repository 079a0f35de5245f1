"""The record that names a feed's columns."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from mallfeed.errors import FeedHeld
from mallfeed.reading.raw_columns import BOOKKEEPING
from mallfeed.reading.wanted import Wanted

MAX_COLUMNS = 2_000
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060\0"


def column_names(cells: Sequence[str], wanted: Wanted, name: str) -> tuple[str, ...]:
    """Trimmed, NFC, unique names; a blank one is `column_<number>`.

    A repeated name that no field reads gets its number too, `image (2)`.

    Raises FeedHeld `header_missing`, `header_duplicate`, `too_many_columns`.
    """
    if len(cells) > MAX_COLUMNS:
        raise too_many_columns(name, len(cells))
    trimmed = [trim(cell) for cell in cells]
    if not any(trimmed):
        raise header_missing(name)
    refuse_repeated(trimmed, wanted, name)
    return _unique(trimmed)


def refuse_repeated(columns: Sequence[str], wanted: Wanted, name: str) -> None:
    """Raises FeedHeld `header_duplicate` where a column that is read has the name of another: nobody
    knows which of them is meant."""
    named = set(wanted.named)
    twice = sorted(
        cell
        for cell, count in Counter(columns).items()
        if cell and count > 1 and (wanted.everything or cell in named)
    )
    if twice:
        places: dict[str, list[int]] = {c: [] for c in twice}
        for number, cell in enumerate(columns, 1):
            if cell in places:
                places[cell].append(number)
        table = "; ".join(f"{c} (columns {', '.join(map(str, places[c]))})" for c in twice)
        raise FeedHeld(
            "header_duplicate",
            f"{name}: columns named twice: {table}. Nothing was loaded; give each its own name.",
        )


def other_header_row(
    rows: Iterable[tuple[int, Sequence[str | None]]],
    columns: Sequence[str],
    wanted: Wanted,
    format_name: str,
) -> str:
    """A sentence where another of the first rows names more than twice as many columns that are read.

    `rows` with their numbers from 1; `columns` are those that the present header names.
    """
    named = set(wanted.named)
    most, best = max(2 * len(named.intersection(map(trim, columns))), 1), 0
    for number, cells in rows:
        known = len(named.intersection(trim(cell) for cell in cells if cell))
        if known > most:
            most, best = known, number
    if not best:
        return ""
    return (
        f"Row {best} names {most} of the columns that the catalog reads: have the file written as agreed, or say "
        f"`header_row: {best}` under {format_name}: in the new version."
    )


def header_missing(name: str, row: int = 1) -> FeedHeld:
    """Where the line that names the columns is not there; `row` is the one that should."""
    if row > 1:
        return FeedHeld(
            "header_missing",
            f"{name} ends before row {row:,}, which is to name the columns (`header_row` in the catalog). Send it as "
            "agreed, or name the row in a new catalog version.",
        )
    return FeedHeld(
        "header_missing",
        f"{name} has no header: its first record must name the columns. Send it with one, or say "
        "`header: false` with `columns:` in the catalog.",
    )


def too_many_columns(name: str, count: int) -> FeedHeld:
    """The feed that names thousands of columns: keys that are data, or a broken first line."""
    return FeedHeld(
        "too_many_columns",
        f"{name} has {count:,} columns, at most {MAX_COLUMNS:,} are read. Are keys used as data, or "
        "is the first line not the header?",
    )


def trim(cell: str) -> str:
    """A column's name as a catalog writes it."""
    return unicodedata.normalize("NFC", cell.strip().strip(_INVISIBLE).strip())


def without_ours(names: Collection[str]) -> tuple[str, ...]:
    """The names but those that the raw frame keeps for itself."""
    return tuple(name for name in names if name not in BOOKKEEPING)


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    given: set[str] = set(names)
    seen: set[str] = set(BOOKKEEPING)
    out = []
    for number, name in enumerate(names, 1):
        unique = name or f"column_{number}"
        again = 2
        while unique in seen or (unique != name and unique in given):
            unique = f"{name or 'column'} ({number if again == 2 else again})"
            again += number
        seen.add(unique)
        out.append(unique)
    return tuple(out)
