"""Reads bytes as a feed on this machine, and hands back the frame's rows."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from mallfeed.catalog.feed_spec import FeedSpec
from mallfeed.feed.prepare import ColumnsSeen, LocalFiles, LocalParts, prepare
from mallfeed.feed.raw import RawFeed, names_of_frame
from mallfeed.reading.raw_columns import NOTES
from mallfeed.reading.wanted import Wanted

Row = dict[str, Any]


@dataclass(frozen=True)
class Read:
    """What came out: the rows in order, and what was told about them."""

    rows: list[Row]
    feed: RawFeed
    seen: tuple[str, ...]
    types: Mapping[str, str]

    def cells(self, *names: str) -> list[tuple[Any, ...]]:
        """These columns of the rows that were read."""
        good = [row for row in self.rows if row["_fault"] in (None, *NOTES)]
        return [tuple(row[name] for name in names) for row in good]

    def faults(self) -> list[tuple[str, str]]:
        """Row number and code of the torn ones."""
        torn = [row for row in self.rows if row["_fault"] not in (None, *NOTES)]
        return [(row["_row"], row["_fault"]) for row in torn]

    def notes(self) -> list[tuple[str, str, str]]:
        """Row number, code and detail of those that were read although something was wrong with them."""
        noted = [row for row in self.rows if row["_fault"] in NOTES]
        return [(row["_row"], row["_fault"], row["_fault_detail"]) for row in noted]


def read_files(
    files: Mapping[str, bytes],
    wanted: Sequence[str] | None = None,
    on_columns: ColumnsSeen | None = None,
    **spec: Any,
) -> Read:
    """Parts by name. `wanted` None = everything."""
    columns: tuple[str, ...] = ()
    types: Mapping[str, str] = {}

    def told(found: Sequence[str], kinds: Mapping[str, str]) -> None:
        nonlocal columns, types
        columns, types = tuple(found), kinds

    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name, data in files.items():
            (folder / name).write_bytes(data)
        feed = prepare(
            LocalFiles([folder / name for name in files]),
            FeedSpec(**spec),
            Wanted() if wanted is None else Wanted(tuple(wanted), everything=False),
            LocalParts(folder / "frame"),
            on_columns or told,
        )
        names = names_of_frame(feed.columns)
        tables = [pq.read_table(uri).rename_columns(names) for uri in feed.uris]
        rows = [row for table in tables for row in table.to_pylist()]
    return Read(rows, feed, columns, types)


def read(
    data: bytes,
    wanted: Sequence[str] | None = None,
    on_columns: ColumnsSeen | None = None,
    **spec: Any,
) -> Read:
    """One object."""
    return read_files({"feed": data}, wanted, on_columns, **spec)
