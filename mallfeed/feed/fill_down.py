"""Fills a blank key with that of the row above, in the order of the feed.

Only here the rows come in order: behind this they lie in parts, in whatever task Spark reads them.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from mallfeed.reading.raw_columns import torn


class FillDown:
    """One column of one feed; table after table, in order."""

    def __init__(self, column: str) -> None:
        self._column = column
        self._last = pa.nulls(1, pa.string())

    def __call__(self, table: pa.Table) -> pa.Table:
        """The table with the column's blanks filled; of a record that is broken nothing is known."""
        place = table.schema.get_field_index(self._column)
        if place < 0 or not pa.types.is_string(table.schema.field(place).type):
            return table
        cells = table.column(place).combine_chunks()
        is_blank = pc.equal(pc.utf8_trim_whitespace(cells), "")
        cells = pc.if_else(is_blank, pa.scalar(None, pa.string()), cells)
        filled = pc.fill_null_forward(pa.chunked_array([self._last, cells])).combine_chunks()
        self._last = filled.slice(len(filled) - 1)
        own = pc.if_else(torn(table), pa.scalar(None, pa.string()), filled.slice(1))
        return table.set_column(place, table.schema.field(place), own)
