"""Amounts: one parser for all the ways in which prices and other numbers are written."""

from __future__ import annotations

from typing import Literal

from mallfeed.kinds.sql.currencies import decimals
from mallfeed.kinds.sql.pieces import Sql, called, text

DecimalMark = Literal[".", ",", "auto"]

AMOUNT = "decimal(38,6)"
_FARTHEST = 1e31


NO_CURRENCY = "''"


def amount(cell: Sql, decimal_mark: DecimalMark, currency: Sql = NO_CURRENCY) -> Sql:
    """The number in the text, or null when it is not exactly one number. What `auto` reads as thousands
    depends on the decimals of the currency: `1.255` is 1255 won, and one dinar of Kuwait and a quarter."""
    return called("number", cell, text(decimal_mark), currency, decimals())


def as_amount(bound: float) -> Sql:
    """A bound as a literal that amounts are compared with; one that no parsed number can reach as the
    farthest that can be written."""
    within = max(-_FARTHEST, min(bound, _FARTHEST))
    return f"cast('{within:.6f}' as {AMOUNT})"
