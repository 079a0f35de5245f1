"""Workbooks do what every format does."""

from __future__ import annotations

from mallfeed.formats.xlsx.format import XLSX
from tests.contract.formats.suite import RECORDS, FormatContract, Records
from tests.unit.feed.workbook import workbook


class TestXlsx(FormatContract):
    row = XLSX

    def written(self, records: Records) -> bytes:
        return workbook({"s": [list(records[0]), *(list(record.values()) for record in records)]})

    def torn(self) -> bytes:
        rows = [list(record.values()) for record in RECORDS]
        rows[2].append("one more")
        return workbook({"s": [list(RECORDS[0]), *rows]})
