"""Redshift's types of the canonical fields.

A VARCHAR counts bytes and a Hangul syllable has three of them, so a text of n characters gets 4·n.
Arrays and maps travel as JSON text and are SUPER in the table (COPY of Parquet takes no map).
"""

from __future__ import annotations

from mallfeed.product.fields import CanonicalField
from mallfeed.sinks.sql.columns import Column

MOST_VARCHAR_BYTES = 65_535
_FIXED = {"currency": 12, "enum": 64, "gtin": 56}


def column(field: CanonicalField) -> Column:
    """The column of a field in `products` and in the stage."""
    kind = field.sql_type
    if kind.startswith(("array", "map")):
        return Column(field.name, f"VARCHAR({MOST_VARCHAR_BYTES})", "SUPER", is_json=True)
    plain = {"int": "INTEGER", "boolean": "BOOLEAN", "timestamp": "TIMESTAMP"}
    if kind == "string":
        size = 4 * field.max_length if field.max_length else MOST_VARCHAR_BYTES
        sql = f"VARCHAR({_FIXED.get(field.kind, size)})"
    else:
        sql = plain.get(kind, kind.upper())
    return Column(field.name, sql, sql)
