"""Whole and decimal numbers, with bounds."""

from __future__ import annotations

from dataclasses import replace

from mallfeed.catalog.field_types import DecimalType, IntegerType
from mallfeed.normalise.types.money import AMOUNT, amount
from mallfeed.normalise.types.reading import Problem, Reading, Sql, unreadable
from mallfeed.product.sql import called, case

_FARTHEST = 1e31


def read_integer(
    options: IntegerType, source: Sql, bounds: tuple[float | None, float | None]
) -> Reading:
    """A whole number as bigint; `1,234` and `1234.0` are whole too."""
    low = _tightest(max, options.minimum, bounds[0], -(2**31))
    high = _tightest(min, options.maximum, bounds[1], 2**31 - 1)
    reading = Reading(
        cell=source,
        parse=lambda cell: called("whole_number", cell),
        problems=(unreadable("not_a_number"),),
        sql_type=AMOUNT,
    )
    return _bounded(reading, low, high)


def read_decimal(
    options: DecimalType, source: Sql, bounds: tuple[float | None, float | None]
) -> Reading:
    """A decimal number, rounded half up to the option's scale."""
    whole = 10 ** (options.precision - options.scale)
    reading = Reading(
        cell=source,
        parse=lambda cell: f"round({amount(cell, options.decimal_mark)}, {min(options.scale, 6)})",
        problems=(unreadable("not_a_number"),),
        sql_type=AMOUNT,
    )
    low = _tightest(max, options.minimum, bounds[0], -(whole - 10.0**-options.scale))
    high = _tightest(min, options.maximum, bounds[1], whole - 10.0**-options.scale)
    return _bounded(reading, low, high)


def _tightest(pick: object, *bounds: float | None) -> float:
    known = [bound for bound in bounds if bound is not None]
    return pick(known)  # type: ignore[operator,no-any-return]


def _bounded(reading: Reading, low: float, high: float) -> Reading:
    def outside(parsed: Sql) -> Sql:
        return f"({parsed} not between {_literal(low)} and {_literal(high)})"

    inside = replace(reading, value=lambda _, parsed: case((f"not {outside(parsed)}", parsed)))
    return inside.with_problem(Problem("out_of_range", lambda _, parsed: outside(parsed)))


def _literal(bound: float) -> Sql:
    """The bound; one that no parsed number can reach as the farthest that can be written."""
    return f"cast('{max(-_FARTHEST, min(bound, _FARTHEST)):.6f}' as decimal(38,6))"
