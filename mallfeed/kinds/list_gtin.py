"""Lists of global trade item numbers: all that a product has, where another field holds the first."""

from __future__ import annotations

from mallfeed.kinds.gtin import GTIN
from mallfeed.kinds.kind import Kind, as_joined
from mallfeed.kinds.list import LIST_SQL
from mallfeed.kinds.options import FieldType

LIST_GTIN: Kind[FieldType] = Kind(
    name="list_gtin",
    sql_type=LIST_SQL,
    max_length=GTIN.max_length,
    as_text=as_joined,
)
