"""Amounts of money."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mallfeed.kinds.kind import Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.problems import unreadable
from mallfeed.kinds.reading import Context, Reading
from mallfeed.kinds.sources import Cells
from mallfeed.kinds.sql.amounts import AMOUNT, amount
from mallfeed.kinds.sql.marks import shown
from mallfeed.kinds.sql.pieces import Sql, text
from mallfeed.kinds.sql.vocabulary import meaning_of
from mallfeed.kinds.target import Target


class MoneyType(FieldType):
    """An amount: `12,900`, `₩12,900`, `12900원`, `12900.00KRW`, `10 000,00`, `1.144.000`, `1.29E+04`."""

    type: Literal["money"] = "money"
    decimal_mark: Literal[".", ",", "auto"] = Field(
        default="auto",
        description="Which of `.` and `,` marks decimals where both readings are possible. `auto` "
        "takes the last mark as decimal only when it cannot group thousands, and a point before three digits "
        "where the currency has three decimals (KWD).",
    )


def _read(options: MoneyType, cells: Cells, target: Target, context: Context) -> Reading:
    """An amount as decimal(38,6); what does not fit the field's type is told by the field's rules.

    A fee may be said in words (무료, 착불): the field's spellings.
    """
    mark = "." if cells.are_numbers else options.decimal_mark
    cell = cells.first
    if target.spellings:
        cell = f"coalesce({meaning_of(cell, target.words)}, {cell})"
    return Reading(
        cell=cell,
        parse=lambda cell: amount(cell, mark, text(context.currency)),
        amount=lambda cell, currency: amount(cell, mark, currency),
        problems=(unreadable("not_a_number"),),
        sql_type=AMOUNT,
        written=shown,
    )


def _as_text(_options: MoneyType, value: Sql, _context: Context) -> Sql:
    return f"cast(try_cast({value} as decimal(38,2)) as string)"


MONEY = Kind(
    name="money",
    options=MoneyType,
    default=MoneyType(),
    holds=("money", "decimal", "integer"),
    read=_read,
    problems=("not_a_number",),
    knows_numbers=True,
    known_words=lambda _, target: target.words,
    sql_type="decimal(18,2)",
    index_types=("scaled_float",),
    as_text=_as_text,
    raw_column="decimal(18,2)",
)
