"""Fixed-width text: lines cut at the catalog's places; a record's row is its line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice

import pyarrow as pa

from mallfeed.errors import FeedHeld
from mallfeed.formats.fixed_width.format import FixedWidthOptions
from mallfeed.formats.fixed_width.places import length_of
from mallfeed.reading.budget import blank_counted
from mallfeed.reading.chunk import Chunk, Found, text_schema
from mallfeed.reading.header import column_names, header_missing
from mallfeed.reading.lines import TooLong, lines
from mallfeed.reading.odd_records import Fault, OddPlaces
from mallfeed.reading.part import OpenPart
from mallfeed.reading.raw_columns import IN_CP949, NOTES
from mallfeed.reading.units import LineUnits

LOOKED_AT = 1_000
"""Lines of which one at least must be a record."""
_END_OF_FILE = "\x1a"
"""What DOS put behind a text."""
_TRIM: dict[str, Callable[[str], str]] = {
    "both": str.strip, "left": str.lstrip, "right": str.rstrip, "none": str,
}  # fmt: skip
Numbered = tuple[int, str]


def read(part: OpenPart, options: FixedWidthOptions) -> Found:
    """The columns that the header names, else the catalog, and the records.

    A column is what lies in its place: names of a header are checked, they move nothing.

    Raises FeedHeld `header_missing`; while the records are taken, `drift` where the header names
    another column in a place, and `not_the_format` where none of the first lines is a record.
    """
    odd = OddPlaces()
    text = part.text(options.encoding, LineUnits(odd) if options.fallback_encoding else None)
    cut = Cutting(options, part.facts["encoding"], odd)
    numbered = islice(
        enumerate(blank_counted(lines(text), part.work, part.name), 1), options.skip, None
    )
    columns = column_names([one.name for one in options.columns], part.wanted, part.name)
    seen = _header(numbered, cut, part) if options.header else columns
    records = _checked(_records(numbered), cut, seen, columns, part.name)
    return Found(seen, text_schema(columns), _tables(records, cut, columns, part.label))


class Cutting:
    """Takes lines apart; `length` is that of a record, in units. `odd` are lines in another encoding than the text."""

    def __init__(self, options: FixedWidthOptions, encoding: str, odd: OddPlaces) -> None:
        self._odd = odd
        self._columns = [column.name for column in options.columns]
        self._places = options.places()
        self._trim = _TRIM[options.trim]
        self._unit = options.unit
        self._encoding = encoding
        self._mark = len("".encode(encoding))  # a byte order mark that is written with every text
        self._ascii_is_bytes = len("a".encode(encoding)) == 1
        self.length = length_of(self._places)

    def fault(self, number: int) -> Fault | None:
        """What was wrong with the bytes of a line."""
        return self._odd.among(number, 1)

    def cells(self, number: int, line: str) -> list[str] | str:
        """A cell for each column; or, in words, why the line is no record. Bytes are those that it was written in."""
        if type(line) is TooLong:
            return "a line longer than any record"
        if self._unit == "characters" or (self._ascii_is_bytes and line.isascii()):
            return self._of_characters(line)
        fault = self.fault(number)
        if fault is not None and fault[0] == IN_CP949:
            return self._of_bytes(line.encode("cp949"), "cp949")
        try:
            return self._of_bytes(line.encode(self._encoding)[self._mark :], self._encoding)
        except UnicodeEncodeError:
            return f"a character that {self._encoding} has no bytes for"

    def _of_characters(self, line: str) -> list[str] | str:
        if len(line) < self.length or line[self.length :].strip():
            return self._wrong(len(line))
        return [self._trim(line[begin:end]) for begin, end in self._places]

    def _of_bytes(self, line: bytes, encoding: str) -> list[str] | str:
        if len(line) < self.length or line[self.length :].decode(encoding, "replace").strip():
            return self._wrong(len(line))
        cells = []
        for name, (begin, end) in zip(self._columns, self._places, strict=True):
            try:
                cells.append(self._trim(line[begin:end].decode(encoding)))
            except UnicodeDecodeError:
                return f"a character lies across an end of the column {name}"
        return cells

    def _wrong(self, length: int) -> str:
        return f"{length:,} {self._unit}, expected {self.length:,}"


def _header(numbered: Iterator[Numbered], cut: Cutting, part: OpenPart) -> tuple[str, ...]:
    number, line = next(_records(numbered), (0, ""))
    if not line:
        raise header_missing(part.name)
    cells = cut.cells(number, line.ljust(cut.length))
    if isinstance(cells, str):
        raise FeedHeld(
            "header_missing",
            f"{part.name}: line {number:,} should name the columns, but cannot be taken apart "
            f"({cells}).",
        )
    return column_names(cells, part.wanted, part.name)


def _records(numbered: Iterator[Numbered]) -> Iterator[Numbered]:
    """Lines without their ends; blank ones are left out."""
    for number, line in numbered:
        if type(line) is TooLong:
            yield number, line
        elif line.strip().strip(_END_OF_FILE):
            yield number, line.rstrip("\r\n")


def _checked(
    numbered: Iterator[Numbered],
    cut: Cutting,
    seen: Sequence[str],
    columns: Sequence[str],
    name: str,
) -> Iterator[Numbered]:
    """The same lines, unless the header has other names, or the first ones are all no records."""
    for place, (found, named) in enumerate(zip(seen, columns, strict=True), 1):
        if found != named:
            raise FeedHeld(
                "drift",
                f"{name}: its header names column {place:,} {found}, where the catalog has {named}. "
                "Nothing was loaded; send the agreed layout, or publish a catalog version for this "
                "one and release the feed with it.",
            )
    first = list(islice(numbered, LOOKED_AT))
    if first and all(isinstance(cut.cells(number, line), str) for number, line in first):
        number, line = first[0]
        raise FeedHeld(
            "not_the_format",
            f"{name} is not laid out as the catalog says: none of the {len(first):,} lines looked "
            f"at is a record; line {number:,}: {cut.cells(number, line)}. Send the agreed layout, or change "
            "it in a new catalog version.",
        )
    yield from chain(first, numbered)


def _tables(
    numbered: Iterator[Numbered], cut: Cutting, columns: Sequence[str], label: str
) -> Iterator[pa.Table]:
    chunk = Chunk(columns, label)
    for number, line in numbered:
        cells, note = cut.cells(number, line), cut.fault(number)
        if note is not None and note[0] not in NOTES:
            chunk.bad(number, *note, line)
        elif type(line) is TooLong:
            chunk.bad(number, "cell_too_large", "a line longer than any record", line)
        elif isinstance(cells, str):
            chunk.bad(number, "malformed_row", cells, line)
        else:
            chunk.characters += len(line)
            chunk.good(number, cells, note=note)
        if chunk.is_full():
            yield chunk.table()
            chunk = Chunk(columns, label)
    if chunk.rows:
        yield chunk.table()
