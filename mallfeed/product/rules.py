"""Rules of single canonical fields and between them, beyond what a field type can know."""

from __future__ import annotations

from mallfeed.product.sql import case, shortened, text
from mallfeed.product.types.currency import without_decimals
from mallfeed.product.types.reading import Problem, Reading, Sql

_LIMIT = "cast('9999999999999999.99' as decimal(38,6))"


def price_rules(reading: Reading, currency: Sql) -> Reading:
    """A price is above zero, fits decimal(18,2), and has the decimals that its currency has."""
    return _amount_rules(reading, currency, Problem("not_positive", lambda _, p: f"({p} <= 0)"))


def list_price_rules(reading: Reading, currency: Sql, own_currency: Sql) -> Reading:
    """As a price; in the product's currency. That it is not below the price is checked later."""
    checked = _amount_rules(reading, currency, Problem("not_positive", lambda _, p: f"({p} <= 0)"))
    return _same_currency(checked, currency, own_currency)


def shipping_fee_rules(reading: Reading, currency: Sql, own_currency: Sql) -> Reading:
    """−1 (collect on delivery), 0 (free) or an amount, in the product's currency."""
    negative = Problem("out_of_range", lambda _, p: f"({p} < 0 and {p} <> -1)")
    return _same_currency(_amount_rules(reading, currency, negative), currency, own_currency)


def _amount_rules(reading: Reading, currency: Sql, refused: Problem) -> Reading:
    def fitted(parsed: Sql) -> Sql:
        whole = f"cast(round({parsed}, 0) as decimal(38,6))"
        cents = f"cast(round({parsed}, 2) as decimal(38,6))"
        return case((without_decimals(currency), whole), otherwise=cents)

    outside = Problem("out_of_range", lambda _, p: f"({p} not between -{_LIMIT} and {_LIMIT})")
    # Rounding to nothing would make a free product of a price: 0.4 won is no price.
    vanishing = Problem("not_positive", lambda _, p: f"({p} > 0 and {fitted(p)} = 0)")
    rounded = Problem("rounded", lambda _, p: f"({p} <> {fitted(p)})", False)
    losing = (refused, outside, vanishing)

    def value(cell: Sql, parsed: Sql) -> Sql:
        bad = " or ".join(problem.condition(cell, parsed) for problem in losing)
        return case((f"not ({bad})", f"try_cast({fitted(parsed)} as decimal(18,2))"))

    return Reading(
        reading.cell, reading.parse, value, (*reading.problems, *losing, rounded), "decimal(18,2)"
    )


def _same_currency(reading: Reading, currency: Sql, own: Sql) -> Reading:
    other = f"({own} is not null and {own} is distinct from {currency})"
    value = reading.value
    return Reading(
        reading.cell,
        reading.parse,
        lambda c, p: case((f"not {other}", value(c, p))),
        (Problem("other_currency", lambda _c, _p: other), *reading.problems),
        reading.sql_type,
    )


def list_price_kept(list_price: Sql, price: Sql) -> Sql:
    """Whether the price before discount is not below the price."""
    return f"({list_price} >= {price})"


def fault(code: Sql, field: str | None, value: Sql) -> Sql:
    """One reject or warning as a struct."""
    name = text(field) if field is not None else "cast(null as string)"
    return (
        f"named_struct('code', {code}, 'field', {name}, 'value', cast({shortened(value)} as string))"
    )
