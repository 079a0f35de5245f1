"""The fast path of CSV: blocks of whole records that Arrow takes apart, where that is proven safe.

A block that is not proven, or whose records are not all of the header's width, is refused: the
records in it are read one by one, as `records` does. Behind a refusal blocks are small, so that
a malformed row slows down its surroundings only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from mallfeed.formats.csv import text as csv_text
from mallfeed.formats.csv.format import CsvOptions
from mallfeed.formats.csv.proof import Places, Proof, Rules, proof_of
from mallfeed.formats.csv.text import CsvText
from mallfeed.reading import raw_columns

_EXTRA = "\ufdda"
"""Name of the blank cell at the end, which no column has."""
_SURELY_FILLED = r"[!-~\p{L}\p{N}]"
LEAST = 128 * 1024
"""Bytes; smaller blocks cost Arrow more than they save."""


@dataclass(frozen=True)
class Block:
    """Records in feed order: their cells, the line of each from 0, the lines of all. There is none where all lines are
    blank."""

    cells: pa.Table
    rows: Places
    lines: int

    def table(self, first_line: int, label: str) -> pa.Table:
        """What `Chunk.table` gives of these records, the block's first line being that one."""
        rows = pa.array(self.rows + first_line, pa.int64()).cast(pa.string())
        if label:
            rows = pc.binary_join_element_wise(label, rows, "")
        nothing = pa.nulls(len(rows), pa.string())
        return pa.table(
            [rows, nothing, nothing, nothing, *self.cells.columns],
            [
                raw_columns.ROW,
                raw_columns.RAW,
                raw_columns.FAULT,
                raw_columns.FAULT_DETAIL,
                *self.cells.column_names,
            ],
        )


def _any(count: int) -> bool:
    """All lines may be."""
    return True


class Blocks:
    """Takes blocks out of a text, always from where a record begins."""

    def __init__(
        self, text: CsvText, rules: Rules, columns: Sequence[str], ends_with_separator: bool = False
    ) -> None:
        """`ends_with_separator`: the records may have one blank cell more than there are columns."""
        self._text = text
        self._rules = rules
        self._size = 4 * csv_text.BLOCK
        self._slow = LEAST
        self._slow_until = 0
        self._columns = list(columns)
        self._blank_end = _EXTRA if ends_with_separator else None
        self._none = pa.schema([(name, pa.string()) for name in columns]).empty_table()
        self._parse = pa.csv.ParseOptions(
            delimiter=chr(rules.separator),
            quote_char=False if rules.quote is None else chr(rules.quote),
            double_quote=rules.quote is not None,
            escape_char=False,
            newlines_in_values=True,
            ignore_empty_lines=True,
        )
        self._convert = pa.csv.ConvertOptions(
            check_utf8=text.may_halve,
            column_types=dict.fromkeys((*columns, _EXTRA), pa.string()),
            strings_can_be_null=False,
            quoted_strings_can_be_null=False,
        )

    @staticmethod
    def of(text: object, options: CsvOptions, columns: Sequence[str]) -> Blocks | None:
        """Blocks of the text, where there is a fast path for it."""
        rules = Rules.of(options)
        if not isinstance(text, CsvText) or rules is None or not columns:
            return None
        return Blocks(text, rules, columns, options.trailing_separator)

    def is_behind_refused(self) -> bool:
        """Whether the records of the refused block have been read."""
        return self._text.given >= self._slow_until

    def take(self, are_plain: Callable[[int], bool] = _any) -> Block | None:
        """The next block; None when its records must be read one by one, or there are none.

        `are_plain`: whether so many lines may be read in a block.
        """
        block = self._taken(self._size, are_plain)
        if block is None and self._size > LEAST:
            block = self._taken(LEAST, are_plain)
            self._size = LEAST
        if block is None:
            self._slow_until = self._text.given + self._slow
            self._slow = min(2 * self._slow, csv_text.BLOCK)
            return None
        self._size = min(4 * self._size, 4 * csv_text.BLOCK)
        self._slow = LEAST
        return block

    def _taken(self, size: int, are_plain: Callable[[int], bool]) -> Block | None:
        data, place, ends = self._text.at_hand()
        whole = len(data) - place
        size = min(size, whole)
        if not size:
            return None
        proof = proof_of(data, place, size, self._rules, ends and size == whole)
        if proof is None or not are_plain(proof.lines):
            return None
        # One by one, a megabyte of blank lines takes a second, and packs into a kilobyte.
        cells = self._cells(data, place, proof) if proof.rows.size else self._none
        if cells is None:
            return None
        self._text.take(proof.size)
        return Block(cells, proof.rows, proof.lines)

    def _cells(self, data: bytes, place: int, proof: Proof) -> pa.Table | None:
        block = pa.py_buffer(memoryview(data)[place : place + proof.size])
        if self._blank_end is not None:
            cells = self._of_columns(block, [*self._columns, self._blank_end], proof)
            if cells is not None and pc.all(pc.equal(cells[self._blank_end], "")).as_py():
                return cells.select(self._columns)
        cells = self._of_columns(block, self._columns, proof)
        if cells is not None and self._blank_end is not None:
            filled = pc.match_substring_regex(cells[self._columns[-1]], _SURELY_FILLED)
            return cells if pc.all(filled).as_py() else None
        return cells

    def _of_columns(self, block: pa.Buffer, columns: list[str], proof: Proof) -> pa.Table | None:
        options = pa.csv.ReadOptions(column_names=columns, block_size=proof.size + 1)
        try:
            cells = pa.csv.read_csv(block, options, self._parse, self._convert)
        except pa.ArrowInvalid:
            return None
        return cells if cells.num_rows == proof.rows.size else None
