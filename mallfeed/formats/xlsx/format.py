"""Excel workbooks, as a catalog says where the products are in them, and as a row among the formats."""

from __future__ import annotations

from functools import reduce

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
    last_column: str | None = Field(
        default=None,
        pattern="^[A-Z]{1,3}$",
        description="The last column that is read, by its letters: `O` leaves aside what stands behind it, such as columns "
        "of the same names that are to be filled in. null = all.",
    )
    footer_rows: int = Field(default=0, ge=0, le=MOST_FOOTER_ROWS, description=FOOTER_ROWS)

    @property
    def columns_read(self) -> int | None:
        """How many columns are read, from A; None = all."""
        if self.last_column is None:
            return None
        return reduce(lambda sum_, letter: sum_ * 26 + ord(letter) - 64, self.last_column, 0)


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
