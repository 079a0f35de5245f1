"""Fields that say something of another one, and are nothing without it: when a sale holds, under which condition a price."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from mallfeed.authoring.suggest.profile import Column
from mallfeed.catalog.name_words import LIKELY
from mallfeed.catalog.names import roles_of
from mallfeed.product.fields import MAPPED, SALE_WINDOW, WINDOW_ENDS

SALE_TIMES = (SALE_WINDOW, *WINDOW_ENDS)
"""What a catalog maps of a sale's time: both ends in one cell, or each in a column of its own."""
NEEDS: Mapping[str, str] = {
    **dict.fromkeys(SALE_TIMES, "sale_price"),
    "card_price_condition": "card_price",
    "coupon_price_condition": "coupon_price",
    "base_measure": "measure",
}
"""Field → what a draft must map beside it."""


def orphans(found: Collection[str]) -> Iterator[str]:
    """Those of the fields that a draft leaves out, since what they belong to is not there, or says the same twice."""
    for name in found:
        if (name in NEEDS and NEEDS[name] not in found) or (
            name in WINDOW_ENDS and SALE_WINDOW in found
        ):
            yield name


def sale_column(fields: Mapping[str, Sequence[str]]) -> str | None:
    """The column of sales: mapped as that, or read first of several columns of the price; None = there is none.
    `fields`: field → its columns."""
    if "sale_price" in fields:
        return fields["sale_price"][0]
    prices, listed = fields.get("price", ()), fields.get("list_price", ())
    return prices[0] if len(prices) > 1 and listed and prices[0] not in listed else None


def unread_times(
    columns: Iterable[Column], fields: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, Column]]:
    """(field, column) of those that by their names say when a sale or a product ends, and are not read as that: their
    values are in no form that is known. `fields`: field → its columns."""
    used = {name for sources in fields.values() for name in sources}
    has_sales = sale_column(fields) is not None
    for column in columns:
        role, named = next(iter(roles_of(column.name).items()), ("", 0.0))
        if column.name in used or not column.values or named < LIKELY or role in fields:
            continue
        if role == "expires_at" or (role in SALE_TIMES and has_sales and SALE_WINDOW not in fields):
            yield role, column


def in_order() -> Iterator[str]:
    """What a catalog maps, in the order of the product's fields; a sale's window where its ends stand."""
    for name in MAPPED:
        if name == next(iter(WINDOW_ENDS)):
            yield SALE_WINDOW
        if name != SALE_WINDOW:
            yield name
