"""Attributes: whatever else the catalog keeps, as a map of texts with its keys in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mallfeed.catalog import field_types as ft
from mallfeed.normalise.types.dispatch import reading_of
from mallfeed.normalise.types.reading import Context, Reading, Sql
from mallfeed.normalise.types.source import Sources
from mallfeed.product.fields import MAX_ATTRIBUTES, MAX_ATTRIBUTES_BYTES, CanonicalField, Kind
from mallfeed.product.sql import called, text

_KINDS: dict[str, Kind] = {
    "html_text": "html_text", "money": "money", "integer": "integer", "decimal": "rating",
    "timestamp": "timestamp", "date": "timestamp", "url": "url", "list": "list_text",
    "category_path": "category_path", "enum": "enum", "bool": "bool", "gtin": "gtin",
}  # fmt: skip


@dataclass(frozen=True)
class Attribute:
    """One attribute: its name, its reading, and its value as text."""

    name: str
    reading: Reading
    as_text: str

    def text_of(self, cell: Sql, parsed: Sql) -> Sql:
        """The value as the map holds it."""
        return self.as_text.replace("\0", self.reading.value(cell, parsed))


def attribute_readings(
    types: Mapping[str, ft.FieldTypeUnion], sources: Sources, context: Context
) -> list[Attribute]:
    """Readings of all attributes in order of their names, so that equal maps are equal texts."""
    found = []
    for name in sorted(types):
        type_ = types[name]
        final = type_.then if isinstance(type_, ft.JsonPathType) and type_.then else type_
        target = CanonicalField(f"attributes.{name}", _KINDS.get(final.type, "text"), "string")
        reading = reading_of(type_, target, sources, context)
        found.append(Attribute(name, reading, _as_text(final, reading, context)))
    return found


def _as_text(type_: ft.FieldTypeUnion, reading: Reading, context: Context) -> str:
    if isinstance(type_, ft.DateType):
        local = f"from_utc_timestamp(\0, {text(context.timezone)})"
        return f"date_format({local}, 'yyyy-MM-dd')"
    if isinstance(type_, ft.TimestampType):
        return "date_format(\0, \"yyyy-MM-dd'T'HH:mm:ssXXX\")"
    if isinstance(type_, ft.IntegerType):
        return "cast(try_cast(\0 as decimal(38,0)) as string)"
    if isinstance(type_, ft.MoneyType):
        return "cast(try_cast(\0 as decimal(38,2)) as string)"
    if isinstance(type_, ft.DecimalType):
        return f"cast(try_cast(\0 as decimal(38,{min(type_.scale, 6)})) as string)"
    if reading.sql_type.startswith("array"):
        return "array_join(\0, '|')"
    return "cast(\0 as string)"


def kept(pairs: list[tuple[str, Sql]]) -> Sql:
    """The map of (name, value), names in order, as far as it goes; null when none has a value."""
    return _called("attributes", pairs)


def dropped(pairs: list[tuple[str, Sql]]) -> Sql:
    """Names of what the map has no room for, or null."""
    return _called("attributes_dropped", pairs)


def _called(function: str, pairs: list[tuple[str, Sql]]) -> Sql:
    names = ", ".join(text(name) for name, _ in pairs)
    values = ", ".join(value for _, value in pairs)
    limits = f"{MAX_ATTRIBUTES}, {MAX_ATTRIBUTES_BYTES}"
    return called(function, f"array({names})", f"array({values})", limits)
