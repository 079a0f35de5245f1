"""What a unit of a product costs (단위가격): its price for a base measure, such as 100 ml, from how much there is.

Where the mall names no base measure it is 100 g or 100 ml, as Korea's rules for displaying prices (가격표시제
실시요령) have it for most groceries, and one of everything else. Two measures of different kinds (750 ml for 100 g)
give no unit price. `sql` is for frames of the job, `of` for rows that are dictionaries; a test holds them together.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any, NamedTuple

from mallfeed.kinds.measure import UNITS
from mallfeed.kinds.sql.pieces import Sql, case, text

DEFAULT_BASES: Mapping[str, str] = {
    "weight": "100 g", "volume": "100 ml", "length": "1 m", "area": "1 m2", "number": "1 ea",
}  # fmt: skip
_FACTORS: dict[str, str] = {
    unit: size for units in UNITS.values() for unit, (size, _) in units.items()
}
_DIMENSIONS: dict[str, str] = {unit: name for name, units in UNITS.items() for unit in units}
_LARGEST, _MOST = 10**12, 10**16
"""Beyond what the index and the warehouse hold of a measure and of an amount."""
_PLACES, _CENT = Decimal("0.000001"), Decimal("0.01")


class UnitPrice(NamedTuple):
    """A price in the product's currency, to two decimals, and for how much that is."""

    price: Decimal
    measure: str


def of(row: Mapping[str, Any]) -> UnitPrice | None:
    """The unit price of a product; None if it has no measure, or another kind of base measure."""
    price, measure = row.get("price"), row.get("measure")
    if price is None or not measure:
        return None
    base = row.get("base_measure") or DEFAULT_BASES[_DIMENSIONS[_unit(measure)]]
    if _DIMENSIONS[_unit(base)] != _DIMENSIONS[_unit(measure)]:
        return None
    with localcontext(prec=60):
        whole, of_base = _amount(measure), _amount(base)
        if not 0 < whole < _LARGEST or of_base >= _LARGEST:
            return None
        exact = _rounded(Decimal(str(price)) * of_base / whole, _PLACES)
        price_of_base = _rounded(exact, _CENT)
        return UnitPrice(price_of_base, base) if price_of_base < _MOST else None


def other_dimension_sql(measure: Sql, base: Sql) -> Sql:
    """Whether two measures are of different kinds; null unless there are both."""
    return f"({_looked_up(measure, _DIMENSIONS)} <> {_looked_up(base, _DIMENSIONS)})"


def base_sql(measure: Sql, base: Sql) -> Sql:
    """For how much the unit price is; null if there is none."""
    usual = _looked_up(measure, {u: DEFAULT_BASES[name] for u, name in _DIMENSIONS.items()})
    same = f"not coalesce({other_dimension_sql(measure, base)}, false)"
    return case((f"{_amount_sql(measure)} > 0 and {same}", f"coalesce({base}, {usual})"))


def sql(price: Sql, measure: Sql, base: Sql) -> Sql:
    """The unit price as decimal(18,2); null if there is none."""
    of_base, whole = _amount_sql(base_sql(measure, base)), _amount_sql(measure)
    exact = f"try_divide(try_multiply({price}, {of_base}), {whole})"
    return f"try_cast(round({exact}, 2) as decimal(18,2))"


def _unit(measure: str) -> str:
    return measure.partition(" ")[2]


def _amount(measure: str) -> Decimal:
    """How many of the dimension's first whole unit."""
    number, _, unit = measure.partition(" ")
    return _rounded(Decimal(number) * Decimal(_FACTORS[unit]), _PLACES)


def _rounded(value: Decimal, to: Decimal) -> Decimal:
    return value.quantize(to, ROUND_HALF_UP)


def _amount_sql(measure: Sql) -> Sql:
    number = f"try_cast(substring_index({measure}, ' ', 1) as decimal(18,6))"
    factor = f"cast({_looked_up(measure, _FACTORS)} as decimal(14,9))"
    return f"try_cast(try_multiply({number}, {factor}) as decimal(18,6))"


def _looked_up(measure: Sql, meanings: Mapping[str, str]) -> Sql:
    """What the measure's unit means. The meanings are one text: Spark would go over as many conditions, in each of the
    many places where a unit is looked up, again and again."""
    unit = f"substring({measure}, locate(' ', {measure}) + 1)"
    pairs = text(";".join(f"{one}={meant}" for one, meant in meanings.items()))
    return f"try_element_at(str_to_map({pairs}, ';', '='), {unit})"
