"""Some records on their way into the raw frame: bookkeeping and text cells, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from mallfeed.reading import raw_columns
from mallfeed.reading.budget import BROKEN, CELLS, Work
from mallfeed.reading.lines import KEPT

ROWS_A_CHUNK = 10_000
CHARACTERS_A_CHUNK = 6 * 1024 * 1024
CELLS_A_CHUNK = 4_000_000
"""Only of feeds with more than 400 columns, whose rows are often nearly empty."""
MAX_CELL = 1024 * 1024
"""Characters; a larger cell is refused."""

_NUL = "\0"

Cells = Sequence[str | None]


@dataclass
class Chunk:
    """Records in feed order; `label` (with its colon) stands before every row number."""

    columns: Sequence[str]
    label: str = ""
    rows: list[int] = field(default_factory=list)
    cells: list[Cells] = field(default_factory=list)
    texts: list[str | None] = field(default_factory=list)
    faults: dict[int, tuple[str, str]] = field(default_factory=dict)
    carried: dict[int, str] = field(default_factory=dict)
    characters: int = 0

    def good(
        self,
        row: int,
        cells: Cells,
        text: str | None = None,
        note: tuple[str, str] | None = None,
        carried: str | None = None,
    ) -> None:
        """A record with a cell for each column; `note`: what was wrong with it, one of NOTES and its detail;
        `carried`: which columns it carries (`mallfeed.reading.raw_columns.carried`)."""
        if note is not None:
            self.faults[len(self.rows)] = note
        if carried is not None:
            self.carried[len(self.rows)] = carried
        self.rows.append(row)
        self.cells.append(cells)
        self.texts.append(text)

    def bad(self, row: int, code: str, detail: str, text: str) -> None:
        """A record that could not be taken apart; its cells are null, its text is kept."""
        if text[:1] == _NUL and not text.strip(_NUL + " \r\n"):
            detail = f"{detail}: it holds NUL bytes and nothing else, as what fills up a file that was cut off"
        self.faults[len(self.rows)] = (code, detail)
        self.good(row, (None,) * len(self.columns), text[:KEPT])
        self.characters += min(len(text), KEPT)

    def is_full(self) -> bool:
        """Whether it should be written."""
        return (
            len(self.rows) >= ROWS_A_CHUNK
            or self.characters >= CHARACTERS_A_CHUNK
            or len(self.rows) * len(self.columns) >= CELLS_A_CHUNK
        )

    def table(self) -> pa.Table:
        """All columns of the raw frame but `_pos`."""
        try:
            return self._table()
        except UnicodeEncodeError:
            self._refuse_surrogates()
            return self._table()

    def _table(self) -> pa.Table:
        rows = pa.array(self.rows, pa.int64()).cast(pa.string())
        if self.label:
            rows = pa.array([self.label + str(row) for row in self.rows], pa.string())
        bookkeeping = {
            raw_columns.ROW: rows,
            raw_columns.RAW: pa.array(self.texts, pa.string()),
            raw_columns.FAULT: self._told(0),
            raw_columns.FAULT_DETAIL: self._told(1),
        }
        if self.carried:
            named = [self.carried.get(place) for place in range(len(self.rows))]
            bookkeeping[raw_columns.CARRIED] = pa.array(named, pa.string())
        places = zip(*self.cells, strict=True) if self.cells else ((),) * len(self.columns)
        cells = {
            name: pa.array(values, pa.string())
            for name, values in zip(self.columns, places, strict=bool(self.columns))
        }
        return pa.table({**bookkeeping, **cells})

    def _told(self, part: int) -> pa.Array:
        if not self.faults:
            return pa.nulls(len(self.rows), pa.string())
        told = [self.faults[n][part] if n in self.faults else None for n in range(len(self.rows))]
        return pa.array(told, pa.string())

    def _refuse_surrogates(self) -> None:
        """Half a UTF-16 pair (JSON's `\\ud800`) is no character and cannot be stored."""
        for place, cells in enumerate(self.cells):
            if any(cell is not None and _halved(cell) for cell in (*cells, self.texts[place])):
                text = self.texts[place] or " ".join(cell or "" for cell in cells)
                self.texts[place] = text.encode("utf-8", "backslashreplace").decode()[:KEPT]
                self.cells[place] = (None,) * len(self.columns)
                if self.faults.get(place, (raw_columns.REPAIRED,))[0] in raw_columns.NOTES:
                    self.faults[place] = ("malformed_row", "half a UTF-16 surrogate pair")


def _halved(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


@dataclass(frozen=True)
class Found:
    """What a reader found in one part of a feed.

    Attributes
    ----------
    seen : columns or paths that are there, for the check against the catalog; None = cannot be
        told (no record to look at)
    schema : columns of the frame with their types
    tables : the records, tables of the raw frame without `_pos`
    hint : what the catalog's options may have wrong, a sentence for a feed whose columns do not fit
    """

    seen: tuple[str, ...] | None
    schema: pa.Schema
    tables: Iterator[pa.Table]
    hint: str = ""


def spend_on_rows(work: Work, table: pa.Table, columns: int, name: str) -> None:
    """Counts a table of the raw frame, which has so many source columns, before it is written.

    Raises FeedHeld `too_costly`.
    """
    if table.num_rows:
        place = f"by row {table.column(raw_columns.ROW)[-1]}"
        width = max(columns, table.num_columns - len(raw_columns.BOOKKEEPING) + 1)
        work.spend(CELLS, table.num_rows * width, name, place)
        faults = table.num_rows - table.column(raw_columns.FAULT).null_count
        work.spend(BROKEN, faults, name, place)


def text_schema(columns: Sequence[str]) -> pa.Schema:
    """All columns are text."""
    return pa.schema([pa.field(name, pa.string()) for name in columns])
