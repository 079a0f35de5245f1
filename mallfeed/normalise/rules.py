"""Rules of single canonical fields and between them, beyond what a field type can know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mallfeed.kinds.options import FieldType
from mallfeed.kinds.reading import Problem, Reading
from mallfeed.kinds.sql.currencies import UNKNOWN, decimals, named_in
from mallfeed.kinds.sql.pieces import Sql, called, case, text
from mallfeed.product.fields import Availability
from mallfeed.product.holding import Moment, at, is_backwards, is_expired

CURRENCY = "_currency"
"""Where the product's currency stands, beside the cells."""


def price_currency(catalog_currency: str, readings: Mapping[str, Reading]) -> Sql:
    """The product's currency: what the price's text names, else the column, else the catalog; null if that is unknown."""
    says = text(catalog_currency)
    column = readings.get("currency")
    if column is not None:
        says = case((f"{column.cell} is null", says), otherwise=column.parse(column.cell))
    if "price" not in readings:
        return says
    named = named_in(readings["price"].cell, catalog_currency)
    return f"nullif(coalesce({named}, {says}), {text(UNKNOWN)})"


def with_amount_rules(
    readings: Mapping[str, Reading], fitted_to: Sql = CURRENCY
) -> dict[str, Reading]:
    """The readings, those of amounts and currency with the rules of their fields.

    A price is above zero, one of a sale that is zero is none; a shipping fee is −1 (collect on delivery), 0 (free) or an amount; all fit
    decimal(18,2), have the decimals that the currency has, and are in the product's currency, which stands
    in the column CURRENCY. `fitted_to` is SQL of the currency whose decimals count, where that is another.
    """
    out = dict(readings)
    not_positive = Problem("not_positive", lambda _, p: f"({p} <= 0)")
    not_a_fee = Problem("out_of_range", lambda _, p: f"({p} < 0 and {p} <> -1)")
    below_zero = Problem("out_of_range", lambda _, p: f"({p} < 0)")
    for name, refused in (
        ("price", not_positive), ("list_price", not_positive), ("sale_price", not_positive),
        ("shipping_fee", not_a_fee),
        ("free_shipping_over", below_zero), ("card_price", not_positive), ("coupon_price", not_positive),
    ):  # fmt: skip
        if name in out:
            out[name] = _amount_rules(out[name], f"f_{name}", refused, fitted_to)
            if name != "price":
                out[name] = _same_currency(out[name], f"n_{name}")
    for name in ("sale_price", "card_price", "coupon_price"):
        if name in out:
            out[name] = _zero_is_blank(out[name])
    if "price" in out:
        out["price"] = _known_currency(out["price"], "currency" in out)
    if "currency" in out and "price" in out:
        conflict = Problem("conflict", lambda _, p: f"({p} <> {CURRENCY})", loses_value=False)
        out["currency"] = out["currency"].with_problem(conflict)
    return out


def sale_columns(types: Mapping[str, FieldType]) -> int:
    """How many of the price's first columns hold the price of a sale: those before one that is the price before
    discount as well."""
    price, before = types.get("price"), types.get("list_price")
    if price is None or before is None:
        return 0
    shared = (place for place, one in enumerate(price.sources) if one in before.sources)
    return next(shared, 0)


def below_price() -> Sql:
    """Whether the price before discount is below the price, which it cannot be."""
    return "(v_list_price < v_price)"


def kept_out(has_sales: bool) -> Sql:
    """Whether what was said to be the price before discount is none: it is below the price or, where the catalog
    tells the price of a sale from the usual one, the price itself, because there is no sale."""
    return "(v_list_price <= v_price)" if has_sales else below_price()


def sells(types: Mapping[str, FieldType]) -> bool:
    """Whether the price of a sale is told from the usual one, so that a list price no higher than that is none."""
    return "sale_price" in types or sale_columns(types) > 0


def availability_of(stock: Sql, said: Sql | None) -> Sql:
    """A product's availability: what its row says of it, else what the number in stock does."""
    of_stock = case(
        (f"{stock} = 0", text(Availability.out_of_stock)),
        (f"{stock} > 0", text(Availability.in_stock)),
    )
    return of_stock if said is None else f"coalesce({said}, {of_stock})"


def odd_availability(
    availability: Sql, available_at: Sql, moment: Moment | None
) -> list[tuple[Sql, str]]:
    """Condition and problem of a date from which a product is available, beside its availability; None = it is not
    known what is past."""
    found = [(f"{availability} in ('preorder', 'backorder') and {available_at} is null", "needed")]
    if moment is not None:
        past = f"{availability} = 'preorder' and {available_at} < {at(moment)}"
        future = f"{availability} = 'in_stock' and {available_at} > {at(moment)}"
        found += [(past, "in_the_past"), (future, "in_the_future")]
    return found


def odd_window(starts_at: Sql, ends_at: Sql) -> list[tuple[Sql, str]]:
    """Condition and problem of the end of a sale, beside its beginning."""
    return [(is_backwards(starts_at, ends_at), "before_start")]


def odd_expiry(expires_at: Sql, moment: Moment | None) -> list[tuple[Sql, str]]:
    """Condition and problem of the end of a product; None = it is not known what is past."""
    return [] if moment is None else [(is_expired(expires_at, moment), "passed")]


def fit(reading: Reading, cell: Sql, fitted_to: Sql = CURRENCY) -> Sql:
    """SQL of what fitting an amount to its currency costs: out_of_range, rounded, or null."""
    return called("fit_problem", reading.number(cell), fitted_to, decimals())


def _amount_rules(reading: Reading, fitting: Sql, refused: Problem, fitted_to: Sql) -> Reading:
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
        parse=lambda cell: called("fitted", number(cell), fitted_to, decimals()),
        value=lambda cell, parsed: case(
            (f"not coalesce({lost}, false) and not {refused.condition(cell, parsed)}", parsed)
        ),
        problems=(outside, *reading.problems, to_nothing, refused, rounded),
        sql_type="decimal(18,2)",
    )


def _zero_is_blank(reading: Reading) -> Reading:
    """A price of which nothing is told where it is zero: that is how shops say that there is none."""
    below = Problem("not_positive", lambda _, p: f"({p} < 0)")
    told = (below if one.kind == below.kind else one for one in reading.problems)
    return replace(reading, problems=tuple(told))


def _known_currency(reading: Reading, has_column: bool) -> Reading:
    """The price without a value where its currency is unknown: 12,900 of what?

    What is shown then is the amount with what stands in the currency's column.
    """
    value, written = reading.value, reading.written
    unknown = Problem("unknown_currency", lambda _, p: f"({p} is not null and {CURRENCY} is null)")

    def with_column(cell: Sql) -> Sql:
        both = f"concat_ws(' ', {written(cell)}, c_currency)"
        return case((f"{CURRENCY} is null", both), otherwise=written(cell))

    return replace(
        reading.with_problem(unknown, first=True),  # what it would be rounded to is not known
        value=lambda c, p: case((f"{CURRENCY} is not null", value(c, p))),
        written=with_column if has_column else written,
    )


def _same_currency(reading: Reading, own: Sql) -> Reading:
    other = (
        f"({own} <> {CURRENCY})"  # unknown where the price's is: then the row is refused for that
    )
    value = reading.value

    def in_another(_cell: Sql, parsed: Sql) -> Sql:
        # A word without a number (`문의`) names no currency.
        return f"({other} and not ({own} = {text(UNKNOWN)} and {parsed} is null))"

    return replace(
        reading,
        value=lambda c, p: case((f"not coalesce({other}, false)", value(c, p))),
        problems=(Problem("other_currency", in_another), *reading.problems),
    )
