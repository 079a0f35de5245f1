"""CSV does what every format does."""

from __future__ import annotations

import csv
import io
from typing import ClassVar

from mallfeed.formats.csv.format import CSV
from tests.contract.formats.suite import RECORDS, FormatContract, Records


class TestCsv(FormatContract):
    row = CSV

    def written(self, records: Records) -> str:
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(records[0])
        writer.writerows(record.values() for record in records)
        return out.getvalue()

    def torn(self) -> str:
        return self.written(RECORDS).replace(RECORDS[2]["c1"], f"{RECORDS[2]['c1']},one more")


class TestCsvWithoutHeader(TestCsv):
    options: ClassVar = {"header": False, "columns": ["c0", "c1", "c2", "c3"], "quote": None}

    def written(self, records: Records) -> str:
        return "".join(f"{','.join(record.values())}\n" for record in records)
