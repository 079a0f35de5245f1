"""A spreadsheet's marks around a code that is to stay text: `'0088` and `="0099"`.

Excel's leading apostrophe, and the formula that exports write so that Excel keeps leading zeros; and the apostrophe that
they put before a text that Excel would take for a formula: `'-20% off`.
"""

from __future__ import annotations

from mallfeed.kinds.sql.pieces import Sql, called, case, matches

_SURE = r"""^(?:="[^"]*"|'[0-9][0-9 ._/-]*)$"""


def without_text_mark(cell: Sql) -> Sql:
    """The code itself."""
    return called("without_text_mark", cell)


def has_text_mark(cell: Sql) -> Sql:
    """Whether the code stands in one; null for null."""
    return f"({without_text_mark(cell)} <> {cell})"


def no_lone_mark(cell: Sql) -> Sql:
    """The cell; null where a mark stands around nothing, as `=""` of an empty code."""
    return called("no_lone_mark", cell)


def without_sure_mark(cell: Sql) -> Sql:
    """The text without a mark that can be nothing else: a formula that is a text, an apostrophe before digits alone
    (`'90s` is no code)."""
    sure = f"({_begins(cell)} and {matches(cell, _SURE)})"
    return case((sure, without_text_mark(cell)), otherwise=cell)


def without_guard(cell: Sql) -> Sql:
    """The text without the apostrophe that guards a spreadsheet against it (`WithoutGuard.java`)."""
    return called("without_guard", cell)


def _begins(cell: Sql) -> Sql:
    """Few cells have a mark: the pattern is asked of those alone."""
    return f"left(ltrim({cell}), 1) in ('=', '\\'')"
