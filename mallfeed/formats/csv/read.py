"""CSV and TSV: a record's row is the line on which it starts.

What a file means is what the standard library's csv, strict, makes of it. Blocks of it that Arrow
provably reads alike are read by Arrow.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from mallfeed.errors import FeedHeld
from mallfeed.formats.csv.above import Above, rows_of, take_above
from mallfeed.formats.csv.blocks import Blocks
from mallfeed.formats.csv.format import CsvOptions
from mallfeed.formats.csv.records import Records, TornRecord
from mallfeed.formats.csv.text import CsvText
from mallfeed.reading.batches import Gathered
from mallfeed.reading.budget import BLANK_LINES, Tally, Work, unlimited
from mallfeed.reading.chunk import MAX_CELL, Chunk, Found, text_schema
from mallfeed.reading.decode_utf8 import is_utf8
from mallfeed.reading.footer import without_footer
from mallfeed.reading.header import column_names, header_missing, other_header_row
from mallfeed.reading.lines import MAX_LINE
from mallfeed.reading.odd_records import OddPlaces
from mallfeed.reading.part import OpenPart
from mallfeed.reading.raw_columns import NOTES
from mallfeed.reading.units import LineUnits
from mallfeed.reading.wanted import Wanted

PIECES_AHEAD = 4
TABLES_AHEAD = 2
"""What threads may hold ready of a part: pieces of a megabyte, tables of some megabytes."""


def read(part: OpenPart, options: CsvOptions) -> Found:
    """The columns, and the records. Further parts must have the first one's columns, in any order.

    The text is read and taken apart by threads of its own, which end before the part is closed.
    """
    odd = OddPlaces()
    encoding, pieces = part.utf8(
        options.encoding, LineUnits(odd) if options.fallback_encoding else None
    )
    text = CsvText(part.ahead(pieces, PIECES_AHEAD), may_halve=not is_utf8(encoding))
    found = read_lines(
        text, options, part.wanted, part.name, part.label, part.facts, odd, part.work
    )
    part.refuse_other_columns(found.schema.names)
    return replace(found, tables=part.ahead(found.tables, TABLES_AHEAD))


def read_lines(
    lines: Iterator[str],
    options: CsvOptions,
    wanted: Wanted,
    name: str,
    label: str = "",
    facts: MutableMapping[str, str] | None = None,
    odd: OddPlaces | None = None,
    work: Work | None = None,
) -> Found:
    """The columns and the records of these lines; `label` goes before each row number.

    Those of a CsvText are read block by block where that gives the same. `facts` gets what was found above and
    below the records; `odd` are lines in another encoding. Raises FeedHeld `too_costly` for blank lines beyond `work`.
    """
    facts = {} if facts is None else facts
    above, lines = take_above(lines, options)
    if above.declared is not None:
        facts["separator"] = f"{above.separator!r}; the `sep=` line names {above.declared!r}"
    options = options.model_copy(update={"separator": above.separator})
    blank = Tally(work or unlimited(), BLANK_LINES, name, "line")
    records = Records(lines, _dialect(options), options.trailing_separator, blank)
    records.passed(above.lines)
    columns = _columns(records, options, above, wanted, name)
    tables = _Parts(records, columns, name, label, OddPlaces() if odd is None else odd).tables(
        Blocks.of(lines, options, columns)
    )
    tables = without_footer(tables, options.footer_rows, wanted.named, facts)
    return Found(columns, text_schema(columns), tables, _hint(above, options, columns, wanted))


def _dialect(options: CsvOptions) -> dict[str, Any]:
    """Strict, so that a quote in the wrong place is an error, not a shifted column."""
    return {
        "delimiter": options.separator,
        "quotechar": options.quote,
        "quoting": csv.QUOTE_MINIMAL if options.quote else csv.QUOTE_NONE,
        "escapechar": options.escape,
        "doublequote": bool(options.quote),
        "strict": True,
    }


def _columns(
    records: Records, options: CsvOptions, above: Above, wanted: Wanted, name: str
) -> tuple[str, ...]:
    if not options.header:
        return column_names(options.columns, wanted, name)
    cells: list[str] = []
    try:
        cells = _header(records, options.header_row, name)
        if options.trailing_separator and len(cells) > 1 and not cells[-1].strip():
            del cells[-1]
        return column_names(cells, wanted, name)
    except FeedHeld as held:
        raise held.with_hint(_hint(above, options, cells, wanted)) from None


def _hint(above: Above, options: CsvOptions, columns: Sequence[str], wanted: Wanted) -> str:
    """The line that names the columns, where it is another than the catalog says."""
    if not options.header:
        return ""
    return other_header_row(rows_of(above.first, _dialect(options)), columns, wanted, "csv")


def _header(records: Records, row: int, name: str) -> list[str]:
    for record in records.unchecked():
        if isinstance(record, TornRecord):
            if record.too_long:
                raise FeedHeld(
                    "record_too_large",
                    f"{name}: its first line has more than {MAX_LINE:,} characters. Is it the "
                    "right file, with line ends?",
                )
            raise FeedHeld(
                "header_missing",
                f"{name}: line {record.line} should name the columns, but cannot be taken apart "
                f"({record.detail}).",
            )
        return record
    raise header_missing(name, row)


class _Parts:
    """The records of one part, by blocks and one by one."""

    def __init__(
        self, records: Records, columns: Sequence[str], name: str, label: str, odd: OddPlaces
    ) -> None:
        self._records = records
        self._odd = odd
        self._slow = records.of_width(len(columns), name)
        self._columns = columns
        self._label = label
        self._ended = False

    def tables(self, blocks: Blocks | None) -> Iterator[pa.Table]:
        """All of them, in tables of the size that is written."""
        gathered = Gathered()
        while not self._ended:
            for table in self._some(blocks):
                yield from gathered.add(table)
        yield from gathered.rest()

    def _some(self, blocks: Blocks | None) -> Iterator[pa.Table]:
        block = blocks.take(self._is_plain) if blocks else None
        if block is None:
            yield from self._one_by_one(blocks)
            return
        first_line = self._records.passed(block.lines)
        if block.rows.size:
            yield block.table(first_line, self._label)

    def _one_by_one(self, blocks: Blocks | None) -> Iterator[pa.Table]:
        """Records until there may be a block again."""
        chunk = Chunk(self._columns, self._label)
        for record in self._slow:
            self._put(chunk, record)
            if blocks and blocks.is_behind_refused() and self._records.is_between:
                yield chunk.table()
                return
            if chunk.is_full():
                yield chunk.table()
                chunk = Chunk(self._columns, self._label)
        self._ended = True
        if chunk.rows:
            yield chunk.table()

    def _is_plain(self, count: int) -> bool:
        """Whether none of the next lines is in another encoding."""
        return self._odd.among(self._records.taken + 1, count) is None

    def _put(self, chunk: Chunk, record: list[str] | TornRecord) -> None:
        records = self._records
        if isinstance(record, TornRecord):
            code = "cell_too_large" if record.too_long else record.code
            chunk.bad(record.line, code, record.detail, record.text)
            return
        note = self._odd.among(records.line, records.line_count)
        if note is not None and note[0] not in NOTES:
            chunk.bad(records.line, *note, records.text())
            return
        chunk.characters += records.characters
        if records.characters > MAX_CELL and max(map(len, record)) > MAX_CELL:
            detail = f"a cell of more than {MAX_CELL:,} characters"
            chunk.bad(records.line, "cell_too_large", detail, records.text())
        else:
            chunk.good(records.line, record, note=note)
