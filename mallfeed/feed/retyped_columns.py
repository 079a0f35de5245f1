"""Columns whose type has become one that their field cannot be read from. Pure.

A Parquet file says its types. JSON and XML say them by their shape: what was a value and now holds
further values is an object.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mallfeed.catalog.model import Catalog
from mallfeed.kinds.kind import NUMBERS, Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.registry import KINDS
from mallfeed.product.fields import BY_NAME


def retyped_columns(
    columns: Sequence[str], types: Mapping[str, str], catalog: Catalog, feed_name: str
) -> dict[str, str]:
    """Column → what it is and what it should be; empty where all can be read."""
    objects = _objects(columns) if catalog.feeds[feed_name].format_row.nests else frozenset()
    found: dict[str, str] = {}
    for field, type_ in catalog.fields_of(feed_name).items():
        kind = _reader(field, type_)
        for source in type_.sources:
            if source in types and not _reads(types[source], kind, type_):
                expected = " or ".join(_short(kind.raw_types))
                found[source] = f"{types[source]}, where `{field}` needs {expected}"
            elif source in objects and not (kind.holds_objects or BY_NAME[field].by_country):
                found[source] = f"an object, where `{field}` needs a value"
    return found


def _reader(field: str, type_: FieldType) -> Kind[Any]:
    """The kind that is handed the column: the field's own, unless the value is found within it."""
    written = KINDS[type_.type]
    return written if written.finds else KINDS[BY_NAME[field].kind]


def _reads(sql_type: str, kind: Kind[Any], type_: FieldType) -> bool:
    return sql_type.startswith(kind.raw_types) or kind.raw_if(type_, sql_type)


def _objects(columns: Sequence[str]) -> frozenset[str]:
    """Dotted paths that hold further values."""
    return frozenset(parent for column in columns for parent in _parents(column))


def _parents(column: str) -> Iterator[str]:
    steps = column.split(".")
    return (".".join(steps[:end]) for end in range(1, len(steps)))


def _short(types: tuple[str, ...]) -> list[str]:
    """The numbers as one word."""
    words = [one for one in types if one not in NUMBERS]
    return words + (["a number"] if set(NUMBERS) <= set(types) else [])
