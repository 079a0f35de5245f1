"""Fixed-width text does what every format does, its columns named by the catalog or by a header."""

from __future__ import annotations

from typing import ClassVar

from mallfeed.formats.fixed_width.format import FIXED_WIDTH
from tests.contract.formats.suite import RECORDS, FormatContract, Records
from tests.unit.feed.mutations import COLUMNS

WIDTHS = (24, 20, 28, 22)


class TestFixedWidth(FormatContract):
    row = FIXED_WIDTH
    options: ClassVar = {
        "encoding": "utf-8",
        "unit": "characters",
        "columns": [
            {"name": name, "width": width} for name, width in zip(COLUMNS, WIDTHS, strict=True)
        ],
    }

    def written(self, records: Records) -> str:
        return "".join(map(_line, (list(record.values()) for record in records)))

    def torn(self) -> str:
        lines = self.written(RECORDS).splitlines(keepends=True)
        return "".join([*lines[:2], lines[2][:60] + "\n", *lines[3:]])


class TestFixedWidthWithHeader(TestFixedWidth):
    options: ClassVar = {**TestFixedWidth.options, "header": True}

    def written(self, records: Records) -> str:
        return _line(list(records[0])) + super().written(records)

    def torn(self) -> str:
        return self.written(RECORDS).replace(RECORDS[2]["c1"], "")


def _line(cells: list[str]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True))
    return "".join(padded) + "\n"
