"""content_hash: one digest of a product's canonical fields, the same on every version of Spark.

Each value is written as its length in bytes, a colon and itself; null as a dash. Lengths leave no
two products with the same text, and a null is not an empty string. Decimals and times are written
as their exact text, maps by key, items apart by U+001F, which cleaned text cannot hold.
"""

from __future__ import annotations

from collections.abc import Mapping

from mallfeed.kinds.field import CanonicalField
from mallfeed.kinds.sql.pieces import NO_TEXT, Sql, called, case, text
from mallfeed.product.fields import DOCUMENT_SCHEMA_VERSION
from mallfeed.product.record import EXPIRED, Record


def content_hash(
    values: Mapping[str, Sql], record: Record, *, with_updated_at: bool, expired: Sql = NO_TEXT
) -> Sql:
    """SHA-256 (hex) over the fields in their fixed order and the document schema's version.

    `values` maps each canonical field to its SQL; a field left out counts as null. A field that a later
    release has added stands in the head, and only where it has a value: products that have none keep
    the hash of the release before, so that an upgrade sends no unchanged product again. So do those of which a
    field that holds all values of another has no more than that one. `expired` is whether no sink has the record,
    so that it differs from the one that they had.
    """
    told = {
        name: value for name, value in values.items() if with_updated_at or name != record.newest_by
    }
    first = [field for field in record.fields if field.name not in record.added]
    parts = (f"{text(field.name)}, {_cast(field, told)}" for field in first)
    return called("content_hash", _head(record, told, expired), f"named_struct({', '.join(parts)})")


def _head(record: Record, values: Mapping[str, Sql], expired: Sql) -> Sql:
    """The version, and of each added field that has a value its name, length and text."""
    version = text(f"v{DOCUMENT_SCHEMA_VERSION}")
    added = [
        field for field in record.fields if field.name in record.added and field.name in values
    ]
    written = [_written(field, values) for field in added]
    if expired != NO_TEXT:
        written.append(case((f"{expired}", text(EXPIRED))))
    if not written:
        return version
    parts = ", ".join(written)
    return f"concat_ws('\\u001f', {version}, {parts})"


def _written(field: CanonicalField, values: Mapping[str, Sql]) -> Sql:
    value = _cast(field, values)
    if field.all_of is not None:
        value = case((f"size({value}) > 1", value))
    plain = field.sql_type.startswith(("array", "map"))
    written = f"to_json({value})" if plain else f"cast({value} as string)"
    said = f"concat({text(field.name)}, ':', length({written}), ':', {written})"
    return case((f"{value} is not null", said))


def _cast(field: CanonicalField, values: Mapping[str, Sql]) -> Sql:
    value = values.get(field.name)
    return NO_TEXT if value is None else f"cast({value} as {field.sql_type})"
