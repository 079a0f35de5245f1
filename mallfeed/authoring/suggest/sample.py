"""The beginning of a feed, read by the same readers that load it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from mallfeed.authoring.suggest.links import linked
from mallfeed.authoring.suggest.profile import Column, profile
from mallfeed.catalog.feed_spec import FeedSpec
from mallfeed.feed.decompress import unpacked
from mallfeed.formats.readers import reader_of
from mallfeed.formats.registry import FORMATS
from mallfeed.reading import raw_columns
from mallfeed.reading.budget import USUAL, Work
from mallfeed.reading.bytestream import ByteStream
from mallfeed.reading.chunk import Found, spend_on_rows
from mallfeed.reading.part import OpenPart
from mallfeed.reading.plain_types import spark_type
from mallfeed.reading.records import ABSENT, Misplaced, as_text, value_at
from mallfeed.reading.records import steps as steps_of
from mallfeed.reading.wanted import Wanted

ROWS = 5_000
"""Records looked at."""
_ZIP_SIGNS = tuple(sign for row in FORMATS.values() for sign in row.zip_signs)


@dataclass(frozen=True)
class Sample:
    """Columns with their values, how many records were read, how many could not be.

    `odd` are columns within a value that is an object in a few records only; `encoding` is that of a text, None elsewhere.
    """

    columns: tuple[Column, ...]
    rows: int
    torn: int
    odd: tuple[str, ...] = ()
    encoding: str | None = None

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def __contains__(self, name: str) -> bool:
        return any(column.name == name for column in self.columns)

    def owner(self, name: str) -> str:
        """The column of the feed that a name stands for: of an element, that of its list."""
        return next((c.element_of for c in self.columns if c.name == name and c.element_of), name)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[tuple[str, ByteStream, Work]]:
    """Which packing was found, the bytes in it, and what reading them may cost.

    Raises FeedHeld for an archive that is none, and for one that costs too much.
    """
    size_bytes = path.stat().st_size
    work = Work(USUAL, size_bytes)
    with path.open("rb") as file:
        yield *unpacked(file, size_bytes, path.name, _ZIP_SIGNS, work), work


def sampled(path: Path, spec: FeedSpec, rows: int = ROWS) -> Sample:
    """The first records with the catalog's format. Raises FeedHeld as loading them would."""
    with contextlib.ExitStack() as stack:
        _, content, work = stack.enter_context(opened(path))
        found = _found(OpenPart(content, path.name, _wanted(spec), stack, work=work), spec)
        cells: dict[str, list[str | None]] = {name: [] for name in found.schema.names}
        count = torn = 0
        for table in found.tables:
            spend_on_rows(work, table, len(cells), path.name)
            good = table.filter(pa.compute.invert(raw_columns.torn(table)))
            torn += len(table) - len(good)
            for name in good.column_names:
                if name not in raw_columns.BOOKKEEPING:
                    cells.setdefault(name, [None] * count).extend(_texts(good[name]))
            count += len(good)
            for values in cells.values():
                values.extend([None] * (count - len(values)))
            if count >= rows:
                break
    types = {field.name: spark_type(field.type) for field in found.schema}
    columns = [
        column
        for name, values in cells.items()
        for column in linked(name, values[:rows], types.get(name, "string"))
    ]
    odd = _odd(columns) if spec.format_row.nests else set()
    kept = _with_parts(column for column in columns if column.name not in odd)
    encoding = getattr(spec.options, "encoding", None)
    return Sample(tuple(kept), min(count, rows), torn, tuple(sorted(odd)), encoding)


def _found(part: OpenPart, spec: FeedSpec) -> Found:
    return reader_of(spec.format_row)(part, spec.options)


def _wanted(spec: FeedSpec) -> Wanted:
    # Of records that bring their keys all are wanted; of a header they are all there anyway, and a
    # name that stands twice is told by the draft: here the second one gets a number.
    return Wanted(everything=spec.format_row.nests)


def _texts(column: pa.ChunkedArray) -> list[str | None]:
    if pa.types.is_string(column.type):
        return list(column.to_pylist())
    if pa.types.is_boolean(column.type):
        return [None if v is None else str(v).lower() for v in column.to_pylist()]
    if pa.types.is_timestamp(column.type):
        return [None if v is None else v.isoformat() for v in column.to_pylist()]
    return [None if v is None else str(v) for v in column.to_pylist()]


def _odd(columns: Iterable[Column]) -> set[str]:
    """Columns within a value that is an object in a few records only."""
    filled = {column.name: column.filled for column in columns}

    def is_odd(column: Column) -> bool:
        steps = column.name.split(".")
        parents = (".".join(steps[:end]) for end in range(1, len(steps)))
        return any(filled.get(parent, 0) > column.filled for parent in parents)

    return {column.name for column in columns if is_odd(column)}


def _with_parts(columns: Iterable[Column]) -> Iterator[Column]:
    """The columns; one with JSON lists is followed by its elements and their content."""
    for column in columns:
        yield column
        if column.share("json_list") > 0.5:
            yield from _elements(column)


MOST_ELEMENTS = 11


def _elements(column: Column) -> Iterator[Column]:
    parsed = [_list(cell) for cell in column.cells]
    longest = min(max((len(one) for one in parsed), default=0), MOST_ELEMENTS)
    keys: dict[str, None] = {}
    for one in parsed:
        for place, element in enumerate(one[:longest]):
            if isinstance(element, dict):
                keys.update(dict.fromkeys(f"[{place}].{leaf}" for leaf in _leaves(element)))
            else:
                keys[f"[{place}]"] = None
    for key in list(keys)[:200]:
        way = steps_of(f"x{key}")
        found = [value_at({"x": one}, f"x{key}", way) for one in parsed]
        cells = [
            None if value is ABSENT or isinstance(value, Misplaced) else as_text(value)
            for value in found
        ]
        yield profile(f"{column.name}{key}", cells, element_of=column.name)


def _leaves(element: dict[str, Any]) -> Iterator[str]:
    for key, value in element.items():
        if isinstance(value, dict):
            yield from (f"{key}.{leaf}" for leaf in _leaves(value))
        else:
            yield key


def _list(cell: str | None) -> list[Any]:
    if not cell or not cell.startswith("["):
        return []
    import json as standard

    try:
        found = standard.loads(cell, parse_float=str, parse_int=str)
    except ValueError:
        return []
    return found if isinstance(found, list) else []
