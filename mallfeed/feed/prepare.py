"""Any feed into the raw frame: a stream of records becomes Parquet parts, in bounded memory."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, cast

from mallfeed.catalog.model import FeedSpec
from mallfeed.errors import FeedHeld
from mallfeed.feed.decode import decoded, lines
from mallfeed.feed.decompress import unpacked
from mallfeed.feed.formats import csv, json, parquet
from mallfeed.feed.frame import Chunk, FrameWriter
from mallfeed.feed.ports import FeedSource, PartSink, SourcePart
from mallfeed.feed.raw import RawFeed

ColumnsSeen = Callable[[Sequence[str], Mapping[str, str]], None]


def _accept(columns: Sequence[str], types: Mapping[str, str]) -> None:
    """Every header is fine."""


def prepare(
    source: FeedSource,
    spec: FeedSpec,
    wanted: tuple[str, ...] | None,
    out: PartSink,
    on_columns: ColumnsSeen = _accept,
) -> RawFeed:
    """Read every part of the feed; returns what was found.

    `wanted` are the source columns that a nested format must yield (None = all). `on_columns` is
    called with the columns and their types before any row is kept: it may raise FeedHeld.

    Raises FeedHeld for whatever is wrong with the data as a whole; a single record that cannot be
    taken apart is a row with a fault.
    """
    reading = _Reading(source, spec, wanted, out, on_columns)
    for part in source.parts():
        reading.read(part)
    return reading.finish()


class _Reading:
    def __init__(
        self,
        source: FeedSource,
        spec: FeedSpec,
        wanted: tuple[str, ...] | None,
        out: PartSink,
        on_columns: ColumnsSeen,
    ) -> None:
        self._many = len(source.parts()) > 1
        self._spec = spec
        self._wanted = wanted
        self._out = out
        self._on_columns = on_columns
        self._writer: FrameWriter | None = None
        self._columns: tuple[str, ...] = ()
        self._types: dict[str, str] = {}
        self._facts: dict[str, str] = {}
        self._digest = hashlib.sha256()
        self._size = 0

    def read(self, part: SourcePart) -> None:
        self._size += part.size_bytes
        with contextlib.closing(part.open()) as stream:
            hashed = cast(BinaryIO, Hashed(stream, self._digest))
            packing, chunks = unpacked(hashed, part.size_bytes, part.name)
            self._facts["compression"] = packing
            if self._spec.format == "parquet":
                self._parquet(chunks, part)
            elif self._spec.format == "csv":
                self._csv(chunks, part)
            elif self._spec.format == "json":
                self._json(chunks, part)
            else:
                raise FeedHeld("format_unknown", f"format {self._spec.format} is not read yet")

    def _csv(self, chunks: Iterator[bytes], part: SourcePart) -> None:
        options = self._spec.csv
        text = lines(decoded(chunks, options.encoding, part.name), part.name)
        known = self._columns if self._writer else None
        columns, found = csv.read(text, options, known, part.name)
        self._seen(columns, columns, {})
        self._write(found, part)

    def _json(self, chunks: Iterator[bytes], part: SourcePart) -> None:
        options = self._spec.json_
        text = decoded(chunks, options.encoding, part.name)
        by_line = lines(text, part.name) if options.layout == "lines" else None
        found = json.records(text, by_line, options, part.name)
        wanted = self._columns if self._writer else self._wanted
        seen, columns, rows = json.columns_and_chunks(found, wanted)
        self._seen(seen, columns, {})
        self._write(rows, part)

    def _parquet(self, chunks: Iterator[bytes], part: SourcePart) -> None:
        with tempfile.TemporaryFile() as spooled:
            for chunk in chunks:
                spooled.write(chunk)
            opened = parquet.open_parquet(spooled, part.name)
            empty = parquet.flat(opened.schema_arrow.empty_table())
            types = {field.name: str(field.type) for field in empty.schema}
            self._seen(tuple(types), tuple(types), types)
            label = part.name if self._many else None
            for table in parquet.tables(opened, label, part.name):
                self._frame().append(table)

    def _seen(self, seen: tuple[str, ...], columns: tuple[str, ...], types: dict[str, str]) -> None:
        if self._writer is None:
            self._on_columns(seen, types)
            self._columns, self._types = columns, types
            self._writer = FrameWriter(self._out, columns)

    def _frame(self) -> FrameWriter:
        assert self._writer is not None, "columns are seen before rows"
        return self._writer

    def _write(self, chunks: Iterator[Chunk], part: SourcePart) -> None:
        for chunk in chunks:
            if self._many:
                chunk.rows = [f"{part.name}:{row}" for row in chunk.rows]
            self._frame().write(chunk)

    def finish(self) -> RawFeed:
        writer = self._frame()
        uris = writer.close()
        return RawFeed(
            uris=uris,
            columns=self._columns,
            types=self._types,
            rows=writer.rows,
            malformed=writer.malformed,
            size_bytes=self._size,
            sha256=self._digest.hexdigest(),
            facts=self._facts,
        )


class Hashed:
    """A stream whose bytes go into a digest as they are read."""

    def __init__(self, stream: BinaryIO, digest: Any) -> None:
        self._stream = stream
        self._digest = digest

    def read(self, size: int = -1) -> bytes:
        """Read and digest."""
        data = self._stream.read() if size < 0 else self._stream.read(size)
        self._digest.update(data)
        return data


class LocalFile:
    """`SourcePart` of a file on this machine."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = path.name
        self.size_bytes = path.stat().st_size

    def open(self) -> BinaryIO:
        """A stream of its bytes."""
        return self._path.open("rb")


class LocalFiles:
    """`FeedSource` of files on this machine, in the order given."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._parts = [LocalFile(path) for path in paths]

    def parts(self) -> Sequence[SourcePart]:
        """The parts."""
        return self._parts


class LocalParts:
    """`PartSink` that moves finished parts into a folder; URIs are paths."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, path: Path, index: int) -> str:
        """Move it there."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return str(shutil.move(path, self._folder / f"part-{index:05d}.parquet"))
