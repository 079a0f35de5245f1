"""Columns whose type has become one that their field cannot be read from. Pure.

A Parquet file says its types. JSON and XML say them by their shape: what was a value and now holds
further values is an object.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mallfeed.catalog.field_types import FieldType, JsonPathType
from mallfeed.catalog.model import Catalog
from mallfeed.product.fields import BY_NAME

_NUMBERS = ("bigint", "decimal", "float", "double")
_READABLE: Mapping[str, tuple[str, ...]] = {
    "text": ("string", *_NUMBERS),
    "html_text": ("string", *_NUMBERS),
    "money": ("string", *_NUMBERS),
    "integer": ("string", *_NUMBERS),
    "rating": ("string", *_NUMBERS),
    "timestamp": ("string", "timestamp", "date"),
    "url": ("string",),
    "list_url": ("string",),
    "list_text": ("string", *_NUMBERS),
    "category_path": ("string", *_NUMBERS),
    "enum": ("string", "boolean", *_NUMBERS),
    "bool": ("string", "boolean", *_NUMBERS),
    "gtin": ("string", *_NUMBERS),
    "currency": ("string",),
}
"""Kind of canonical field → types it can be read from (`decimal` of any precision)."""
_HOLDS_OBJECTS = ("list_text", "list_url", "category_path", "map")


def retyped_columns(
    columns: Sequence[str], types: Mapping[str, str], catalog: Catalog, feed_name: str
) -> dict[str, str]:
    """Column → what it is and what it should be; empty where all can be read."""
    objects = _objects(columns) if catalog.feeds[feed_name].format_row.nests else frozenset()
    found: dict[str, str] = {}
    for field, type_ in catalog.fields_of(feed_name).items():
        kind = BY_NAME[field].kind
        for source in type_.sources:
            if source in types and not _reads(types[source], kind, type_):
                expected = " or ".join(_short(_READABLE[kind]))
                found[source] = f"{types[source]}, where `{field}` needs {expected}"
            elif source in objects and kind not in _HOLDS_OBJECTS and not _in_json(type_):
                found[source] = f"an object, where `{field}` needs a value"
    return found


def _reads(sql_type: str, kind: str, type_: FieldType) -> bool:
    if _in_json(type_):
        return sql_type == "string"
    if kind == "timestamp" and sql_type.startswith(_NUMBERS):
        formats = getattr(type_, "formats", ())
        # Digits may be a day too (20261122); only the catalog knows.
        return any(one.startswith("epoch") or one.isalpha() for one in formats)
    return sql_type.startswith(_READABLE.get(kind, ("",)))


def _in_json(type_: FieldType) -> bool:
    return isinstance(type_, JsonPathType)


def _objects(columns: Sequence[str]) -> frozenset[str]:
    """Dotted paths that hold further values."""
    return frozenset(parent for column in columns for parent in _parents(column))


def _parents(column: str) -> Iterator[str]:
    steps = column.split(".")
    return (".".join(steps[:end]) for end in range(1, len(steps)))


def _short(types: tuple[str, ...]) -> list[str]:
    """The numbers as one word."""
    words = [one for one in types if one not in _NUMBERS]
    return words + (["a number"] if set(_NUMBERS) <= set(types) else [])
