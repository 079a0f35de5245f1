"""Global trade item numbers: GTIN-8, -12 (UPC), -13 (EAN, ISBN) and -14 with their check digit."""

from __future__ import annotations

from mallfeed.product.sql import case, let, matches, replaced
from mallfeed.product.types.reading import Reading, Sql, unreadable

_DIGITS = "^(?:[0-9]{8}|[0-9]{12,14})$"


def read_gtin(source: Sql) -> Reading:
    """The digits, when their number and the check digit are right (GS1 General Specifications, 7.9)."""
    return Reading(
        cell=source,
        parse=lambda cell: case(
            (matches(cell, _DIGITS), case((_right(f"try_cast({cell} as bigint)"), cell))),
            otherwise=let(replaced(cell, r"[\s\u00a0‐-―-]++", ""), _checked),
        ),
        problems=(unreadable("invalid"),),
    )


def _checked(digits: Sql) -> Sql:
    right = let(f"try_cast({digits} as bigint)", lambda number: _right(number))
    return case((f"{matches(digits, _DIGITS)} and {right}", digits))


def _right(number: Sql) -> Sql:
    """The digits, from the right weighted 1, 3, 1, 3 …, sum up to a multiple of ten."""
    weighted = " + ".join(
        f"({number} div {10**place}L % 10) * {3 if place % 2 else 1}" for place in range(14)
    )
    return f"({number} > 0 and ({weighted}) % 10 = 0)"
