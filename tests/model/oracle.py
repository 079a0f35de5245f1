"""What both sinks must contain once everything is quiet, in plain Python.

Knows nothing of ledger, plans, snapshots or cursors: only what each feed said, in which order, and
whether a person's data problem kept it out for good.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """One feed of a mall.

    `rows` are (op, product id, value), in row order, op U or D; a full feed has U only. `bad` feeds
    are dropped in the end, by a person.
    """

    feed_id: str
    order: str
    full: bool
    rows: tuple[tuple[str, str, int], ...]
    bad: bool = False


def expected(feeds: Iterable[Said]) -> dict[str, int]:
    """Product id → value: the fold of the good feeds in order, from the last full one."""
    products: dict[str, int] = {}
    for feed in sorted(feeds, key=lambda feed: feed.order):
        if feed.bad:
            continue
        if feed.full:
            products = {}
        for op, product_id, value in feed.rows:
            if op == "U":
                products[product_id] = value
            else:
                products.pop(product_id, None)
    return products


def values(rows: Mapping[str, Mapping[str, object]]) -> dict[str, int]:
    """Product id → value in a sink (the value is stored as the price)."""
    return {product_id: int(str(row["price"])) for product_id, row in rows.items()}
