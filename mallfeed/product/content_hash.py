"""content_hash: one digest of a product's canonical fields, the same on every version of Spark.

Each value is written as its length in bytes, a colon and itself; null as a dash. Lengths leave no
two products with the same text, and a null is not an empty string. Decimals and times are written
as their exact text, maps by key, items apart by U+001F, which cleaned text cannot hold.
"""

from __future__ import annotations

from collections.abc import Mapping

from mallfeed.product.fields import DOCUMENT_SCHEMA_VERSION, PRODUCT_FIELDS
from mallfeed.product.sql import text
from mallfeed.product.types.reading import Sql

_JOINT = "\u001f"


def content_hash(values: Mapping[str, Sql], *, with_updated_at: bool) -> Sql:
    """SHA-256 (hex) over the fields in their fixed order and the document schema's version.

    `values` maps each canonical field to its SQL; a field left out counts as null.
    """
    parts = [text(f"v{DOCUMENT_SCHEMA_VERSION}")]
    for field in PRODUCT_FIELDS:
        if field.name in values and (with_updated_at or field.name != "mall_updated_at"):
            parts += _written(values[field.name], field.sql_type)
        else:
            parts.append("'-'")
    return f"sha2(concat({', '.join(parts)}), 256)"


def _written(value: Sql, sql_type: str) -> list[Sql]:
    if sql_type.startswith("map"):
        return [
            _prefixed(_joined(f"map_keys({value})")),
            _prefixed(_joined(f"map_values({value})")),
        ]
    if sql_type.startswith("array"):
        return [_prefixed(_joined(value))]
    if sql_type == "timestamp":
        return [_prefixed(f"cast(unix_micros({value}) as string)")]
    if sql_type == "string":
        return [_prefixed(value)]
    return [_prefixed(f"cast({value} as string)")]


def _joined(array: Sql) -> Sql:
    return f"concat(size({array}), {text(_JOINT)}, array_join({array}, {text(_JOINT)}))"


def _prefixed(value: Sql) -> Sql:
    return f"coalesce(concat(octet_length({value}), ':', {value}), '-')"
