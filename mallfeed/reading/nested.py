"""From nested records (JSON, XML, EP blocks) to the frame: which columns, which cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Any

import pyarrow as pa

from mallfeed.errors import FeedHeld
from mallfeed.reading import raw_columns
from mallfeed.reading.budget import ATTRIBUTES
from mallfeed.reading.chunk import MAX_CELL, Chunk, Found, text_schema
from mallfeed.reading.depth import TOO_DEEP
from mallfeed.reading.header import MAX_COLUMNS, too_many_columns, without_ours
from mallfeed.reading.odd_records import Fault
from mallfeed.reading.part import OpenPart
from mallfeed.reading.raw_columns import NOTES, REPAIRED
from mallfeed.reading.records import (
    ABSENT,
    Misplaced,
    Path,
    carries,
    cell,
    leaves,
    steps,
    value_around,
    value_at,
)
from mallfeed.reading.wanted import Wanted

LOOKED_AT = 1_000
"""Records whose keys tell the columns: these formats have no header."""
_CHARACTERS_LOOKED_AT = 6 * 1024 * 1024


@dataclass(frozen=True)
class Record:
    """One record: its number, its values, and its text for a reject.

    `values` is None for one that could not be taken apart, `fault` says why. With values, `fault` is what was
    wrong with one that was read nevertheless.
    """

    row: int
    values: dict[str, Any] | None
    text: str
    fault: tuple[str, str] | None = None


def torn(row: int, detail: str, text: str, code: str = "malformed_row") -> Record:
    """A record that could not be taken apart."""
    return Record(row, None, text, (code, detail))


def repaired(record: Record, what: str) -> Record:
    """The record, with a note of what was mended in it before it could be read."""
    return record if record.values is None else replace(record, fault=(REPAIRED, what))


def with_odd(record: Record, fault: Fault | None) -> Record:
    """The record, with what was wrong with its bytes; a record that could not be taken apart stays as it is."""
    if fault is None or record.values is None:
        return record
    code, detail = fault
    return (
        replace(record, fault=fault)
        if code in NOTES
        else torn(record.row, detail, record.text, code)
    )


def found(part: OpenPart, records: Iterator[Record], what: str) -> Found:
    """The paths in the part's first records, and all its records as tables; `what` they are called.

    Raises FeedHeld `not_the_format` where no record of the first ones could be taken apart.
    """
    wanted, name = part.wanted, part.name
    first = list(_first(records))
    good = [record.values for record in first if record.values is not None]
    if first and not good:
        fault = first[0].fault or ("", "")
        raise FeedHeld(
            "not_the_format",
            f"{name} cannot be read as {what}: none of its first {len(first):,} records can be taken apart; "
            f"number {first[0].row:,}: {fault[1]}. Send the agreed format, or change it in a new "
            "catalog version.",
        )
    paths: dict[str, None] = {}
    for values in good:
        own = leaves(values)
        part.work.check(ATTRIBUTES, len(own), name, f"(of the first {len(first):,})")
        paths.update(dict.fromkeys(own))
        if len(paths) > MAX_COLUMNS and wanted.everything:
            raise too_many_columns(name, len(paths))
    there = {}
    for path, way, found_at in _ways(wanted.named, wanted):
        values_there = [found_at(values, path, way) for values in good]
        values_there = [v for v in values_there if v is not ABSENT and type(v) is not Misplaced]
        if values_there:
            there[path] = _are_objects(values_there)
    seen = tuple(dict.fromkeys((*there, *_without_odd(paths, there))))
    columns = without_ours(
        dict.fromkeys((*wanted.named, *paths) if wanted.everything else wanted.named)
    )
    tables = _tables(chain(first, records), columns, part)
    return Found(seen if good else None, text_schema(columns), tables)


ValueAt = Callable[[Mapping[str, Any], str, Path], Any]


def _ways(paths: Iterable[str], wanted: Wanted) -> list[tuple[str, Path, ValueAt]]:
    """Each path with its steps, and what finds its value."""
    return [
        (path, steps(path), value_around if path in wanted.around else value_at) for path in paths
    ]


def _are_objects(values: Sequence[Any]) -> bool:
    """Whether most of a path's values hold further ones: its column became an object. What is odd in
    single records is theirs alone."""
    written = [value for value in values if value not in (None, "", [], {})]
    return sum(type(value) is dict for value in written) * 2 > len(written)


def _without_odd(paths: Iterable[str], there: Mapping[str, bool]) -> Iterator[str]:
    """The paths but those into what only some records have as an object."""
    odd = tuple(f"{path}." for path, are_objects in there.items() if not are_objects)
    return (path for path in paths if not path.startswith(odd) or path in there)


def _first(records: Iterator[Record]) -> Iterator[Record]:
    characters = 0
    for record in islice(records, LOOKED_AT):
        yield record
        characters += len(record.text)
        if characters > _CHARACTERS_LOOKED_AT:
            return


def _tables(
    records: Iterator[Record], columns: Sequence[str], part: OpenPart
) -> Iterator[pa.Table]:
    wanted, label = part.wanted, part.label
    row_of = _Wide(columns, wanted, part.name) if wanted.everything else _Narrow(columns, wanted)
    chunk = Chunk(row_of.columns, label)
    for record in records:
        _add(chunk, record, row_of, part)
        if chunk.is_full():
            yield row_of.padded(chunk).table()
            chunk = Chunk(row_of.columns, label)
    if chunk.rows:
        yield row_of.padded(chunk).table()


def _add(chunk: Chunk, record: Record, row_of: _Narrow | _Wide, part: OpenPart) -> None:
    chunk.characters += len(record.text)
    if record.values is None:
        code, detail = record.fault or ("malformed_row", "")
        chunk.bad(record.row, code, detail, record.text)
        return
    if (keys := len(record.values)) > part.work.most(ATTRIBUTES):
        part.work.check(ATTRIBUTES, keys, part.name, f"(number {record.row:,})")
    try:
        cells = row_of(record.values)
    except RecursionError:
        chunk.bad(record.row, "malformed_row", TOO_DEEP, record.text)
        return
    if len(record.text) > MAX_CELL and any(c is not None and len(c) > MAX_CELL for c in cells):
        detail = f"a cell of more than {MAX_CELL:,} characters"
        chunk.bad(record.row, "cell_too_large", detail, record.text)
        return
    carried = _carried(record.values, part.wanted) if part.wanted.carried else None
    chunk.good(record.row, cells, record.text, record.fault, carried)


def _carried(values: dict[str, Any], wanted: Wanted) -> str:
    """Of the columns that may be read, those of which the record says anything."""
    named = [path for path in wanted.named if carries(values, path, steps(path))]
    return raw_columns.carried((*named, *leaves(values)) if wanted.everything else named)


class _Narrow:
    """The cells that the catalog names."""

    def __init__(self, columns: Sequence[str], wanted: Wanted) -> None:
        self.columns = list(columns)
        self._named = _ways(columns, wanted)

    def __call__(self, values: dict[str, Any]) -> list[str | None]:
        cells: list[str | None] = []
        for path, way, found_at in self._named:
            value = values.get(path)
            if type(value) is not str:
                value = cell(found_at(values, path, way))
            cells.append(value)
        return cells

    def padded(self, chunk: Chunk) -> Chunk:
        return chunk


class _Wide:
    """All cells there are; columns are added as they turn up.

    Raises FeedHeld `too_many_columns` at the record that brings one too many: the rows before it get a
    cell for each.
    """

    def __init__(self, columns: Sequence[str], wanted: Wanted, name: str) -> None:
        self.columns = list(columns)
        self._name = name
        self._places = {name: place for place, name in enumerate(columns)}
        self._named = _ways(without_ours(wanted.named), wanted)

    def __call__(self, values: dict[str, Any]) -> list[str | None]:
        cells: list[str | None] = [None] * len(self.columns)
        for path, value in leaves(values).items():
            place = self._places.get(path)
            if place is None:
                if not without_ours([path]):
                    continue
                place = self._places[path] = len(self.columns)
                self.columns.append(path)
                if len(self.columns) > MAX_COLUMNS:
                    raise too_many_columns(self._name, len(self.columns))
                cells.append(None)
            cells[place] = cell(value)
        for path, way, found_at in self._named:
            cells[self._places[path]] = cell(found_at(values, path, way))
        return cells

    def padded(self, chunk: Chunk) -> Chunk:
        """The chunk with a cell for columns that turned up behind a record."""
        width = len(self.columns)
        chunk.cells = [
            cells if len(cells) == width else [*cells, *[None] * (width - len(cells))]
            for cells in chunk.cells
        ]
        chunk.columns = list(self.columns)
        return chunk
