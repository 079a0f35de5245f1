"""Any feed into the raw frame: a stream of records becomes Parquet parts, in bounded memory."""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO, Any, BinaryIO, TypeVar, cast

import pyarrow as pa

from mallfeed.catalog.model import FeedSpec
from mallfeed.errors import FeedHeld
from mallfeed.feed.decompress import unpacked
from mallfeed.feed.formats import csv, ep_blocks, json, parquet, xlsx, xml
from mallfeed.feed.formats.csv_text import CsvText
from mallfeed.feed.frame import FrameWriter
from mallfeed.feed.local import LocalFile, LocalFiles, LocalParts
from mallfeed.feed.ports import FeedSource, PartSink, SourcePart
from mallfeed.feed.raw import RawFeed
from mallfeed.reading import nested
from mallfeed.reading.ahead import ahead
from mallfeed.reading.bytestream import ByteStream
from mallfeed.reading.chunk import Found
from mallfeed.reading.decode import decoded
from mallfeed.reading.decode_utf8 import decoded_to_utf8, is_utf8
from mallfeed.reading.lines import lines
from mallfeed.reading.plain_types import spark_type
from mallfeed.reading.utf8 import Utf8Text
from mallfeed.reading.wanted import Wanted

__all__ = ["ColumnsSeen", "LocalFile", "LocalFiles", "LocalParts", "prepare"]

ColumnsSeen = Callable[[Sequence[str], Mapping[str, str]], None]
RowsRead = Callable[[int, int], None]
"""Told again and again: rows taken out so far, of so many of the feed's bytes."""

PIECES_AHEAD = 4
TABLES_AHEAD = 2
"""What threads may hold ready of a CSV part: pieces of a megabyte, tables of some megabytes."""
T = TypeVar("T")


def _accept(columns: Sequence[str], types: Mapping[str, str]) -> None:
    """Every header is fine."""


def _untold(rows: int, size_bytes: int) -> None:
    """Nobody wants to know."""


def prepare(
    source: FeedSource,
    spec: FeedSpec,
    wanted: Wanted,
    out: PartSink,
    on_columns: ColumnsSeen = _accept,
    on_rows: RowsRead = _untold,
) -> RawFeed:
    """Read every part of the feed, in order; returns what was found.

    `on_columns` is called with the columns of the first part and, for Parquet, their Spark types,
    before any row is kept: it may raise FeedHeld. It is not called where no record tells the
    columns (an empty JSON array).

    CSV is read by threads of its own, which have ended behind this; what is told is told by the
    caller's.

    Raises FeedHeld for whatever is wrong with the data as a whole; a single record that cannot be
    taken apart is a row with a fault.
    """
    reading = _Reading(source, spec, wanted, out, on_columns, on_rows)
    try:
        for part in source.parts():
            reading.read(part)
        return reading.finish()
    finally:
        reading.discard()


class _Reading:
    """One feed on its way into one frame."""

    def __init__(
        self,
        source: FeedSource,
        spec: FeedSpec,
        wanted: Wanted,
        out: PartSink,
        on_columns: ColumnsSeen,
        on_rows: RowsRead,
    ) -> None:
        self._many = len(source.parts()) > 1
        self._spec = spec
        self._wanted = wanted
        self._out = out
        self._on_columns = on_columns
        self._on_rows = on_rows
        self._checked = False
        self._writer: FrameWriter | None = None
        self._types: dict[str, str] = {}
        self._facts: dict[str, str] = {}
        self._digest = hashlib.sha256()
        self._size = 0

    def read(self, part: SourcePart) -> None:
        """One part; a part without bytes counts only where it is the whole feed."""
        with contextlib.ExitStack() as open_files:
            stream = open_files.enter_context(contextlib.closing(part.open()))
            hashed = _Hashed(stream, self._digest)
            packing, content = unpacked(
                cast(BinaryIO, hashed), part.size_bytes, part.name, self._spec.format == "xlsx"
            )
            self._facts["compression"] = packing
            if content.peek(1):
                found = self._found(content, part, open_files)
                self._seen(found)
                for table in self._tables(found, open_files):
                    self._frame().append(table, part.name)
                    self._on_rows(self._frame().rows, self._size + hashed.size)
            hashed.drain()
            self._size += hashed.size

    def finish(self) -> RawFeed:
        """Put the last part away."""
        if self._writer is None:
            raise FeedHeld(
                "empty_object",
                "the feed has no content. Upload it again; the last good data stays",
            )
        uris = self._writer.close()
        return RawFeed(
            uris=uris,
            columns=self._writer.columns,
            types=self._types,
            rows=self._writer.rows,
            malformed=self._writer.malformed,
            size_bytes=self._size,
            sha256=self._digest.hexdigest(),
            facts=self._facts,
        )

    def discard(self) -> None:
        """Remove what is on disk still."""
        if self._writer is not None:
            self._writer.discard()

    def _found(
        self, content: ByteStream, part: SourcePart, open_files: contextlib.ExitStack
    ) -> Found:
        label = f"{part.name}:" if self._many else ""
        if self._spec.format == "parquet":
            return parquet.read(_spooled(content, open_files), part.name, label)
        known = self._writer.columns if self._writer else None
        if self._spec.format == "xlsx":
            file = _spooled(content, open_files)
            return xlsx.read(file, self._spec.xlsx, self._wanted, known, part.name, label)
        if self._spec.format == "csv":
            text = self._csv_text(content, part, open_files)
            return csv.read(text, self._spec.csv, self._wanted, known, part.name, label)
        return self._nested(self._text(content, part), part, label)

    def _tables(self, found: Found, open_files: contextlib.ExitStack) -> Iterator[pa.Table]:
        """Those of CSV from a thread: Arrow takes the next ones apart while one is written."""
        if self._spec.format == "csv":
            return _ahead(found.tables, TABLES_AHEAD, open_files)
        return found.tables

    def _nested(self, text: Iterator[str], part: SourcePart, label: str) -> Found:
        if self._spec.format == "json":
            records = json.records(text, self._spec.json_, part.name)
        elif self._spec.format == "xml":
            utf8 = Utf8Text(text, part.name, xml.MAX_RECORD_BYTES)
            records = xml.records(utf8, self._spec.xml.record_tag, part.name)
        else:
            records = ep_blocks.records(lines(text), part.name)
        what = {"json": "JSON", "xml": "product XML", "ep_blocks": "an EP file"}
        return nested.found(records, self._wanted, part.name, what[self._spec.format], label)

    def _text(self, content: ByteStream, part: SourcePart) -> Iterator[str]:
        label = {
            "json": self._spec.json_.encoding,
            "ep_blocks": self._spec.ep_blocks.encoding,
        }.get(self._spec.format) or xml.declared_encoding(content)
        encoding, text = decoded(content, label, part.name)
        self._facts["encoding"] = encoding
        return text

    def _csv_text(
        self, content: ByteStream, part: SourcePart, open_files: contextlib.ExitStack
    ) -> CsvText:
        encoding, pieces = decoded_to_utf8(content, self._spec.csv.encoding, part.name)
        self._facts["encoding"] = encoding
        pieces = _ahead(pieces, PIECES_AHEAD, open_files)
        return CsvText(pieces, may_halve=not is_utf8(encoding))

    def _seen(self, found: Found) -> None:
        types = {f.name: spark_type(f.type) for f in found.schema}
        if not self._checked and found.seen is not None:
            self._on_columns(found.seen, types if self._spec.format == "parquet" else {})
            self._checked = True
        if self._writer is None:
            self._types = types if self._spec.format == "parquet" else {}
            nests = self._spec.format in ("json", "xml", "ep_blocks")
            self._writer = FrameWriter(self._out, found.schema, nests and self._wanted.everything)

    def _frame(self) -> FrameWriter:
        assert self._writer is not None, "columns are seen before rows"
        return self._writer


def _ahead(items: Iterator[T], most: int, open_files: contextlib.ExitStack) -> Iterator[T]:
    """The items from a thread, which ends before what was opened earlier is closed."""
    return open_files.enter_context(contextlib.closing(ahead(items, most)))


def _spooled(content: ByteStream, open_files: contextlib.ExitStack) -> IO[bytes]:
    """The content as a file that can be read anywhere."""
    spooled = open_files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
    for chunk in content.chunks():
        spooled.write(chunk)
    spooled.seek(0)
    return spooled


class _Hashed:
    """A stream whose bytes go into a digest as they are read."""

    def __init__(self, stream: BinaryIO, digest: Any) -> None:
        self._stream = stream
        self._digest = digest
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        """Read and digest."""
        data = self._stream.read(size)
        self._digest.update(data)
        self.size += len(data)
        return data

    def drain(self) -> None:
        """Read what no reader wanted, so that the digest is of all."""
        while self.read(1 << 20):
            pass
