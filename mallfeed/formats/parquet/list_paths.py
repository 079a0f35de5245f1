"""Paths into lists, `images[0].url`, and to structs: a column of text for each that a catalog names."""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa

from mallfeed.reading.plain_types import jsonable
from mallfeed.reading.records import Path, cell, steps, value_around, value_at
from mallfeed.reading.wanted import Wanted


def list_paths(schema: pa.Schema, wanted: Wanted, columns: Collection[str]) -> tuple[str, ...]:
    """Those of the named paths that lead through a list of this schema or to a struct, and are no column themselves;
    and those in whose place what is around the value is wanted, where that says more than the value."""
    return tuple(
        path
        for path in wanted.named
        if (path in wanted.around and _is_within_more(schema, steps(path)))
        or (path not in columns and _leads(schema, path))
    )


def with_list_paths(
    table: pa.Table, typed: pa.Table, paths: Collection[str], wanted: Wanted
) -> pa.Table:
    """The table with a column for each path, as JSON's reader fills it; `typed` has the file's own types."""
    for path in paths:
        way = steps(path)
        root = str(way[0])
        found_at = value_around if path in wanted.around else value_at
        values = ({root: jsonable(value)} for value in typed.column(root).to_pylist())
        cells = [cell(found_at(record, path, way)) for record in values]
        table = table.append_column(path, pa.array(cells, pa.string()))
    return table


def _leads(schema: pa.Schema, path: str) -> bool:
    kind = _type_at(schema, steps(path))
    return kind is not None and ("[" in path or bool(pa.types.is_struct(kind)))


def _is_within_more(schema: pa.Schema, way: Path) -> bool:
    """Whether a path's last step leads into a struct of several fields, or into each of a list of structs."""
    kind = _type_at(schema, way[:-1])
    within = kind.value_type if kind is not None and _is_list(kind) else kind
    if within is None or not pa.types.is_struct(within) or within.get_field_index(way[-1]) < 0:
        return False
    return _is_list(kind) or within.num_fields > 1


def _type_at(schema: pa.Schema, way: Path) -> pa.DataType | None:
    """The type of what a path leads to; None where it leads nowhere."""
    if not way or schema.get_field_index(str(way[0])) < 0:
        return None
    kind = schema.field(str(way[0])).type
    for step in way[1:]:
        if isinstance(step, int):
            if _is_list(kind):
                kind = kind.value_type
        elif pa.types.is_struct(kind) and kind.get_field_index(step) >= 0:
            kind = kind.field(kind.get_field_index(step)).type
        else:
            return None
    return kind


def _is_list(kind: pa.DataType) -> bool:
    types = pa.types
    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))
