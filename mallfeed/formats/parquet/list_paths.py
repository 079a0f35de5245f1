"""Paths into lists, `images[0].url`: a column of text for each that a catalog names."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pyarrow as pa

from mallfeed.reading.plain_types import jsonable
from mallfeed.reading.records import Path, cell, steps, value_at


def list_paths(
    schema: pa.Schema, named: Iterable[str], columns: Collection[str]
) -> tuple[str, ...]:
    """Those of the named paths that lead through a list of this schema, and are no column themselves."""
    return tuple(
        path
        for path in named
        if "[" in path and path not in columns and _leads(schema, steps(path))
    )


def with_list_paths(table: pa.Table, typed: pa.Table, paths: Iterable[str]) -> pa.Table:
    """The table with a column for each path, as JSON's reader fills it; `typed` has the file's own types."""
    for path in paths:
        way = steps(path)
        root = str(way[0])
        values = ({root: jsonable(value)} for value in typed.column(root).to_pylist())
        cells = [cell(value_at(record, path, way)) for record in values]
        table = table.append_column(path, pa.array(cells, pa.string()))
    return table


def _leads(schema: pa.Schema, way: Path) -> bool:
    if not way or schema.get_field_index(str(way[0])) < 0:
        return False
    kind = schema.field(str(way[0])).type
    for step in way[1:]:
        if isinstance(step, int):
            if _is_list(kind):
                kind = kind.value_type
        elif pa.types.is_struct(kind) and kind.get_field_index(step) >= 0:
            kind = kind.field(kind.get_field_index(step)).type
        else:
            return False
    return True


def _is_list(kind: pa.DataType) -> bool:
    types = pa.types
    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))
