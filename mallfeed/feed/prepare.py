"""Any feed into the raw frame: a stream of records becomes Parquet parts, in bounded memory."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO, cast

import pyarrow as pa

from mallfeed.catalog.feed_spec import FeedSpec
from mallfeed.errors import FeedHeld
from mallfeed.feed.decompress import unpacked
from mallfeed.feed.fill_down import FillDown
from mallfeed.feed.frame import FrameWriter
from mallfeed.feed.local import LocalFile, LocalFiles, LocalParts
from mallfeed.feed.ports import FeedSource, PartSink, SourcePart
from mallfeed.feed.raw import RawFeed
from mallfeed.formats.foreign import refuse_foreign
from mallfeed.formats.likeness import looks_like
from mallfeed.formats.readers import reader_of
from mallfeed.reading.budget import USUAL, Budget, Work
from mallfeed.reading.bytestream import ByteStream
from mallfeed.reading.chunk import Found, spend_on_rows
from mallfeed.reading.nothing import nothing_in
from mallfeed.reading.part import OpenPart
from mallfeed.reading.plain_types import spark_type
from mallfeed.reading.raw_columns import CARRIED, carried
from mallfeed.reading.wanted import Wanted

__all__ = ["ColumnsSeen", "LocalFile", "LocalFiles", "LocalParts", "prepare"]

LOOKED_AT = 4096
_OTHER_FORMATS = frozenset(
    (
        "drift",
        "header_missing",
        "not_the_format",
        "quote_unclosed",
        "records_path_missing",
        "truncated",
    )
)
"""Codes of a feed that may be of another format than was agreed."""
ColumnsSeen = Callable[[Sequence[str], Mapping[str, str]], None]
RowsRead = Callable[[int, int], None]
"""Told again and again: rows taken out so far, of so many of the feed's bytes."""


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
    budget: Budget | None = USUAL,
    most_rows: int | None = None,
) -> RawFeed:
    """Read every part of the feed, in order; returns what was found.

    `on_columns` is called with the columns of the first part and, for a typed format, their Spark types,
    before any row is kept: it may raise FeedHeld. It is not called where no record tells the
    columns (an empty JSON array).

    A format may be read by threads of its own, which have ended behind this; what is told is told
    by the caller's.

    `budget` is what reading may cost, by the size of all parts; None = whatever it takes.

    `most_rows`: of each part no more rows are read, and the digest and the size are of what was read.

    Raises FeedHeld for whatever is wrong with the data as a whole, and `too_costly` beyond the budget; a
    single record that cannot be taken apart is a row with a fault.
    """
    work = Work(budget, sum(part.size_bytes for part in source.parts()))
    reading = _Reading(source, spec, wanted, out, on_columns, on_rows, work, most_rows)
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
        work: Work,
        most_rows: int | None,
    ) -> None:
        self._most_rows = most_rows
        self._many = len(source.parts()) > 1
        self._format = spec.format_row
        self._options = spec.options
        self._reader = reader_of(spec.format_row)
        self._wanted = wanted
        self._out = out
        self._on_columns = on_columns
        self._on_rows = on_rows
        self._work = work
        self._checked = False
        self._nothing = ""
        self._writer: FrameWriter | None = None
        self._types: dict[str, str] = {}
        self._facts: dict[str, str] = {}
        self._digest = hashlib.sha256()
        self._size = 0
        inherit = spec.inherit
        self._fill = FillDown(inherit.key) if inherit and inherit.above and inherit.key else None

    def read(self, part: SourcePart) -> None:
        """One part; a part without content counts only where it is the whole feed."""
        with contextlib.ExitStack() as open_files:
            stream = open_files.enter_context(contextlib.closing(part.open()))
            hashed = _Hashed(stream, self._digest)
            packing, content = unpacked(
                cast(BinaryIO, hashed),
                part.size_bytes,
                part.name,
                self._format.zip_signs,
                self._work,
            )
            self._facts["compression"] = packing
            if nothing := nothing_in(content):
                packed = f" is packed ({packing}), and what is in it" if packing != "none" else ""
                self._nothing = self._nothing or f"{part.name}{packed} {nothing}"
            else:
                head = content.peek(LOOKED_AT)
                try:
                    found = self._found(content, part, open_files)
                    self._seen(found)
                except FeedHeld as held:
                    raise self._with_likeness(held, head) from None
                for table in self._first(found.tables):
                    table = self._with_carried(table, found)
                    spend_on_rows(self._work, table, len(self._frame().columns), part.name)
                    self._frame().append(self._fill(table) if self._fill else table, part.name)
                    self._on_rows(self._frame().rows, self._size + hashed.size)
            if self._most_rows is None:
                hashed.drain()
            self._size += hashed.size

    def _with_carried(self, table: pa.Table, found: Found) -> pa.Table:
        """The table, which says what its rows carry where that is the columns of their part."""
        if not self._wanted.carried or self._format.nests or found.seen is None:
            return table
        named = pa.repeat(carried(found.seen), table.num_rows)
        return table.append_column(CARRIED, named)

    def _first(self, tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
        """The tables, up to as many rows as are wanted."""
        left = self._most_rows
        for table in tables:
            yield table if left is None else table.slice(0, left)
            if left is not None and (left := left - len(table)) <= 0:
                return

    def _with_likeness(self, held: FeedHeld, head: bytes) -> FeedHeld:
        """The hold of a part of which nothing was read, with what it looks like instead, where that may be its cause."""
        if held.code not in _OTHER_FORMATS or "is" in held.details:
            return held
        return held.with_hint(looks_like(head, self._format))

    def finish(self) -> RawFeed:
        """Put the last part away."""
        if self._writer is None:
            raise FeedHeld(
                "empty_object",
                f"{self._nothing or 'the feed has no content'}. Upload it again; the last good data stays.",
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
        refuse_foreign(content, self._format, part.name)
        known = self._writer.columns if self._writer else None
        label = f"{part.name}:" if self._many else ""
        opened = OpenPart(
            content,
            part.name,
            self._wanted,
            open_files,
            known,
            label,
            facts=self._facts,
            work=self._work,
        )
        return self._reader(opened, self._options)

    def _seen(self, found: Found) -> None:
        types = {f.name: spark_type(f.type) for f in found.schema} if self._format.typed else {}
        if not self._checked and found.seen is not None:
            try:
                self._on_columns(found.seen, types)
            except FeedHeld as held:
                raise held.with_hint(found.hint) from None
            self._checked = True
        if self._writer is None:
            self._types = types
            may_widen = self._format.nests and self._wanted.everything
            self._writer = FrameWriter(self._out, found.schema, may_widen)

    def _frame(self) -> FrameWriter:
        assert self._writer is not None, "columns are seen before rows"
        return self._writer


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
