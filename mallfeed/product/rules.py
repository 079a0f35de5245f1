"""Rules of single canonical fields and between them, beyond what a field type can know."""

from __future__ import annotations

from collections.abc import Mapping

from mallfeed.product.sql import case, text
from mallfeed.product.types.currency import without_decimals
from mallfeed.product.types.reading import Problem, Reading, Sql

_LIMIT = "cast('9999999999999999.99' as decimal(38,6))"


def price_currency(catalog_currency: str, readings: Mapping[str, Reading]) -> Sql:
    """The product's currency: what the price's text names, else the column, else the catalog."""
    says = text(catalog_currency)
    if "currency" in readings:
        says = case(("c_currency is null", says), otherwise="p_currency")
    return f"coalesce(n_price, {says})" if "price" in readings else says


def with_amount_rules(readings: Mapping[str, Reading], currency: Sql) -> dict[str, Reading]:
    """The readings, those of amounts and currency with the rules of their fields.

    A price is above zero; a shipping fee is −1 (collect on delivery), 0 (free) or an amount; all fit
    decimal(18,2), have the decimals that the currency has, and are in the product's currency.
    """
    out = dict(readings)
    not_positive = Problem("not_positive", lambda _, p: f"({p} <= 0)")
    not_a_fee = Problem("out_of_range", lambda _, p: f"({p} < 0 and {p} <> -1)")
    for name, refused in (
        ("price", not_positive), ("list_price", not_positive), ("shipping_fee", not_a_fee)
    ):  # fmt: skip
        if name in out:
            out[name] = _amount_rules(out[name], currency, refused)
            if name != "price":
                out[name] = _same_currency(out[name], currency, f"n_{name}")
    if "currency" in out and "price" in out:
        conflict = Problem("conflict", lambda _, p: f"({p} <> n_price)", loses_value=False)
        out["currency"] = out["currency"].with_problem(conflict)
    return out


def below_price() -> Sql:
    """Whether the price before discount is below the price, which it cannot be."""
    return "(v_list_price < v_price)"


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
