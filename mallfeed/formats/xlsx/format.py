"""Excel workbooks, as a catalog says where the products are in them, and as a row among the formats."""

from __future__ import annotations

from pydantic import Field

from mallfeed.formats.footer_option import FOOTER_ROWS, MOST_FOOTER_ROWS
from mallfeed.formats.format import Format, Look, Weight
from mallfeed.yaml_files.part import YamlPart


class XlsxOptions(YamlPart):
    """Which sheet of a workbook holds the products.

    Workbooks are .xlsx, .xlsb, .xls of Excel 97 and later, and .ods; a web page saved as .xls is read as its largest table.
    """

    sheet: str | None = Field(
        default=None, description="Its name; null = the first that is not hidden."
    )
    header_row: int = Field(default=1, ge=1, description="Row that names the columns, from 1.")
    footer_rows: int = Field(default=0, ge=0, le=MOST_FOOTER_ROWS, description=FOOTER_ROWS)


XLSX = Format(
    name="xlsx",
    title_en="XLSX",
    title_ko="XLSX",
    reader="mallfeed.formats.xlsx.read:read",
    # Zipped XML, read cell by cell.
    weight=Weight(seconds=3.0, rows_mb=3.0, splitting=12.7),
    options=XlsxOptions,
    compressed=True,
    notes_cells=True,
    zip_signs=(b"[Content_Types].xml", b"xl/", b"_rels/", b"opendocument.spreadsheet"),
    takes=("workbook", "old_workbook", "open_workbook", "html"),
    look=Look("mallfeed.formats.xlsx.look:look", magic=(b"PK\x03\x04", b"\xd0\xcf\x11\xe0")),
)
