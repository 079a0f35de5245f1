"""A column as the statements of a load know it, and which of them make a price."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A column of `products`.

    Attributes
    ----------
    name : the canonical field's
    stage_type : its type in the stage table, in the order of the stage's columns
    table_type : its type in `products`
    is_json : arrays and maps travel as JSON text and are parsed on their way into `products`
    """

    name: str
    stage_type: str
    table_type: str
    is_json: bool = False


MALL_ID = Column("mall_id", "VARCHAR(31)", "VARCHAR(31)")

PRICE_COLUMNS = ("price", "list_price", "currency", "availability")
"""A change of one of them starts a new row of product_price_history."""
