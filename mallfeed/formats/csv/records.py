"""CSV records with the line they start on; a torn record never takes its neighbours with it.

A quote that is opened and not closed would swallow the rows behind it. The record's lines are kept
while it is read: when it turns out to be torn, reading goes on at the next of its lines that is a
whole record by itself, so that each row comes out once. A line with an odd quote behind a torn record
is the rest of it, never a row, even when its columns happen to fit.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mallfeed.errors import FeedHeld
from mallfeed.reading.budget import Tally
from mallfeed.reading.lines import KEPT, MAX_LINE, TooLong

MAX_RECORD_LINES = 2_000
MAX_RECORD = 4 * 1024 * 1024
"""Lines, and characters, of a record; what is longer is a quote that was never closed."""
MOST_RUNAWAYS = 50
MALFORMED = "malformed_row"
_OPEN_QUOTE = "a quote is opened and not closed"
TRAILING_SEPARATOR = "trailing_separator"
"""Code of a row with one blank cell more than there are columns, where the catalog does not know of it."""
CUT_SHORT = "row_cut_short"
"""Code of the last row of a file that ends in the middle of it."""
csv.field_size_limit(2 * MAX_LINE)


@dataclass(frozen=True)
class TornRecord:
    """A record that is none: the line it starts on, why, and its text."""

    line: int
    detail: str
    text: str
    too_long: bool = False
    code: str = MALFORMED


class _Runaway(Exception):
    """The record has too many lines."""


class _TooLongLine(Exception):
    """A line in the record is longer than any record."""


class Records:
    """Iterates records; `line` and `characters` are those of the record given last.

    Between two records another reader may take whole ones out of the lines, where `is_between`.
    """

    def __init__(
        self,
        lines: Iterator[str],
        dialect: dict[str, Any],
        ends_with_separator: bool = False,
        blank: Tally | None = None,
    ) -> None:
        """`ends_with_separator`: a record may have one blank cell more than there are columns; `blank` counts
        the lines that are left out."""
        self._blank = blank
        self._lines = lines
        self._dialect = dialect
        self._ends_with_separator = ends_with_separator
        self._again: deque[str] = deque()
        self._taken = 0
        self._record: list[str] = []
        self._runaways = 0
        self._was_torn = False
        self.line = 0
        self.characters = 0

    @property
    def is_between(self) -> bool:
        """Whether the next line begins a record that the ones before it have nothing to do with."""
        return not (self._was_torn or self._again)

    @property
    def taken(self) -> int:
        """Lines that are used up, also by another reader."""
        return self._taken

    @property
    def line_count(self) -> int:
        """Lines of the record given last."""
        return len(self._record)

    def passed(self, count: int) -> int:
        """So many lines were taken by another reader; returns the number of the first."""
        self._taken += count
        return self._taken - count + 1

    def text(self) -> str:
        """The record's text, its beginning where it is long."""
        return _beginning(self._record)

    def unchecked(self) -> Iterator[list[str] | TornRecord]:
        """Records of any width, blank lines left out. For the header."""
        for record in self._read():
            if isinstance(record, TornRecord) or len(record) > 1 or "".join(record).strip():
                yield record
            else:
                self._left_out()

    def of_width(self, width: int, name: str) -> Iterator[list[str] | TornRecord]:
        """Records of so many cells; others are torn. Blank lines are left out."""
        for record in self._read():
            if isinstance(record, TornRecord):
                self._was_torn = True
                yield self._recovered(record, width, name)
            elif self._was_torn and not self._is_paired("".join(self._record)):
                yield TornRecord(self.line, "the rest of the record before it", self.text())
            elif len(record) == width and self._ends_with_separator and not record[-1].strip():
                yield self._too_short(width)
            elif len(record) == width:
                self._was_torn = False
                yield record
            elif len(record) == width + 1 and not record[width].strip():
                yield self._without_blank_end(record, width)
            elif len(record) > 1 or "".join(record).strip():
                detail = f"{len(record)} columns, expected {width}"
                code = CUT_SHORT if len(record) < width and self._ends_the_file() else MALFORMED
                yield TornRecord(self.line, detail, self.text(), code=code)
            else:
                self._left_out()

    def _left_out(self) -> None:
        if self._blank is not None:
            self._blank.add(1, self.line)

    def _ends_the_file(self) -> bool:
        """Whether no line end stands behind the record: it is the file's last, and may have been longer. NUL bytes do not fill
        up a row, but what is behind it."""
        last = self._record[-1]
        return not last.endswith(("\n", "\r")) and "\0" not in last

    def _too_short(self, width: int) -> TornRecord:
        """Where rows end with a separator, the last cell is behind it: one before it is missing, nobody knows which."""
        detail = f"{width - 1} columns and a separator at the end, expected {width}"
        return TornRecord(self.line, detail, self.text())

    def _without_blank_end(self, record: list[str], width: int) -> list[str] | TornRecord:
        if self._ends_with_separator:
            self._was_torn = False
            return record[:width]
        detail = f"{width + 1} columns, expected {width}: the row ends with a separator"
        return TornRecord(self.line, detail, self.text(), code=TRAILING_SEPARATOR)

    def _read(self) -> Iterator[list[str] | TornRecord]:
        kept = self._record
        kept.clear()
        while True:
            reader = csv.reader(self._feed(), **self._dialect)
            try:
                for record in reader:
                    self.line = self._taken - len(kept) + 1
                    self.characters = sum(map(len, kept)) if len(kept) > 1 else len(kept[0])
                    yield record
                    kept.clear()
                return
            except csv.Error as error:
                torn = TornRecord(self._taken - len(kept) + 1, _plain(error), "")
            except _Runaway:
                self._runaways += 1
                torn = TornRecord(self._taken - len(kept) + 1, _OPEN_QUOTE, "")
            except _TooLongLine:
                detail = f"a line of more than {MAX_LINE:,} characters"
                torn = TornRecord(self._taken - len(kept) + 1, detail, "", too_long=True)
            yield torn
            kept.clear()

    def _feed(self) -> Iterator[str]:
        """The lines, each kept until its record is done."""
        kept, again = self._record, self._again
        characters = 0
        while True:
            line = again.popleft() if again else next(self._lines, None)
            if line is None:
                return
            self._taken += 1
            characters = characters + len(line) if kept else len(line)
            kept.append(line)
            if type(line) is TooLong:
                raise _TooLongLine
            yield line
            if kept and (len(kept) >= MAX_RECORD_LINES or characters > MAX_RECORD):
                raise _Runaway

    def _recovered(self, torn: TornRecord, width: int, name: str) -> TornRecord:
        """The torn record, reading set to go on behind what belongs to it."""
        if self._runaways > MOST_RUNAWAYS:
            raise FeedHeld(
                "quote_unclosed",
                f"{name}: more than {MOST_RUNAWAYS} records open a quote and do not close it, the "
                f"last one on line {torn.line:,}. Double or escape quotes in the data, or name the "
                "right `quote` in the catalog.",
                {"line": torn.line},
            )
        behind = self._record[1:]
        own = len(behind)
        for place, line in enumerate(behind):
            if self._is_whole(line, width):
                own = place
                break
        self._again.extendleft(reversed(behind[own:]))
        self._taken -= len(behind) - own
        text = _beginning(self._record[: own + 1])
        del self._record[own + 1 :]
        if torn.detail == _OPEN_QUOTE and self._ends_the_file():
            return TornRecord(torn.line, "in a cell in quotes", text, code=CUT_SHORT)
        return TornRecord(torn.line, torn.detail, text, torn.too_long)

    def _is_paired(self, text: str) -> bool:
        """Whether every quote has its partner: behind a torn record, one alone is its rest."""
        quote, escape = self._dialect["quotechar"], self._dialect["escapechar"]
        if not quote:
            return True
        escaped = text.count(escape + quote) if escape else 0
        return (text.count(quote) - escaped) % 2 == 0

    def _is_whole(self, line: str, width: int) -> bool:
        if type(line) is TooLong or not self._is_paired(line):
            return False
        try:
            records = list(csv.reader([line], **self._dialect))
        except csv.Error:
            return False
        if len(records) != 1:
            return False
        cells = records[0]
        if self._ends_with_separator and cells and not cells[-1].strip():
            return len(cells) == width + 1
        return len(cells) == width


def _beginning(lines: list[str]) -> str:
    text = ""
    for line in lines:
        text += line
        if len(text) > KEPT:
            break
    return text[:KEPT].rstrip("\r\n")


def _plain(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end of data" in text:
        return _OPEN_QUOTE
    if "expected after" in text:
        return "text behind a closing quote"
    if "new-line character" in text:
        return "a carriage return outside quotes: lines end in different ways"
    if "field larger" in text:
        return "a cell without an end"
    return "quotes, escapes or separators are not written as the catalog says"
