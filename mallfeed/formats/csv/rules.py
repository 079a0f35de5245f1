"""Faults of a CSV feed's options as written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mallfeed.formats.format import WrittenOptions
from mallfeed.formats.named_columns import repeated, unnamed_reads
from mallfeed.wording import dotted, shown
from mallfeed.yaml_files.fault import Fault
from mallfeed.yaml_files.yaml_tree import Path


def csv_faults(written: WrittenOptions) -> Iterator[Fault]:
    """Characters that cannot be, a header without names, columns that nobody names."""
    yield from _characters(written)
    yield from _headerless(written)


def _characters(written: WrittenOptions) -> Iterator[Fault]:
    options, path = written.values, written.path
    for key in ("quote", "escape"):
        mark = options.get(key)
        if isinstance(mark, str) and len(mark) != 1:
            yield Fault((*path, key), f"`{dotted((*path, key))}` is {shown(mark)}",
                        "one character, or null")  # fmt: skip
    separator = options.get("separator")
    if separator in ("\n", "\r") or (separator and separator == options.get("quote", '"')):
        what = f"{shown(separator)} cannot separate cells"
        yield Fault((*path, "separator"), what, "another character than line ends and the quote")


def _above(options: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    """A line that is counted to something that is not there."""
    if options.get("header") is False:
        key, usual, of = "header_row", 1, "without a header"
        instead = "`skip_lines`, the number of lines above the first record"
    else:
        key, usual, of = "skip_lines", 0, "with a header"
        instead = "`header_row`, the line that names the columns"
    if options.get(key, usual) != usual:
        what = f"`{dotted((*path, key))}` of a feed {of}"
        yield Fault((*path, key), what, instead, at_key=True)


def _headerless(written: WrittenOptions) -> Iterator[Fault]:
    options, path = written.values, written.path
    columns = options.get("columns") or []
    yield from _above(options, path)
    if options.get("header") is not False:
        if columns and "header" not in options:
            yield Fault(
                (*path, "columns"), "`columns` has no effect on a feed with a header",
                "`header: false` beside it, or no `columns`", at_key=True,
            )  # fmt: skip
        return
    if not columns:
        what = f"`{dotted(path[:-1])}` has no header and no names for its columns"
        yield Fault((*path, "header"), what, "`columns: [first, second, …]` beside it")
        return
    if not isinstance(columns, list) or not all(isinstance(one, str) for one in columns):
        return
    yield from repeated({(*path, "columns", i): column for i, column in enumerate(columns)})
    yield from unnamed_reads(columns, written)
