"""Excel workbooks by calamine: one sheet, its rows numbered as the sheet numbers them."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any

import pyarrow as pa
import python_calamine as calamine

from mallfeed.errors import FeedHeld
from mallfeed.formats.foreign import foreign
from mallfeed.formats.xlsx.extent import cells_spanned
from mallfeed.formats.xlsx.format import XLSX, XlsxOptions
from mallfeed.formats.xlsx.grid import Grid
from mallfeed.formats.xlsx.html_table import rows_of
from mallfeed.formats.xlsx.sheet_xml import sheet_notes
from mallfeed.kinds.sql.marks import unmarked
from mallfeed.reading import zip_members
from mallfeed.reading.budget import CELLS, ENTRIES, MAX_RATIO, UNPACKED, Work
from mallfeed.reading.chunk import MAX_CELL, Chunk, Found, text_schema
from mallfeed.reading.footer import without_footer
from mallfeed.reading.header import column_names, header_missing, other_header_row
from mallfeed.reading.part import OpenPart
from mallfeed.reading.records import decimal_text, to_json
from mallfeed.reading.signatures import HTML, beginning_of, content_of, page_title
from mallfeed.reading.zip_content import content_in

MAX_UNPACKED = 160 * 1024 * 1024
"""Bytes of XML in a workbook: it is held in memory as a whole, about as large."""
MAX_CELLS = 6_000_000
LOOKED_AT = 30
"""Rows among which the header is looked for where the named one does not name the columns."""


def read(part: OpenPart, options: XlsxOptions) -> Found:
    """The columns of the header row, and the rows below it; of a web page, those of its largest table.

    Raises FeedHeld `not_the_format`, `archive_ratio`, `encrypted_archive`, `sheet_missing`,
    `header_missing`, `record_too_large`, `too_many_columns`, and of a page `truncated`, `undecodable`.
    """
    if is_page(part):
        table = _cut(table_in(part), options.columns_read)
        return _found(part, iter(enumerate(table, 1)), options, fills_rows=True)
    file, name = part.file(), part.name
    refuse_other_zip(file, name)
    check_size(file, name, part.work)
    rows, part.facts["sheet"] = _rows(file, options, name, part.work, as_shown=part.wanted.as_shown)
    return _found(part, rows, options)


def _found(
    part: OpenPart,
    rows: Iterator[tuple[int, list[str | None]]],
    options: XlsxOptions,
    *,
    fills_rows: bool = False,
) -> Found:
    """`fills_rows`: each row has all its cells, so that one with fewer is damaged."""
    first = list(islice(rows, LOOKED_AT))
    rows = chain(first, rows)
    header = next((row for number, row in rows if number >= options.header_row), None)
    try:
        columns = _columns(header, options.header_row, part)
        hint = other_header_row(first, columns, part.wanted, XLSX.name)
    except FeedHeld as held:
        raise held.with_hint(
            other_header_row(first, [cell for cell in header or () if cell], part.wanted, XLSX.name)
        ) from None
    part.refuse_other_columns(columns)
    tables = _tables(rows, columns, part.label, len(columns) if fills_rows else 0)
    tables = without_footer(tables, options.footer_rows, part.wanted.named, part.facts)
    return Found(columns, text_schema(columns), tables, hint)


def _columns(header: list[str | None] | None, row: int, part: OpenPart) -> tuple[str, ...]:
    if header is None:
        raise header_missing(part.name, row)
    cells = [unmarked(cell or "") for cell in header]
    while cells and not cells[-1]:
        cells.pop()
    return column_names(cells, part.wanted, part.name)


def is_page(part: OpenPart) -> bool:
    """Whether it is a web page under a workbook's name."""
    return content_of(beginning_of(part.content)) is HTML


def table_in(part: OpenPart) -> list[list[str | None]]:
    """The rows of the page's table; raises FeedHeld where it has none, as an error page."""
    head = beginning_of(part.content)
    rows = rows_of(part)
    if not rows:
        raise foreign(HTML, part.name, "and holds no table", page_title(head))
    return rows


def refuse_other_zip(file: IO[bytes], name: str) -> None:
    """Raises FeedHeld where a zip is something else than a workbook, such as a document."""
    found = None
    with contextlib.suppress(Exception), zipfile.ZipFile(file) as archive:  # damaged: told later
        found = content_in(archive)
    if found is not None and found.key not in XLSX.takes:
        raise foreign(found, name, f"where the catalog says `format: {XLSX.name}`")
    file.seek(0)


def check_size(file: IO[bytes], name: str, work: Work) -> None:
    """Raises FeedHeld where the workbook is too large to be held in memory, or damaged."""
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":
        file.seek(0)
        return
    work.spend(ENTRIES, zip_members.entries_in(file), name, "in the workbook")
    try:
        with zipfile.ZipFile(file) as archive:
            for info, pieces in _members(archive, file, name, work):
                rows, columns = cells_spanned(pieces, exactly=False)
                if rows * columns > MAX_CELLS:  # it may be cells without content that reach so far
                    rows, columns = cells_spanned(zip_members.content_of(archive, info))
                if rows * columns > MAX_CELLS:
                    raise _too_many_cells(name, rows, columns)
    except FeedHeld:
        raise
    except Exception as error:
        if zip_members.is_cut_short(file):
            raise FeedHeld(
                "truncated",
                f"{name} is a workbook whose end is missing: it was cut short. Upload it again, whole.",
            ) from error
        raise FeedHeld(
            "not_the_format",
            f"{name} is a damaged workbook: what is packed in it cannot be unpacked. Save and upload it again.",
        ) from error
    file.seek(0)


def _members(
    archive: zipfile.ZipFile, file: IO[bytes], name: str, work: Work
) -> Iterator[tuple[zipfile.ZipInfo, Iterator[bytes]]]:
    """The members, each with its content, to be taken whole before the next one."""
    total, size_bytes = 0, file.seek(0, 2)

    def content(info: zipfile.ZipInfo) -> Iterator[bytes]:
        nonlocal total
        for piece in zip_members.content_of(archive, info):
            total += len(piece)
            is_much = work.is_beyond(UNPACKED, total) and total > MAX_RATIO * size_bytes
            if is_much or total > MAX_UNPACKED:
                raise FeedHeld(
                    "archive_ratio",
                    f"{name} unpacks to more than {min(total, MAX_UNPACKED):,} bytes, too large for a workbook. "
                    "Send so many products as CSV.",
                )
            work.spend(UNPACKED, len(piece), name, f"in its {info.filename}")
            yield piece

    return ((info, content(info)) for info in archive.infolist())


def _too_many_cells(name: str, rows: int, columns: int) -> FeedHeld:
    return FeedHeld(
        "record_too_large",
        f"{name}: {rows:,} rows by {columns:,} columns are too many for a workbook. Delete empty rows "
        "and columns, or send CSV.",
    )


def _rows(
    file: IO[bytes], options: XlsxOptions, name: str, work: Work, *, as_shown: bool
) -> tuple[Iterator[tuple[int, list[str | None]]], str]:
    """Numbered rows, and the sheet that they are of."""
    try:
        workbook = calamine.CalamineWorkbook.from_filelike(file)
        _refuse_sheets(workbook, options.sheet, name)
        sheet = workbook.get_sheet_by_name(options.sheet or first_visible(workbook))
        if sheet.height * sheet.width > MAX_CELLS:
            raise _too_many_cells(name, sheet.height, sheet.width)
        values = sheet.to_python(skip_empty_area=True)
        merged = sheet.merged_cell_ranges or []
    except FeedHeld:
        raise
    except calamine.PasswordError as error:
        raise FeedHeld(
            "encrypted_archive", f"{name} is protected by a password. Send it without."
        ) from error
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise FeedHeld(
            "not_the_format",
            f"{name} is no workbook that can be read: its sheets, or what describes them, are damaged or of a kind that is "
            "not known. Save it as .xlsx.",
        ) from error
    first, left = sheet.start or (0, 0)
    cells = [[shown(value) for value in row] for row in values]
    grid = Grid(cells, first, left)
    notes = sheet_notes(file, sheet.name, lambda n: _spend(work, n, name), as_shown=as_shown)
    grid.note(notes)
    grid.name_columns(merged, options.header_row - 1, options.header_row - 1)
    grid.fill(merged, options.header_row - 1, lambda n: _spend(work, n, name))
    width = options.columns_read
    return enumerate(_cut(cells, width and max(width - left, 0)), first + 1), sheet.name


def _cut(rows: list[list[str | None]], width: int | None) -> list[list[str | None]]:
    return rows if width is None else [row[:width] for row in rows]


def _spend(work: Work, cells: int, name: str) -> None:
    work.spend(CELLS, cells, name, "under its links and merged ranges")


def _refuse_sheets(workbook: Any, wanted: str | None, name: str) -> None:
    """Raises FeedHeld `sheet_missing` where the sheet that is asked for is not there, or no sheet has cells."""
    metadata = workbook.sheets_metadata
    of_cells = [one.name for one in metadata if one.typ == calamine.SheetTypeEnum.WorkSheet]
    if not of_cells:
        what = (
            "has sheets of charts or macros only" if metadata else "is a workbook without a sheet"
        )
        raise FeedHeld(
            "sheet_missing",
            f"{name} {what}: none of them has cells. Save the sheet with the products as .xlsx.",
        )
    if wanted is not None and wanted not in of_cells:
        is_there = wanted in workbook.sheet_names
        what = (
            f"has charts or macros in the sheet {wanted}, and no cells"
            if is_there
            else f"has no sheet {wanted}"
        )
        raise FeedHeld(
            "sheet_missing",
            f"{name} {what}; it has {', '.join(of_cells)}. Name the sheet as agreed, or agree on another one in a new "
            "catalog version.",
        )


def first_visible(workbook: Any) -> str:
    """The first sheet that people see; the first of all where they see none."""
    shown_ones = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.visible == calamine.SheetVisibleEnum.Visible
        and sheet.typ == calamine.SheetTypeEnum.WorkSheet
    ]
    return str((shown_ones or workbook.sheet_names)[0])


def shown(value: Any) -> str | None:
    """A cell as the sheet shows it: whole numbers without `.0`, dates as ISO 8601."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e18 else _decimal(value)
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _decimal(value: float) -> str:
    return decimal_text(Decimal(repr(value)))


def _tables(
    rows: Iterator[tuple[int, list[str | None]]],
    columns: Sequence[str],
    label: str,
    fewest: int = 0,
) -> Iterator[pa.Table]:
    """The rows; one with fewer than `fewest` cells has lost some, and nobody knows which."""
    width = len(columns)
    chunk = Chunk(columns, label)
    for number, cells in rows:
        if not any(cell and cell.strip() for cell in cells):
            continue
        extra = [cell for cell in cells[width:] if cell]
        if extra or len(cells) < fewest:
            detail = f"{len(cells)} columns, expected {width}"
            chunk.bad(number, "malformed_row", detail, to_json(cells))
        elif any(cell and len(cell) > MAX_CELL for cell in cells):
            detail = f"a cell of more than {MAX_CELL:,} characters"
            chunk.bad(number, "cell_too_large", detail, to_json(cells[:1]))
        else:
            chunk.good(number, [*cells[:width], *[None] * (width - len(cells))])
        if chunk.is_full():
            yield chunk.table()
            chunk = Chunk(columns, label)
    if chunk.rows:
        yield chunk.table()
