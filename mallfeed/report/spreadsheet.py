"""A report's example rows as CSV that a spreadsheet opens without harm."""

from __future__ import annotations

import csv
import io
from typing import Any

from mallfeed.visible import visible

COLUMNS = ("kind", "row", "code", "field", "value", "message_ko", "message")

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet treat a cell as a formula (OWASP, CSV injection; full-width as well)."""


def csv_bytes(report: dict[str, Any]) -> bytes:
    """The rejected rows and those with warnings, UTF-8 with BOM (so that Excel shows Korean), CRLF."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for kind, name in (("rejected", "rejects"), ("warning", "warnings")):
        for problem in report.get(name, ()):
            row = {**problem, "kind": kind}
            writer.writerow([safe_cell(row.get(column)) for column in COLUMNS])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")


def safe_cell(value: object) -> str:
    """The value as text, hidden characters shown; with an apostrophe in front if it would be
    treated as a formula."""
    text = "" if value is None else str(value)
    begins = text.lstrip(" ").startswith(_FORMULA)
    return f"'{visible(text)}" if begins else visible(text)
