"""Whole numbers."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mallfeed.kinds.kind import Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.problems import tightest_high, tightest_low, unreadable, within
from mallfeed.kinds.reading import Context, Reading
from mallfeed.kinds.sources import Cells
from mallfeed.kinds.sql.amounts import AMOUNT
from mallfeed.kinds.sql.pieces import Sql, called
from mallfeed.kinds.target import Target


class IntegerType(FieldType):
    """A whole number; thousands separators allowed."""

    type: Literal["integer"] = "integer"
    minimum: int | None = Field(default=None, description="Smallest accepted value.")
    maximum: int | None = Field(default=None, description="Largest accepted value.")


def _read(options: IntegerType, cells: Cells, target: Target, _context: Context) -> Reading:
    """A whole number within an int's bounds; `1,234` and `1234.0` are whole too."""
    reading = Reading(
        cell=cells.first,
        parse=lambda cell: called("whole_number", cell),
        problems=(unreadable("not_a_number"),),
        sql_type=AMOUNT,
    )
    low = tightest_low(options.minimum, target.minimum, -(2**31))
    return within(reading, low, tightest_high(options.maximum, target.maximum, 2**31 - 1))


def _as_text(_options: IntegerType, value: Sql, _context: Context) -> Sql:
    return f"cast(try_cast({value} as decimal(38,0)) as string)"


INTEGER = Kind(
    name="integer",
    options=IntegerType,
    default=IntegerType(),
    holds=("integer",),
    read=_read,
    problems=("not_a_number", "out_of_range"),
    sql_type="int",
    index_types=("integer",),
    as_text=_as_text,
    raw_column="bigint",
)
