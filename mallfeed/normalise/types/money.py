"""Amounts: one parser for all the ways in which prices are written."""

from __future__ import annotations

from typing import Literal

from mallfeed.normalise.types.reading import Reading, Sql, unreadable
from mallfeed.product.sql import called, text

DecimalMark = Literal[".", ",", "auto"]

AMOUNT = "decimal(38,6)"


def read_money(source: Sql, decimal_mark: DecimalMark) -> Reading:
    """An amount as decimal(38,6); what does not fit the field's type is told by the field's rules."""
    return Reading(
        cell=source,
        parse=lambda cell: amount(cell, decimal_mark),
        problems=(unreadable("not_a_number"),),
        sql_type=AMOUNT,
    )


def amount(cell: Sql, decimal_mark: DecimalMark) -> Sql:
    """The number in the text, or null when it is not exactly one number."""
    return called("number", cell, text(decimal_mark))
