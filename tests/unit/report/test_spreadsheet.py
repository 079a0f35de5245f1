"""rejects.csv: opens in a spreadsheet, harmless, with Korean."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from mallfeed.report.spreadsheet import COLUMNS, csv_bytes, safe_cell


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "  =", " @"])
def test_a_formula_is_text(first: str) -> None:
    assert safe_cell(f"{first}1+1").startswith("'")


@pytest.mark.parametrize("plain", ["12900", "가격문의", "a=b", "", "x-1"])
def test_other_cells_stay_as_they_are(plain: str) -> None:
    assert safe_cell(plain) == plain


def test_every_example_is_a_row(report: dict[str, Any]) -> None:
    written = csv_bytes(report)
    assert written.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 1 + len(report["rejects"])
    assert all(cell[:1] not in ("=", "+", "-", "@", "\t", "\r") for row in rows for cell in row)
    assert rows[1][COLUMNS.index("message_ko")].startswith("판매가에 숫자가 아닌 값이 있습니다.")
