"""Writing the raw frame: chunks of records become Parquet parts, each put away when it is full."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mallfeed.feed import raw
from mallfeed.feed.ports import PartSink

ROWS_A_CHUNK = 20_000
ROWS_A_PART = 100_000
"""So that several tasks can read a big feed, and a small one is a single file."""


@dataclass
class Chunk:
    """Some records: bookkeeping and cells side by side, all lists of one length."""

    columns: Sequence[str]
    rows: list[str] = field(default_factory=list)
    raws: list[str | None] = field(default_factory=list)
    faults: list[str | None] = field(default_factory=list)
    details: list[str | None] = field(default_factory=list)
    cells: list[Sequence[str | None]] = field(default_factory=list)

    def good(self, row: str, cells: Sequence[str | None]) -> None:
        """A record with a cell for each column."""
        self._add(row, cells, None, None, None)

    def bad(self, row: str, code: str, detail: str, text: str) -> None:
        """A record that could not be taken apart; its cells are null, its text is kept."""
        self._add(row, (None,) * len(self.columns), code, detail, text[: 64 * 1024])

    def _add(
        self,
        row: str,
        cells: Sequence[str | None],
        fault: str | None,
        detail: str | None,
        text: str | None,
    ) -> None:
        self.rows.append(row)
        self.cells.append(cells)
        self.faults.append(fault)
        self.details.append(detail)
        self.raws.append(text)

    def __len__(self) -> int:
        return len(self.rows)


class FrameWriter:
    """Parquet parts of the raw frame; `close` puts the last one away."""

    def __init__(self, out: PartSink, columns: Sequence[str]) -> None:
        self._out = out
        self._columns = tuple(columns)
        self._writer: pq.ParquetWriter | None = None
        self._path: Path | None = None
        self._in_part = 0
        self.uris: list[str] = []
        self.rows = 0
        self.malformed = 0
        self._folder = tempfile.TemporaryDirectory(prefix="mallfeed-")

    def write(self, chunk: Chunk) -> None:
        """Append a chunk of text cells."""
        if not len(chunk):
            return
        columns = zip(*chunk.cells, strict=True) if self._columns else ()
        arrays = {name: pa.array(list(c), pa.string()) for name, c in zip(self._columns, columns, strict=True)}  # fmt: skip
        bookkeeping = {
            raw.ROW: pa.array(chunk.rows, pa.string()),
            raw.RAW: pa.array(chunk.raws, pa.string()),
            raw.FAULT: pa.array(chunk.faults, pa.string()),
            raw.FAULT_DETAIL: pa.array(chunk.details, pa.string()),
        }
        self.malformed += sum(fault is not None for fault in chunk.faults)
        self.append(pa.table({**bookkeeping, **arrays}))

    def append(self, table: pa.Table) -> None:
        """Append a table of everything but `_pos`, which is given here."""
        start = self.rows
        positions = pa.array(range(start, start + table.num_rows), pa.int64())
        table = table.add_column(0, raw.POSITION, positions)
        if self._writer is None:
            self._path = Path(self._folder.name) / f"part-{len(self.uris):05d}.parquet"
            self._writer = pq.ParquetWriter(self._path, table.schema, compression="snappy")
        self._writer.write_table(table)
        self.rows += table.num_rows
        self._in_part += table.num_rows
        if self._in_part >= ROWS_A_PART:
            self._finish_part()

    def close(self) -> tuple[str, ...]:
        """Put the last part away (an empty one when there was no record); returns all URIs."""
        if not self.uris and self._writer is None:
            self.write_empty()
        self._finish_part()
        self._folder.cleanup()
        return tuple(self.uris)

    def write_empty(self) -> None:
        """A part without rows, so that the frame has its columns."""
        names = (raw.ROW, raw.RAW, raw.FAULT, raw.FAULT_DETAIL, *self._columns)
        self.append(pa.table({name: pa.array([], pa.string()) for name in names}))

    def _finish_part(self) -> None:
        if self._writer is None or self._path is None:
            return
        self._writer.close()
        self.uris.append(self._out.put(self._path, len(self.uris)))
        self._writer, self._path, self._in_part = None, None, 0
