"""A spreadsheet's marks around a code that is to stay text: `'0088` and `="0099"`.

Excel's leading apostrophe, and the formula that exports write so that Excel keeps leading zeros.
"""

from __future__ import annotations

from mallfeed.kinds.sql.pieces import Sql, called


def without_text_mark(cell: Sql) -> Sql:
    """The code itself."""
    return called("without_text_mark", cell)


def has_text_mark(cell: Sql) -> Sql:
    """Whether the code stands in one; null for null."""
    return f"({without_text_mark(cell)} <> {cell})"
