"""JSON does what every format does, in lines and in an array."""

from __future__ import annotations

import json
from typing import ClassVar

from mallfeed.formats.json.format import JSON
from tests.contract.formats.suite import RECORDS, FormatContract, Records


class TestJsonLines(FormatContract):
    row = JSON

    def written(self, records: Records) -> str:
        return "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records)

    def torn(self) -> str:
        lines = self.written(RECORDS).splitlines(keepends=True)
        return "".join([*lines[:2], lines[2][:-3] + "\n", *lines[3:]])


class TestJsonArray(FormatContract):
    row = JSON
    options: ClassVar = {"layout": "array", "records_path": "data.items"}

    def written(self, records: Records) -> str:
        return json.dumps({"data": {"items": records}}, ensure_ascii=False)

    def torn(self) -> str:
        return json.dumps({"data": {"items": [*RECORDS[:2], "a text", *RECORDS[3:]]}})
