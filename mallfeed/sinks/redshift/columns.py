"""Redshift's types for the canonical fields.

The length of a VARCHAR is in bytes, and a character takes up to four, so a text of n characters gets 4·n.
Arrays and maps are staged as JSON text and are SUPER in the table (COPY of Parquet does not accept maps).
"""

from __future__ import annotations

from mallfeed.kinds.field import CanonicalField
from mallfeed.sinks.sql.columns import Column

MOST_VARCHAR_BYTES = 65_535


def column(field: CanonicalField) -> Column:
    """The column of a field, in `products` and in the stage."""
    kind = field.sql_type
    if kind.startswith(("array", "map")):
        return Column(field.name, f"VARCHAR({MOST_VARCHAR_BYTES})", "SUPER", is_json=True)
    plain = {"int": "INTEGER", "boolean": "BOOLEAN", "timestamp": "TIMESTAMP"}
    if kind == "string":
        most = field.most_characters
        sql = f"VARCHAR({4 * most if most else MOST_VARCHAR_BYTES})"
    else:
        sql = plain.get(kind, kind.upper())
    return Column(field.name, sql, sql)
