"""Parquet: typed values as typed, structs flattened to dotted paths, the rest as JSON text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mallfeed.errors import FeedHeld
from mallfeed.formats.foreign import foreign
from mallfeed.formats.parquet.list_paths import list_paths, with_list_paths
from mallfeed.reading import raw_columns
from mallfeed.reading.budget import COLUMN_CHUNKS, UNPACKED
from mallfeed.reading.chunk import CELLS_A_CHUNK, MAX_CELL, Found
from mallfeed.reading.header import MAX_COLUMNS, refuse_repeated, too_many_columns, without_ours
from mallfeed.reading.part import OpenPart
from mallfeed.reading.plain_types import from_bytes, plain, plain_type
from mallfeed.reading.signatures import LOCKED_PARQUET

_BATCH_BYTES = 24 * 1024 * 1024
_BATCH_ROWS = 50_000
_FAILURES = (pa.ArrowException, OSError, ValueError, OverflowError, KeyError)


def read(part: OpenPart, options: None) -> Found:
    """Columns with their types, and the rows, numbered from 1.

    Raises FeedHeld `truncated`, `not_the_format`, `encrypted_archive`, `header_duplicate`.
    """
    name = part.name
    opened = _opened(part.file(), name)
    chunks = opened.metadata.num_row_groups * opened.metadata.num_columns
    part.work.spend(COLUMN_CHUNKS, chunks, name, "in its row groups")
    try:
        spread = _spread(opened.schema_arrow.empty_table())
        empty = _flat(spread)
    except _FAILURES as error:
        raise _damaged(name, 0, error) from error
    refuse_repeated(spread.column_names, part.wanted, name)
    columns = without_ours(empty.schema.names)
    if len(columns) > MAX_COLUMNS:
        raise too_many_columns(name, len(columns))
    paths = list_paths(opened.schema_arrow, part.wanted, columns)
    columns = tuple(column for column in columns if column not in paths)
    fields = [empty.schema.field(column) for column in columns]
    schema = pa.schema([*fields, *(pa.field(path, pa.string()) for path in paths)])
    return Found((*columns, *paths), schema, _tables(opened, columns, paths, part))


def _opened(file: IO[bytes], name: str) -> pq.ParquetFile:
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(4)
    file.seek(max(0, size - 4))
    tail = file.read(4)
    if head == b"PAR1" and tail != b"PAR1":
        raise FeedHeld(
            "truncated",
            f"{name} is a Parquet file without its end: it stops at byte {size:,} with "
            f"{tail.hex(' ')} where PAR1 must stand. Upload it again, whole.",
        )
    if head != b"PAR1":
        raise FeedHeld(
            "not_the_format",
            f"{name} is no Parquet file: it begins with {head.hex(' ')}, where PAR1 must stand.",
        )
    file.seek(0)
    try:
        return pq.ParquetFile(file, pre_buffer=False, buffer_size=1 << 20)
    except _FAILURES as error:
        raise _damaged(name, 0, error) from error


_REASONS = (
    ("thrift", "its directory, or the head of a page, cannot be read"),
    ("deserialize", "its directory, or the head of a page, cannot be read"),
    ("metadata", "its directory cannot be read"),
    ("end of stream", "a page ends too early"),
    ("eof", "a page ends too early"),
    ("snappy", "a page cannot be unpacked"),
    ("decompress", "a page cannot be unpacked"),
    ("corrupt", "a page cannot be unpacked"),
    ("utf8", "a text in it is not UTF-8"),
    ("utf-8", "a text in it is not UTF-8"),
)
"""What Arrow's words have in them, and ours."""


def _damaged(name: str, row: int, error: Exception) -> FeedHeld:
    said = str(error).lower()
    if "decrypt" in said:  # its footer is in the clear, its columns are not
        return foreign(LOCKED_PARQUET, name, "where the catalog says `format: parquet`")
    if isinstance(error, NotImplementedError):
        what, todo = (
            "uses an encoding or a type that is not read",
            "Write it with the usual ones (Parquet 1.0 or 2.6, snappy, gzip or zstd)",
        )
    else:
        reason = next(
            (words for sign, words in _REASONS if sign in said),
            "its pages do not hold what its directory says",
        )
        what, todo = f"is damaged behind row {row:,}: {reason}", "Write and upload it again"
    return FeedHeld(
        "not_the_format",
        f"{name}: the Parquet file {what}. Nothing was loaded. {todo}.",
        {"row": row},
    )


def _tables(
    opened: pq.ParquetFile, columns: tuple[str, ...], paths: tuple[str, ...], part: OpenPart
) -> Iterator[pa.Table]:
    name, start = part.name, 0
    try:
        for batch in opened.iter_batches(batch_size=_rows_a_batch(opened)):
            typed = pa.Table.from_batches([batch])
            flat = _flat(typed).select(columns)
            table = _whole(with_list_paths(flat, typed, paths, part.wanted))
            table = _with_bookkeeping(table, start, part.label)
            start += len(table)
            part.work.spend(UNPACKED, table.nbytes, name, f"by row {start:,}")
            yield table
    except _FAILURES as error:
        raise _damaged(name, start, error) from error
    if start != opened.metadata.num_rows:
        raise _damaged(name, start, ValueError(f"{opened.metadata.num_rows:,} rows were announced"))


def _whole(table: pa.Table) -> pa.Table:
    """The table, once it is known to hold what its types say; a text may hold bytes that are none."""
    try:
        table.validate(full=True)
    except pa.ArrowInvalid:
        columns = [
            from_bytes(column.cast(pa.binary())) if pa.types.is_string(column.type) else column
            for column in table.columns
        ]
        table = pa.table(dict(zip(table.column_names, columns, strict=True)))
        table.validate(full=True)
    return table


def _rows_a_batch(opened: pq.ParquetFile) -> int:
    metadata = opened.metadata
    groups = [metadata.row_group(n) for n in range(metadata.num_row_groups)]
    widest = max((g.total_byte_size / max(g.num_rows, 1) for g in groups), default=1)
    by_cells = CELLS_A_CHUNK // max(int(metadata.num_columns), 1)
    return max(1, min(_BATCH_ROWS, by_cells, int(_BATCH_BYTES / max(widest, 1))))


def _with_bookkeeping(table: pa.Table, start: int, label: str) -> pa.Table:
    count = len(table)
    rows = pa.array([f"{label}{n}" for n in range(start + 1, start + 1 + count)], pa.string())
    large = _large(table)
    faults = pa.nulls(count, pa.string())
    details = faults
    if large is not None:
        faults = pc.if_else(large, "cell_too_large", pa.scalar(None, pa.string()))
        told = f"a cell of more than {MAX_CELL:,} bytes"
        details = pc.if_else(large, told, pa.scalar(None, pa.string()))
        nothing = [pc.if_else(large, pa.scalar(None, c.type), c) for c in table.columns]
        table = pa.table(dict(zip(table.column_names, nothing, strict=True)))
    nulls = pa.nulls(count, pa.string())
    for column, values in (
        (raw_columns.FAULT_DETAIL, details), (raw_columns.FAULT, faults), (raw_columns.RAW, nulls), (raw_columns.ROW, rows),
    ):  # fmt: skip
        table = table.add_column(0, column, values)
    return table


def _large(table: pa.Table) -> pa.Array | None:
    """Which rows hold a cell that is too large; None where there is none."""
    found = None
    for column in table.columns:
        if pa.types.is_string(column.type):
            large = pc.fill_null(pc.greater(pc.binary_length(column), MAX_CELL), False)
            if pc.any(large).as_py():
                found = large if found is None else pc.or_(found, large)
    return found


def _spread(table: pa.Table) -> pa.Table:
    """Structs to dotted columns."""
    while any(pa.types.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    return table


def _flat(table: pa.Table) -> pa.Table:
    """Structs to dotted columns, values made plain; of columns of one name, which nothing reads, the
    first."""
    table = _spread(table)
    columns: dict[str, pa.ChunkedArray] = {}
    for field, column in zip(table.schema, table.columns, strict=True):
        if field.name and field.name not in columns:
            columns[field.name] = plain(column)
    fields = [pa.field(name, plain_type(column.type)) for name, column in columns.items()]
    return pa.table(list(columns.values()), pa.schema(fields))
