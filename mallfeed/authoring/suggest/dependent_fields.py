"""Fields that say something of another one, and are nothing without it: when a sale holds, under which condition a price."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

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


def in_order() -> Iterator[str]:
    """What a catalog maps, in the order of the product's fields; a sale's window where its ends stand."""
    for name in MAPPED:
        if name == next(iter(WINDOW_ENDS)):
            yield SALE_WINDOW
        if name != SALE_WINDOW:
            yield name
