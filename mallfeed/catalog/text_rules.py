"""Faults of a CSV feed's options, and of the encoding of any text feed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mallfeed.catalog.fault import Fault
from mallfeed.catalog.known import encoding_names, is_encoding
from mallfeed.catalog.written import SECTIONS, mapping_at, sources_of
from mallfeed.catalog.yaml_tree import Path
from mallfeed.wording import dotted, listed, nearest, shown


def text_faults(data: dict[str, Any], feed: dict[str, Any], path: Path) -> Iterator[Fault]:
    """What is wrong with how a feed's text is said to be written."""
    yield from _encodings(feed, path)
    yield from _characters(mapping_at(feed, "csv"), (*path, "csv"))
    yield from _headerless(data, feed, path)


def _characters(options: dict[str, Any], path: Path) -> Iterator[Fault]:
    for key in ("quote", "escape"):
        written = options.get(key)
        if isinstance(written, str) and len(written) != 1:
            yield Fault((*path, key), f"`{dotted((*path, key))}` is {shown(written)}",
                        "one character, or null")  # fmt: skip
    separator = options.get("separator")
    if separator in ("\n", "\r") or (separator and separator == options.get("quote", '"')):
        what = f"{shown(separator)} cannot separate cells"
        yield Fault((*path, "separator"), what, "another character than line ends and the quote")


def _encodings(feed: dict[str, Any], path: Path) -> Iterator[Fault]:
    for format_ in ("csv", "json", "ep_blocks"):
        label = mapping_at(feed, format_).get("encoding")
        if isinstance(label, str) and not is_encoding(label):
            known = encoding_names()
            meant = nearest(label, known)
            expected = "" if meant else f"one of {', '.join(known)}"
            here = (*path, format_, "encoding")
            yield Fault(here, f"{shown(label)} is no encoding", expected, meant)


def _headerless(data: dict[str, Any], feed: dict[str, Any], path: Path) -> Iterator[Fault]:
    options = mapping_at(feed, "csv")
    columns = options.get("columns") or []
    if options.get("header") is not False:
        if columns and "header" not in options:
            yield Fault(
                (*path, "csv", "columns"), "`columns` has no effect on a feed with a header",
                "`header: false` beside it, or no `columns`", at_key=True,
            )  # fmt: skip
        return
    if not columns:
        what = f"`{dotted(path)}` has no header and no names for its columns"
        yield Fault((*path, "csv", "header"), what, "`columns: [first, second, …]` beside it")
        return
    if not isinstance(columns, list) or not all(isinstance(one, str) for one in columns):
        return
    for i, column in enumerate(columns):
        if column in columns[:i]:
            yield Fault((*path, "csv", "columns", i), f"column {shown(column)} is here twice")
    for place, column in _read_columns(data, feed, path):
        if column not in columns:
            meant = nearest(column, columns)
            what = f"{shown(column)} is none of the columns of `{dotted(path)}`"
            yield Fault(place, what, "" if meant else listed(columns), meant)


def _read_columns(
    data: dict[str, Any], feed: dict[str, Any], path: Path
) -> Iterator[tuple[Path, str]]:
    for section in SECTIONS:
        own = mapping_at(feed, section)
        shared = {k: v for k, v in mapping_at(data, section).items() if k not in own}
        for base, fields in (((), shared), (path, own)):
            for target, written in fields.items():
                if isinstance(written, dict) and written.get("optional") is True:
                    continue
                for below, column in sources_of(written):
                    yield (*base, section, target, *below), column
    operation = mapping_at(feed, "operation").get("from")
    if isinstance(operation, str):
        yield (*path, "operation", "from"), operation
