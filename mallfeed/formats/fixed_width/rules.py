"""Faults of a fixed-width feed's options as written."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from mallfeed.formats.fixed_width.places import Place, places_of
from mallfeed.formats.format import WrittenOptions
from mallfeed.formats.named_columns import repeated, unnamed_reads
from mallfeed.reading.encodings import codec_of
from mallfeed.wording import dotted, shown
from mallfeed.yaml_files.fault import Fault
from mallfeed.yaml_files.yaml_tree import Path

_SHIFTING = ("iso2022", "hz", "utf-7")
"""Encodings with shift sequences: how long a character is depends on those before it."""


def fixed_width_faults(written: WrittenOptions) -> Iterator[Fault]:
    """No columns, columns that overlap or have no name of their own, bytes that cannot be counted."""
    columns, path = written.values.get("columns"), (*written.path, "columns")
    if not columns:
        what = f"`{dotted(written.path[:-1])}` names no columns of its lines"
        yield Fault(path, what, "`columns: [{name: id, width: 10}, …]` under `fixed_width:`")
    elif isinstance(columns, list):
        yield from _names(columns, path, written)
        yield from _overlaps(columns, path)
    yield from _uncountable(written)


def _names(columns: list[Any], path: Path, written: WrittenOptions) -> Iterator[Fault]:
    named = [one.get("name") if isinstance(one, dict) else None for one in columns]
    names = {(*path, i, "name"): name for i, name in enumerate(named) if isinstance(name, str)}
    for place, name in names.items():
        if not name.strip():
            yield Fault(place, f"`{dotted(place)}` is blank", "a name")
    yield from repeated({place: name for place, name in names.items() if name.strip()})
    if len(names) == len(columns):
        yield from unnamed_reads(list(names.values()), written)


def _overlaps(columns: list[Any], path: Path) -> Iterator[Fault]:
    """Columns that begin inside another one, where all places are known."""
    places = _places(columns)
    in_line = sorted(range(len(places)), key=lambda i: places[i])
    for before, here in pairwise(in_line):
        if places[here].begin < places[before].end:
            first, second = sorted((before, here))
            key = "start" if "start" in columns[second] else "width"
            what = (
                f"column {_told(columns[second], places[second])} overlaps "
                f"{_told(columns[first], places[first])}"
            )
            yield Fault((*path, second, key), what, "columns that lie side by side")


def _places(columns: list[Any]) -> Sequence[Place]:
    given: list[tuple[Any, Any]] = []
    for one in columns:
        start, width = (one.get("start"), one.get("width")) if isinstance(one, dict) else (0, 0)
        if not _counts(width) or not (start is None or _counts(start)):
            return ()
        given.append((start, width))
    return places_of(given)


def _counts(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _told(column: dict[str, Any], place: Place) -> str:
    return f"{shown(column.get('name'))} ({place.begin + 1} to {place.end})"


def _uncountable(written: WrittenOptions) -> Iterator[Fault]:
    label = written.values.get("encoding", "cp949")
    if written.values.get("unit", "bytes") != "bytes" or not isinstance(label, str):
        return
    try:
        name = codecs.lookup(codec_of(label)).name
    except (LookupError, ValueError):
        return  # told as an encoding that nobody knows
    if name.startswith(_SHIFTING):
        what = f"the bytes of {shown(label)} cannot be counted, it has shift sequences"
        yield Fault((*written.path, "encoding"), what, "`unit: characters`, or another encoding")
