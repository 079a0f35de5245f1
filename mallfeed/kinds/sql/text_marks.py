"""A spreadsheet's marks around a code that is to stay text: `'0088` and `="0099"`.

Excel's leading apostrophe, and the formula that exports write so that Excel keeps leading zeros.
"""

from __future__ import annotations

from mallfeed.kinds.sql.pieces import Sql, case, stripped, text


def without_text_mark(cell: Sql) -> Sql:
    """The code itself."""
    inner = stripped(f"substring({cell}, 3, char_length({cell}) - 3)")
    return case(
        (_is_formula(cell), inner),
        (_has_apostrophe(cell), stripped(f"substring({cell}, 2)")),
        otherwise=cell,
    )


def has_text_mark(cell: Sql) -> Sql:
    """Whether the code stands in one; null for null."""
    return f"({_is_formula(cell)} or {_has_apostrophe(cell)})"


def _is_formula(cell: Sql) -> Sql:
    formula = text('="')
    long = f"char_length({cell}) > 3"
    return f"(startswith({cell}, {formula}) and endswith({cell}, '\"') and {long})"


def _has_apostrophe(cell: Sql) -> Sql:
    apostrophe = text("'")
    return f"(startswith({cell}, {apostrophe}) and char_length({cell}) > 1)"
