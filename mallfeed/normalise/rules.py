"""Rules of single canonical fields and between them, beyond what a field type can know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mallfeed.kinds.reading import Problem, Reading
from mallfeed.kinds.sql.currencies import decimals, named_in
from mallfeed.kinds.sql.pieces import Sql, called, case, text

CURRENCY = "_currency"
"""Where the product's currency stands, beside the cells."""


def price_currency(catalog_currency: str, readings: Mapping[str, Reading]) -> Sql:
    """The product's currency: what the price's text names, else the column, else the catalog."""
    says = text(catalog_currency)
    column = readings.get("currency")
    if column is not None:
        says = case((f"{column.cell} is null", says), otherwise=column.parse(column.cell))
    if "price" not in readings:
        return says
    return f"coalesce({named_in(readings['price'].cell, catalog_currency)}, {says})"


def with_amount_rules(readings: Mapping[str, Reading]) -> dict[str, Reading]:
    """The readings, those of amounts and currency with the rules of their fields.

    A price is above zero; a shipping fee is −1 (collect on delivery), 0 (free) or an amount; all fit
    decimal(18,2), have the decimals that the currency has, and are in the product's currency, which stands
    in the column CURRENCY.
    """
    out = dict(readings)
    not_positive = Problem("not_positive", lambda _, p: f"({p} <= 0)")
    not_a_fee = Problem("out_of_range", lambda _, p: f"({p} < 0 and {p} <> -1)")
    for name, refused in (
        ("price", not_positive), ("list_price", not_positive), ("shipping_fee", not_a_fee)
    ):  # fmt: skip
        if name in out:
            out[name] = _amount_rules(out[name], f"f_{name}", refused)
            if name != "price":
                out[name] = _same_currency(out[name], f"n_{name}")
    if "currency" in out and "price" in out:
        conflict = Problem("conflict", lambda _, p: f"({p} <> {CURRENCY})", loses_value=False)
        out["currency"] = out["currency"].with_problem(conflict)
    return out


def below_price() -> Sql:
    """Whether the price before discount is below the price, which it cannot be."""
    return "(v_list_price < v_price)"


def fit(reading: Reading, cell: Sql) -> Sql:
    """SQL of what fitting an amount to its currency costs: out_of_range, rounded, or null."""
    return called("fit_problem", reading.number(cell), CURRENCY, decimals())


def _amount_rules(reading: Reading, fitting: Sql, refused: Problem) -> Reading:
    """`fitting` is the column of `fit`. Rounding to nothing makes no free product: 0.4 won is 0."""

    def number(cell: Sql) -> Sql:
        return reading.amount(cell, CURRENCY) if reading.amount else reading.parse(cell)

    lost = f"({fitting} = 'rounded_to_nothing')"
    to_nothing = Problem("rounded_to_nothing", lambda _c, _p: lost)
    outside = Problem("out_of_range", lambda _c, _p: f"({fitting} = 'out_of_range')")
    rounded = Problem("rounded", lambda _c, _p: f"({fitting} = 'rounded')", False)
    return replace(
        reading,
        number=number,
        parse=lambda cell: called("fitted", number(cell), CURRENCY, decimals()),
        value=lambda cell, parsed: case(
            (f"not coalesce({lost}, false) and not {refused.condition(cell, parsed)}", parsed)
        ),
        problems=(outside, *reading.problems, to_nothing, refused, rounded),
        sql_type="decimal(18,2)",
    )


def _same_currency(reading: Reading, own: Sql) -> Reading:
    other = f"({own} is not null and {own} is distinct from {CURRENCY})"
    value = reading.value
    return replace(
        reading,
        value=lambda c, p: case((f"not {other}", value(c, p))),
        problems=(Problem("other_currency", lambda _c, _p: other), *reading.problems),
    )
