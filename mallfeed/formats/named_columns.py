"""Faults of options that name a file's columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mallfeed.formats.format import WrittenOptions
from mallfeed.wording import dotted, listed, nearest, shown
from mallfeed.yaml_files.fault import Fault
from mallfeed.yaml_files.yaml_tree import Path


def repeated(names: Mapping[Path, str]) -> Iterator[Fault]:
    """Names that stand there already; by their places, in order."""
    seen: set[str] = set()
    for place, name in names.items():
        if name in seen:
            yield Fault(place, f"column {shown(name)} is here twice")
        seen.add(name)


def unnamed_reads(columns: Sequence[str], written: WrittenOptions) -> Iterator[Fault]:
    """Columns that the feed reads, and that these are not."""
    for place, column in written.reads:
        if column not in columns:
            meant = nearest(column, columns)
            what = f"{shown(column)} is none of the columns of `{dotted(written.path[:-1])}`"
            yield Fault(place, what, "" if meant else listed(columns), meant)
