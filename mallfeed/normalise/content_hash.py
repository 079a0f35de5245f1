"""content_hash: one digest of a product's canonical fields, the same on every version of Spark.

Each value is written as its length in bytes, a colon and itself; null as a dash. Lengths leave no
two products with the same text, and a null is not an empty string. Decimals and times are written
as their exact text, maps by key, items apart by U+001F, which cleaned text cannot hold.
"""

from __future__ import annotations

from collections.abc import Mapping

from mallfeed.kinds.sql.pieces import NO_TEXT, Sql, called, text
from mallfeed.product.fields import DOCUMENT_SCHEMA_VERSION, PRODUCT_FIELDS


def content_hash(values: Mapping[str, Sql], *, with_updated_at: bool) -> Sql:
    """SHA-256 (hex) over the fields in their fixed order and the document schema's version.

    `values` maps each canonical field to its SQL; a field left out counts as null.
    """
    parts = []
    for field in PRODUCT_FIELDS:
        told = field.name in values and (with_updated_at or field.name != "mall_updated_at")
        value = f"cast({values[field.name]} as {field.sql_type})" if told else NO_TEXT
        parts.append(f"{text(field.name)}, {value}")
    version = text(f"v{DOCUMENT_SCHEMA_VERSION}")
    return called("content_hash", version, f"named_struct({', '.join(parts)})")
