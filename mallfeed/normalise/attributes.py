"""Attributes: whatever else the catalog keeps, as a map of texts with its keys in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mallfeed.kinds.blank_words import NO_TIMES, WRITTEN_BY_PROGRAMS
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.read import default_of, reading_of
from mallfeed.kinds.reading import Context, Reading
from mallfeed.kinds.registry import KINDS
from mallfeed.kinds.sources import Sources
from mallfeed.kinds.sql.pieces import Sql, called, text
from mallfeed.kinds.target import Target
from mallfeed.product.fields import MAX_ATTRIBUTES, MAX_ATTRIBUTES_BYTES


@dataclass(frozen=True)
class Attribute:
    """One attribute: its name, the type that its value is of, its reading."""

    name: str
    type_: FieldType
    reading: Reading
    context: Context

    def text_of(self, cell: Sql, parsed: Sql) -> Sql:
        """The value as the map holds it."""
        value = self.reading.value(cell, parsed)
        return KINDS[self.type_.type].as_text(self.type_, value, self.context)


def attribute_readings(
    types: Mapping[str, FieldType], sources: Sources, context: Context
) -> list[Attribute]:
    """Readings of all attributes in order of their names, so that equal maps are equal texts."""
    return [_attribute(name, types[name], sources, context) for name in sorted(types)]


def _attribute(name: str, type_: FieldType, sources: Sources, context: Context) -> Attribute:
    value_type = _value_type(type_)
    target = Target(
        f"attributes.{name}",
        blank_words=(*WRITTEN_BY_PROGRAMS, *NO_TIMES),
        holds_objects=True,
        may_be_code=True,
    )
    reading = reading_of(type_, KINDS[value_type.type], target, sources, context)
    return Attribute(name, value_type, reading, context)


def _value_type(type_: FieldType) -> FieldType:
    """The type of the value itself: text where the written one only says where it is found."""
    inner = getattr(type_, "then", None) or type_
    return default_of(KINDS["text"]) if KINDS[inner.type].finds else inner


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
