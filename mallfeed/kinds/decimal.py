"""Decimal numbers."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mallfeed.kinds.kind import Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.problems import tightest_high, tightest_low, unreadable, within
from mallfeed.kinds.reading import Context, Reading
from mallfeed.kinds.sources import Cells
from mallfeed.kinds.sql.amounts import AMOUNT, amount
from mallfeed.kinds.sql.pieces import Sql
from mallfeed.kinds.target import Target

_MOST_PLACES = 6
"""That amounts have behind the mark."""


class DecimalType(FieldType):
    """A decimal number."""

    type: Literal["decimal"] = "decimal"
    decimal_mark: Literal[".", ","] = Field(default=".", description="The decimal mark.")
    precision: int = Field(default=18, ge=1, le=38, description="Digits in all.")
    scale: int = Field(default=2, ge=0, le=18, description="Digits behind the mark.")
    minimum: float | None = Field(default=None, description="Smallest accepted value.")
    maximum: float | None = Field(default=None, description="Largest accepted value.")


def _read(options: DecimalType, cells: Cells, target: Target, _context: Context) -> Reading:
    """A decimal number, rounded half up to the option's scale."""
    mark, scale = "." if cells.are_numbers else options.decimal_mark, options.scale
    reading = Reading(
        cell=cells.first,
        parse=lambda cell: f"round({amount(cell, mark)}, {min(scale, _MOST_PLACES)})",
        problems=(unreadable("not_a_number"),),
        sql_type=AMOUNT,
    )
    largest = 10 ** (options.precision - scale) - 10.0**-scale
    low = tightest_low(options.minimum, target.minimum, -largest)
    return within(reading, low, tightest_high(options.maximum, target.maximum, largest))


def _as_text(options: DecimalType, value: Sql, _context: Context) -> Sql:
    places = min(options.scale, _MOST_PLACES)
    return f"cast(try_cast({value} as decimal(38,{places})) as string)"


DECIMAL = Kind(
    name="decimal",
    options=DecimalType,
    default=DecimalType(),
    holds=("decimal", "integer", "money"),
    read=_read,
    problems=("not_a_number", "out_of_range"),
    sql_type="decimal(18,2)",
    index_types=("scaled_float",),
    as_text=_as_text,
    raw_column="decimal(18,2)",
)
