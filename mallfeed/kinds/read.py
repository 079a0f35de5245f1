"""From a catalog's field type to its reading, by what the target holds."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mallfeed.kinds.kind import Found, Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.reading import Context, Problem, Reading
from mallfeed.kinds.registry import KINDS
from mallfeed.kinds.sources import Cells, Sources, cells_of
from mallfeed.kinds.sql.pieces import Sql, case
from mallfeed.kinds.target import Target


def reading_of(
    type_: FieldType, kind: Kind[Any], target: Target, sources: Sources, context: Context
) -> Reading:
    """The reading of a target of that kind; a type that it cannot hold only finds its text."""
    written = KINDS[type_.type]
    if written.finds is not None:
        return _found(written.finds(type_, sources), kind, target, sources, context)
    own = type_ if type_.type in kind.holds else default_of(kind)
    cells = Cells.of(cells_of(type_, sources), type_.sources, sources)
    made = kind.is_made or written.is_made or bool(target.spellings)
    is_cheap = not made and _is_text_as_it_stands(type_, sources)
    return replace(_read(own, kind, target, cells, context), cheap=is_cheap)


def default_of(kind: Kind[Any]) -> FieldType:
    """The type with which a field of that kind is read when the catalog does not say how."""
    if kind.default is None:
        raise ValueError(f"a field of kind {kind.name} cannot be read: it is no value by itself")
    return kind.default


def _found(
    found: Found, kind: Kind[Any], target: Target, sources: Sources, context: Context
) -> Reading:
    type_ = found.read_as or default_of(kind)
    reading = _read(type_, kind, target, Cells.of(found.texts, type_.sources, sources), context)
    if found.broken is not None:
        reading = reading.with_problem(Problem("not_json", found.broken), first=True)
    return reading if found.gave_up is None else _bounded(reading, found.gave_up)


def _bounded(reading: Reading, gave_up: Sql) -> Reading:
    """The reading of a value that may be too costly to find: then there is no cell, and a code says so."""
    problem = Problem("too_costly", lambda cell, _: f"({cell} is null and ({gave_up}))")
    cell = case((f"not ({gave_up})", reading.cell))
    return replace(reading, cell=cell).with_problem(problem, first=True)


def _read(
    type_: FieldType, kind: Kind[Any], target: Target, cells: Cells, context: Context
) -> Reading:
    if KINDS[type_.type].finds is not None:  # a path within a path
        type_ = default_of(kind)
    read = kind.read if kind.options is None and kind.read else KINDS[type_.type].read
    if read is None:
        raise ValueError(f"the kind {type_.type} is a field type, but does not say how it is read")
    return read(type_, cells, target, context)


def _is_text_as_it_stands(type_: FieldType, sources: Sources) -> bool:
    """Whether the cell is one column's text, or what stripping leaves of it."""
    return len(type_.sources) == 1 and type_.default is None and sources.is_text(type_.sources[0])
