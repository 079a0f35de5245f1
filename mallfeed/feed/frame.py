"""Writing the raw frame: tables of records become Parquet parts, each put away when it is full."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mallfeed.errors import FeedHeld
from mallfeed.feed import raw
from mallfeed.feed.ports import PartSink
from mallfeed.reading.header import MAX_COLUMNS, too_many_columns
from mallfeed.reading.raw_columns import torn

ROWS_A_PART = 30_000
"""So that several tasks can read a big feed, and a small one is a single file."""
BYTES_A_PART = 128 * 1024 * 1024
_WRITER = {b"org.apache.spark.version": b"3.5.6"}
"""Days before 1582 are in the one calendar; without this Spark refuses to read them."""
_BOOKKEEPING = (
    pa.field(raw.POSITION, pa.int64()),
    *(pa.field(name, pa.string()) for name in raw.BOOKKEEPING[1:]),
)


class FrameWriter:
    """Parquet parts of the raw frame.

    `columns` are those known at the start. A table with further ones widens the frame; only where
    that may happen (`may_widen`) are finished parts kept back until all columns are known.
    """

    def __init__(self, out: PartSink, columns: pa.Schema, may_widen: bool = False) -> None:
        self._out = out
        self._schema = pa.schema([*_BOOKKEEPING, *columns], metadata=_WRITER)
        self._may_widen = may_widen
        self._writer: pq.ParquetWriter | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="mallfeed-")
        self._parts: list[Path] = []
        self._in_part = (0, 0)
        self._uris: list[str] = []
        self.rows = 0
        self.malformed = 0

    @property
    def columns(self) -> tuple[str, ...]:
        """The source columns of the frame, in order."""
        return tuple(self._schema.names[len(_BOOKKEEPING) :])

    @property
    def _in_file(self) -> pa.Schema:
        """The schema under the names that stand in files."""
        names = raw.names_in_files(self.columns)
        fields = [field.with_name(name) for field, name in zip(self._schema, names, strict=True)]
        return pa.schema(fields, metadata=_WRITER)

    def append(self, table: pa.Table, name: str) -> None:
        """Append a table of everything but `_pos`, which is given here."""
        self._widen(table.schema, name)
        positions = pa.arange(self.rows, self.rows + table.num_rows)
        table = table.add_column(0, raw.POSITION, positions)
        fitted = pa.table([_fitted(table, field, name) for field in self._schema], self._in_file)
        if self._writer is None:
            self._start_part()
        assert self._writer is not None
        self._writer.write_table(fitted)
        self.rows += table.num_rows
        self.malformed += pc.sum(torn(table)).as_py() or 0
        self._in_part = (self._in_part[0] + table.num_rows, self._in_part[1] + fitted.nbytes)
        if self._in_part[0] >= ROWS_A_PART or self._in_part[1] >= BYTES_A_PART:
            self._finish_part()

    def close(self) -> tuple[str, ...]:
        """Put the last part away (an empty one when there was no record); returns all URIs."""
        if self._writer is None and not self.rows:
            self._start_part()
        self._finish_part()
        while self._parts:
            self._put(_widened(self._parts.pop(0), self._in_file))
        self.discard()
        return tuple(self._uris)

    def discard(self) -> None:
        """Remove what is on disk still."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self._folder.cleanup()

    def _widen(self, schema: pa.Schema, name: str) -> None:
        new = [field for field in schema if self._schema.get_field_index(field.name) < 0]
        if not new:
            return
        if not self._may_widen:
            raise FeedHeld(
                "drift",
                f"{name} has columns that the first part of the feed lacks: "
                f"{', '.join(field.name for field in new[:20])}. Nothing was loaded; send parts "
                "with the same columns.",
            )
        if len(self.columns) + len(new) > MAX_COLUMNS:
            raise too_many_columns(name, len(self.columns) + len(new))
        self._finish_part()
        self._schema = pa.schema([*self._schema, *new], metadata=_WRITER)

    def _start_part(self) -> None:
        number = len(self._uris) + len(self._parts)
        path = Path(self._folder.name) / f"part-{number:05d}.parquet"
        self._writer = pq.ParquetWriter(
            path,
            self._in_file,
            compression="snappy",
            use_dictionary=[raw.FAULT, raw.FAULT_DETAIL, raw.CARRIED],
        )
        self._parts.append(path)
        self._in_part = (0, 0)

    def _finish_part(self) -> None:
        if self._writer is None:
            return
        self._writer.close()
        self._writer = None
        if not self._may_widen:
            self._put(self._parts.pop())

    def _put(self, path: Path) -> None:
        self._uris.append(self._out.put(path, len(self._uris)))


def _fitted(table: pa.Table, field: pa.Field, name: str) -> pa.ChunkedArray:
    if table.schema.get_field_index(field.name) < 0:
        return pa.chunked_array([pa.nulls(table.num_rows, field.type)])
    column = table.column(field.name)
    if column.type == field.type:
        return column
    try:
        return column.cast(field.type)
    except pa.ArrowException as error:
        raise FeedHeld(
            "drift",
            f"{name}: column {field.name} is {column.type}, in the first part of the feed it is "
            f"{field.type}, and its values do not fit that. Nothing was loaded; send parts of one type.",
        ) from error


def _widened(path: Path, schema: pa.Schema) -> Path:
    """The part with all columns: written again where it lacks some."""
    with pq.ParquetFile(path) as part:
        if part.schema_arrow.names == schema.names:
            return path
        wide = path.with_suffix(".wide")
        with pq.ParquetWriter(wide, schema, compression="snappy", use_dictionary=False) as writer:
            for group in range(part.num_row_groups):
                table = part.read_row_group(group)
                writer.write_table(
                    pa.table([_fitted(table, field, path.name) for field in schema], schema)
                )
    path.unlink()
    return wide
