"""Tables of any size on their way into tables of the size that is written."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from mallfeed.reading import chunk


class Gathered:
    """Tables of one schema, in order."""

    def __init__(self) -> None:
        self._tables: list[pa.Table] = []
        self._rows = 0
        self._bytes = 0

    def add(self, table: pa.Table) -> Iterator[pa.Table]:
        """Keep a table; gives out what is full with it."""
        self._keep(table)
        while self._rows >= chunk.ROWS_A_CHUNK or self._bytes >= chunk.CHARACTERS_A_CHUNK:
            whole = pa.concat_tables(self._tables)
            self._tables, self._rows, self._bytes = [], 0, 0
            if whole.num_rows > chunk.ROWS_A_CHUNK:
                self._keep(whole.slice(chunk.ROWS_A_CHUNK))
            yield whole.slice(0, chunk.ROWS_A_CHUNK)

    def rest(self) -> Iterator[pa.Table]:
        """What has not been given out."""
        if self._tables:
            yield pa.concat_tables(self._tables)
            self._tables = []

    def _keep(self, table: pa.Table) -> None:
        self._tables.append(table)
        self._rows += table.num_rows
        self._bytes += table.nbytes
