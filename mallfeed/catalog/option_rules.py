"""Faults of what a feed says of its format: options of another one, encodings, each format's own rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mallfeed.catalog.inherit_rules import columns_gathered
from mallfeed.catalog.raw_catalog import SECTIONS, mapping_at, merges, sources_of
from mallfeed.catalog.row_rules import conditions, names_of
from mallfeed.formats.format import WrittenOptions
from mallfeed.formats.registry import BROKEN, FORMATS
from mallfeed.product.record import PRODUCT
from mallfeed.reading.encodings import encoding_names, is_encoding
from mallfeed.wording import dotted, nearest, shown
from mallfeed.yaml_files.fault import Fault
from mallfeed.yaml_files.yaml_tree import Path


def option_faults(data: dict[str, Any], feed: dict[str, Any], path: Path) -> Iterator[Fault]:
    """What is wrong with how the feed's file is said to be written."""
    written = feed.get("format")
    if isinstance(written, str) and written in BROKEN and written not in FORMATS:
        here = (*path, "format")
        what = f"`{dotted(here)}` is `{written}`, and {BROKEN[written]}"
        yield Fault(here, what, "it mended, or another format")
    yield from _of_others(feed, path)
    reads = tuple(_read_columns(data, feed, path))
    for name, row in FORMATS.items():
        if name in feed or name == written:
            of_feed = name == written or written not in FORMATS
            options = WrittenOptions(
                mapping_at(feed, name), (*path, name), reads if of_feed else ()
            )
            if row.has_encoding:
                yield from _encoding(options)
            yield from row.faults(options)


def _of_others(feed: dict[str, Any], path: Path) -> Iterator[Fault]:
    written = feed.get("format")
    if not isinstance(written, str) or written not in FORMATS:
        return
    for other, row in FORMATS.items():
        if other in feed and other != written and row.options is not None:
            what = f"`{other}` has no effect on format `{written}`"
            meant = "no such key" if FORMATS[written].options is None else f"`{written}:`"
            yield Fault((*path, other), what, meant, at_key=True)


def _encoding(written: WrittenOptions) -> Iterator[Fault]:
    label = written.values.get("encoding")
    if isinstance(label, str) and not is_encoding(label):
        known = encoding_names()
        meant = nearest(label, known)
        expected = "" if meant else f"one of {', '.join(known)}"
        here = (*written.path, "encoding")
        yield Fault(here, f"{shown(label)} is no encoding", expected, meant)


def _read_columns(
    data: dict[str, Any], feed: dict[str, Any], path: Path
) -> Iterator[tuple[Path, str]]:
    changes = merges(feed)
    for section in SECTIONS:
        own = mapping_at(feed, section)
        shared = {k: v for k, v in mapping_at(data, section).items() if k not in own}
        for base, fields in (((), shared), (path, own)):
            for target, written in fields.items():
                if isinstance(written, dict) and written.get("optional") is True:
                    continue
                if changes and (section, target) != ("fields", PRODUCT.id):
                    continue  # what is not in the file is not named
                for below, column in sources_of(written):
                    yield (*base, section, target, *below), column
    names = names_of(data, feed)
    for base, part in () if changes else (((), data), (path, feed)):
        for below, sql in conditions(part):
            for column in names.columns_of(sql):
                yield (*base, *below), column
    for below, column in columns_gathered(feed):
        yield (*path, *below), column
    operation = mapping_at(feed, "operation").get("from")
    if isinstance(operation, str):
        yield (*path, "operation", "from"), operation
