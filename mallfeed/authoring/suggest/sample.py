"""The beginning of a feed, read by the same readers that load it."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from mallfeed.authoring.suggest.profile import Column, profile
from mallfeed.catalog.model import FeedSpec
from mallfeed.feed import raw
from mallfeed.feed.bytestream import ByteStream
from mallfeed.feed.chunk import Found
from mallfeed.feed.decode import decoded
from mallfeed.feed.decompress import unpacked
from mallfeed.feed.formats import csv, ep_blocks, json, nested, parquet, xlsx, xml
from mallfeed.feed.formats.parquet_types import spark_type
from mallfeed.feed.formats.records import ABSENT, as_text, value_at
from mallfeed.feed.formats.records import steps as steps_of
from mallfeed.feed.formats.utf8 import Utf8Text
from mallfeed.feed.lines import lines
from mallfeed.feed.wanted import Wanted

ROWS = 5_000
"""Records in a sample."""
_EVERYTHING = Wanted()


@dataclass(frozen=True)
class Sample:
    """Columns with their values, how many records were read, how many could not be."""

    columns: tuple[Column, ...]
    rows: int
    torn: int

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    def __contains__(self, name: str) -> bool:
        return any(column.name == name for column in self.columns)


@contextlib.contextmanager
def opened(path: Path, workbook: bool = False) -> Iterator[tuple[str, ByteStream]]:
    """The packing, and the bytes in it. Raises FeedHeld for a damaged archive."""
    with path.open("rb") as file:
        yield unpacked(file, path.stat().st_size, path.name, workbook)


def sampled(path: Path, spec: FeedSpec, rows: int = ROWS) -> Sample:
    """The first records with the catalog's format. Raises FeedHeld as loading them would."""
    with contextlib.ExitStack() as stack:
        _, content = stack.enter_context(opened(path, spec.format == "xlsx"))
        found = _found(content, spec, path.name, stack)
        cells: dict[str, list[str | None]] = {name: [] for name in found.schema.names}
        count = torn = 0
        for table in found.tables:
            good = table.filter(pa.compute.is_null(table[raw.FAULT]))
            torn += len(table) - len(good)
            for name in good.column_names:
                if name not in raw.BOOKKEEPING:
                    cells.setdefault(name, [None] * count).extend(_texts(good[name]))
            count += len(good)
            for values in cells.values():
                values.extend([None] * (count - len(values)))
            if count >= rows:
                break
    types = {field.name: spark_type(field.type) for field in found.schema}
    columns = [
        profile(name, values[:rows], types.get(name, "string")) for name, values in cells.items()
    ]
    return Sample(tuple(_with_parts(columns)), min(count, rows), torn)


def _found(content: ByteStream, spec: FeedSpec, name: str, stack: contextlib.ExitStack) -> Found:
    if spec.format in ("parquet", "xlsx"):
        file: Any = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
        for chunk in content.chunks():
            file.write(chunk)
        file.seek(0)
        if spec.format == "parquet":
            return parquet.read(file, name)
        return xlsx.read(file, spec.xlsx, _EVERYTHING, None, name)
    label = {"csv": spec.csv.encoding, "json": spec.json_.encoding}.get(
        spec.format, spec.ep_blocks.encoding
    )
    if spec.format == "xml":
        label = xml.declared_encoding(content)
    text = decoded(content, label, name)[1]
    if spec.format == "csv":
        # The draft reports a name that occurs twice; here the second one gets a number.
        return csv.read(lines(text), spec.csv, Wanted(everything=False), None, name)
    if spec.format == "json":
        records = json.records(text, spec.json_, name)
    elif spec.format == "xml":
        records = xml.records(Utf8Text(text, name), spec.xml.record_tag, name)
    else:
        records = ep_blocks.records(lines(text), name)
    return nested.found(records, _EVERYTHING, name, spec.format, "")


def _texts(column: pa.ChunkedArray) -> list[str | None]:
    if pa.types.is_string(column.type):
        texts: list[str | None] = column.to_pylist()
        return texts
    if pa.types.is_boolean(column.type):
        return [None if v is None else str(v).lower() for v in column.to_pylist()]
    if pa.types.is_timestamp(column.type):
        return [None if v is None else v.isoformat() for v in column.to_pylist()]
    return [None if v is None else str(v) for v in column.to_pylist()]


def _with_parts(columns: list[Column]) -> Iterator[Column]:
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
        cells = [None if value is ABSENT else as_text(value) for value in found]
        yield profile(f"{column.name}{key}", cells)


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
