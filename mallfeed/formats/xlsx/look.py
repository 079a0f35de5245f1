"""How a workbook is recognised, and in which sheet and row the products begin."""

from __future__ import annotations

import contextlib
from collections import Counter, deque
from collections.abc import Sequence
from typing import IO

import python_calamine as calamine

from mallfeed.errors import FeedHeld
from mallfeed.formats.looking import Beginning, Names, NotAFeed, Written, last_header
from mallfeed.formats.xlsx.format import XlsxOptions
from mallfeed.formats.xlsx.grid import Grid
from mallfeed.formats.xlsx.read import (
    check_size,
    first_visible,
    is_page,
    refuse_other_zip,
    shown,
    table_in,
)
from mallfeed.kinds.sql.marks import unmarked
from mallfeed.reading.footer import begins_with_total
from mallfeed.reading.part import OpenPart
from mallfeed.reading.wanted import Wanted

_LAST = 20
"""Rows that may be a footer."""
_HEADERS = 10
"""Rows of which one may name the columns."""
_MOST_ROWS = 50_000
"""Of longer sheets the end is not looked at."""


def look(file: Beginning) -> Written | None:
    """A workbook, since its magic bytes are there, or a page with a table.

    Raises NotAFeed where it cannot be read, or FeedHeld as loading it would.
    """
    with contextlib.ExitStack() as stack:
        part = OpenPart(file.content, file.name, Wanted(), stack, work=file.work)
        if is_page(part):
            options, why = _page(table_in(part), file.names)
            return Written(options, (why,))
        workbook = part.file()
        refuse_other_zip(workbook, file.name)
        try:
            check_size(workbook, file.name, file.work)
            options, why = _sheet(workbook, file.names)
        except FeedHeld:
            raise
        except Exception as error:
            raise NotAFeed(
                f"{file.name} is a workbook that cannot be read: it is damaged. Save it again, as .xlsx."
            ) from error
    return Written(options, (why,))


def _page(rows: list[list[str | None]], names: Names) -> tuple[XlsxOptions, str]:
    """The row of a web page's table that names its columns."""
    texts = [[unmarked(cell or "") for cell in row] for row in rows]
    place = 1 + _header_place(texts[:30], names)
    footer = _footer(texts[place:][-_LAST:])
    why = f"a web page saved as a workbook: its largest table has {len(rows):,} rows; row {place} names the columns"
    return XlsxOptions(header_row=place, footer_rows=footer), why + _said(footer)


def _sheet(file: IO[bytes], names: Names) -> tuple[XlsxOptions, str]:
    """The sheet with the most rows, and the row that names its columns."""
    file.seek(0)
    workbook = calamine.CalamineWorkbook.from_filelike(file)
    sheets = workbook.sheet_names
    sizes = {name: workbook.get_sheet_by_name(name).height for name in sheets}
    best = max(sheets, key=lambda name: sizes[name])
    sheet = workbook.get_sheet_by_name(best)
    top, left = sheet.start or (0, 0)
    first = top + 1
    cells = [
        [shown(cell) for cell in row] for row in sheet.to_python(skip_empty_area=True, nrows=30)
    ]
    Grid(cells, top, left).name_columns(sheet.merged_cell_ranges or [], top, top + _HEADERS - 1)
    rows = [[cell or "" for cell in row] for row in cells]
    place = _header_place(rows, names)
    last = deque(sheet.iter_rows(), _LAST) if place < sizes[best] <= _MOST_ROWS else ()
    footer = _footer(
        [[shown(cell) or "" for cell in row] for row in last][-(sizes[best] - place - 1) :]
    )
    options = XlsxOptions(
        sheet=None if best == first_visible(workbook) else best,
        header_row=first + place,
        footer_rows=footer,
    )
    return (
        options,
        f"sheet `{best}` has the most rows ({sizes[best]:,}); row {first + place} names the columns"
        + _said(footer),
    )


def _footer(rows: Sequence[Sequence[str]]) -> int:
    """How many of the last rows are no products: a total, or words in a single cell."""
    count = 0
    for row in reversed(rows):
        filled = [cell for cell in row if cell.strip()]
        is_alone = len(filled) == 1 and len(row) > 3
        if filled and not is_alone and not begins_with_total(row):
            break
        count += bool(filled)
    return 0 if count >= min(len(rows), _LAST) else count


def _said(footer: int) -> str:
    return f"; {footer} rows at the end are no products" if footer else ""


def _header_place(rows: list[list[str]], names: Names) -> int:
    """The row with the most names that are known; else the first that is as wide as most."""
    known = [sum(names.is_known(cell) for cell in row) for row in rows[:_HEADERS]]
    if known and max(known) >= 2:
        return last_header(rows[:_HEADERS], known.index(max(known)), names)
    widths = [sum(bool(cell) for cell in row) for row in rows]
    usual = Counter(widths).most_common(1)[0][0] if widths else 0
    wide = [i for i, width in enumerate(widths[:_HEADERS]) if width >= usual]
    return next((i for i in wide if names.are_first(rows[i : i + 20])[0]), wide[0] if wide else 0)
