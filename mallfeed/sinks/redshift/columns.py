"""Columns of the warehouse, derived from the canonical fields.

A VARCHAR counts bytes and a Hangul syllable has three of them, so a text of n characters gets 4·n.
Arrays and maps travel as JSON text and are SUPER in the table (COPY of Parquet takes no map).
"""

from __future__ import annotations

from dataclasses import dataclass

from mallfeed.kinds.field import CanonicalField
from mallfeed.product.fields import PRODUCT_FIELDS

MOST_VARCHAR_BYTES = 65_535


@dataclass(frozen=True)
class Column:
    """A column of `products`.

    Attributes
    ----------
    name : the canonical field's
    stage_type : its type in the stage table, in the order of the Parquet files' columns
    table_type : its type in `products`
    """

    name: str
    stage_type: str
    table_type: str

    @property
    def is_json(self) -> bool:
        """Travels as JSON text."""
        return self.table_type == "SUPER"


def _column(field: CanonicalField) -> Column:
    kind = field.sql_type
    if kind.startswith(("array", "map")):
        return Column(field.name, f"VARCHAR({MOST_VARCHAR_BYTES})", "SUPER")
    plain = {"int": "INTEGER", "boolean": "BOOLEAN", "timestamp": "TIMESTAMP"}
    if kind == "string":
        most = field.most_characters
        sql = f"VARCHAR({4 * most if most else MOST_VARCHAR_BYTES})"
    else:
        sql = plain.get(kind, kind.upper())
    return Column(field.name, sql, sql)


PRODUCT_COLUMNS: tuple[Column, ...] = (
    Column("mall_id", "VARCHAR(31)", "VARCHAR(31)"),
    *(_column(field) for field in PRODUCT_FIELDS),
    Column("content_hash", "VARCHAR(64)", "VARCHAR(64)"),
)
"""What a change carries: key, canonical columns, hash."""

STAGE_COLUMNS: tuple[Column, ...] = (Column("op", "VARCHAR(1)", "VARCHAR(1)"), *PRODUCT_COLUMNS)
"""Columns of the stage table and, by position, of the Parquet files."""

PRICE_COLUMNS = ("price", "list_price", "currency", "availability")
"""A change of one of them starts a new row of product_price_history."""
