"""Amounts of money."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from pydantic import Field

from mallfeed.kinds.kind import Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.problems import unreadable
from mallfeed.kinds.reading import Context, Problem, Reading
from mallfeed.kinds.sources import Cells
from mallfeed.kinds.sql.amounts import AMOUNT, NO_CURRENCY, DecimalMark, amount
from mallfeed.kinds.sql.currencies import named_in
from mallfeed.kinds.sql.marks import shown
from mallfeed.kinds.sql.pieces import Sql, case, matches, stripped, text
from mallfeed.kinds.sql.vocabulary import meaning_of
from mallfeed.kinds.target import Target


class MoneyType(FieldType):
    """An amount: `12,900`, `₩12,900`, `12900원`, `12900.00KRW`, `10 000,00`, `1.144.000`, `1.29E+04`."""

    type: Literal["money"] = "money"
    decimal_mark: Literal[".", ",", "auto"] = Field(
        default="auto",
        description="Which of `.` and `,` marks decimals where both readings are possible. `auto` "
        "takes the last mark as decimal only when it cannot group thousands, and a point before three digits "
        "where the currency has three decimals (KWD). Where it has none (KRW), an amount like `12,00`, whose thousands "
        "are not grouped in threes, is refused.",
    )


def _read(options: MoneyType, cells: Cells, target: Target, context: Context) -> Reading:
    """An amount as decimal(38,6); what does not fit the field's type is told by the field's rules.

    A fee may be said in words (무료, 착불): the field's spellings. A sale price of zero is how shops say that there
    is none.
    """
    mark: DecimalMark = "." if cells.are_numbers else options.decimal_mark
    cell = cells.first
    if target.zero_is_none:
        no_sale = _is_no_sale(cells, target.sales, mark, context.currency)
        cell = _first_above_zero(cells, target.sales, no_sale)
    if target.spellings:
        cell = f"coalesce({meaning_of(cell, target.words)}, {cell})"
    is_money = (
        target.maximum is None
    )  # what has an upper bound is a rating, and 4,5 of five stars are clear
    usual = text(context.currency) if is_money else NO_CURRENCY
    return Reading(
        cell=cell,
        parse=lambda cell: amount(cell, mark, usual),
        amount=lambda cell, currency: amount(cell, mark, currency),
        problems=(*((_unclear(mark),) if is_money else ()), unreadable("not_a_number")),
        sql_type=AMOUNT,
        written=shown,
    )


def _first_above_zero(cells: Cells, sales: int, no_sale: Callable[[Sql], Sql]) -> Sql:
    """The first that is not blank, not zero and, of a sale's, no sale; the last one whatever it is."""
    *others, last = [stripped(cell) for cell in cells.texts]
    filled = []
    for place, cell in enumerate(others):
        counts = f"({matches(cell, '[1-9]')} or not {matches(cell, '0')})"
        if place < sales:
            counts = f"{counts} and not {no_sale(cell)}"
        filled.append(case((counts, cell)))
    return f"coalesce({', '.join((*filled, last))})" if others else last


def _is_no_sale(cells: Cells, sales: int, mark: DecimalMark, currency: str) -> Callable[[Sql], Sql]:
    """Whether a sale's price is no lower than the usual one, which stands behind those of sales."""
    usual = stripped(cells.texts[sales])

    def read(cell: Sql) -> Sql:
        return amount(cell, mark, text(currency))

    def holds(cell: Sql) -> Sql:
        alike = f"{named_in(cell, currency)} <=> {named_in(usual, currency)}"
        lower = f"{read(usual)} > 0 and {read(cell)} >= {read(usual)}"
        return f"coalesce({lower} and {alike}, false)"

    return holds


def _unclear(mark: DecimalMark) -> Problem:
    """Thousands that are not grouped in threes: nothing else makes an amount unreadable for its currency alone."""
    return Problem(
        "unclear", lambda cell, parsed: f"({parsed} is null and {amount(cell, mark)} is not null)"
    )


def _as_text(_options: MoneyType, value: Sql, _context: Context) -> Sql:
    return f"cast(try_cast({value} as decimal(38,2)) as string)"


MONEY = Kind(
    name="money",
    options=MoneyType,
    default=MoneyType(),
    holds=("money", "decimal", "integer"),
    read=_read,
    problems=("unclear", "not_a_number"),
    knows_numbers=True,
    known_words=lambda _, target: target.words,
    sql_type="decimal(18,2)",
    index_types=("scaled_float",),
    as_text=_as_text,
    raw_column="decimal(18,2)",
)
