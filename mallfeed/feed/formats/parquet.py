"""Parquet: typed values as typed, structs flattened to dotted paths, the rest as JSON text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mallfeed.errors import FeedHeld
from mallfeed.feed import raw


def open_parquet(stream: BinaryIO, name: str) -> pq.ParquetFile:
    """The file; raises FeedHeld `not_the_format`."""
    try:
        return pq.ParquetFile(stream)
    except (pa.ArrowException, OSError) as error:
        raise FeedHeld(
            "not_the_format", f"{name} is not a whole Parquet file ({error}). Upload it again."
        ) from error


def tables(parquet: pq.ParquetFile, part: str | None, name: str) -> Iterator[pa.Table]:
    """Tables of the raw frame without `_pos`; `_row` is the index, after the part's name if any."""
    start = 0
    try:
        for batch in parquet.iter_batches(batch_size=50_000):
            table = flat(pa.Table.from_batches([batch]))
            numbers = pa.array(range(start + 1, start + 1 + len(table))).cast(pa.string())
            rows = numbers if part is None else pc.binary_join_element_wise(part, numbers, ":")
            nulls = pa.nulls(len(table), pa.string())
            start += len(table)
            for column, values in ((raw.FAULT_DETAIL, nulls), (raw.FAULT, nulls), (raw.RAW, nulls), (raw.ROW, rows)):  # fmt: skip
                table = table.add_column(0, column, values)
            yield table
    except (pa.ArrowException, OSError) as error:
        raise FeedHeld(
            "not_the_format", f"{name} breaks after row {start:,} ({error}). Upload it again."
        ) from error


def flat(table: pa.Table) -> pa.Table:
    """Structs to dotted columns, dictionaries decoded, times to microseconds, nested to JSON."""
    while any(pa.types.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    columns = {field.name: _plain(table.column(field.name)) for field in table.schema}
    return pa.table(columns)


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _plain(column.cast(kind.value_type))
    if pa.types.is_timestamp(kind):
        whole = column.cast(pa.timestamp("us", kind.tz and "UTC"), safe=False)
        return whole if kind.tz else whole.cast(pa.string())
    if pa.types.is_uint64(kind) or (pa.types.is_decimal(kind) and kind.precision > 38):
        return column.cast(pa.string())
    if pa.types.is_unsigned_integer(kind):
        return column.cast(pa.int64())
    if pa.types.is_large_string(kind) or pa.types.is_binary(kind):
        return column.cast(pa.string())
    if pa.types.is_nested(kind):
        return pa.chunked_array([pa.array([_json(v) for v in column.to_pylist()], pa.string())])
    return column


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, default=str)
