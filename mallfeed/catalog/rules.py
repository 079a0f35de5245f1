"""Faults between a catalog's keys: what each feed must map, and values that the model cannot judge.

The rules look at the data as written, so that they hold beside faults of its shape; what has not
the shape they need is left to `mallfeed.catalog.shape`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from mallfeed.catalog.fault import Fault, dotted, listed, nearest, shown
from mallfeed.catalog.field_rules import field_faults
from mallfeed.catalog.known import encoding_names, is_encoding, is_zone, zone_meant
from mallfeed.catalog.yaml_tree import Path
from mallfeed.product.fields import PRODUCT_FIELDS

_OPTIONS = ("csv", "json", "xml", "xlsx", "ep_blocks")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_SECTIONS = ("fields", "attributes")


def rule_faults(data: dict[str, Any]) -> list[Fault]:
    """All faults that these rules find in a catalog as written."""
    feeds = {name: feed for name, feed in _mapping(data, "feeds").items() if isinstance(feed, dict)}
    found = [*_head(data), *_defaults(feeds), *_unmapped(data, feeds)]
    found += _of_sections(data, ())
    for name, feed in feeds.items():
        path = ("feeds", name)
        found += [*_operation(feed, path), *_options(feed, path), *_schedule(feed, path)]
        found += [*_encodings(feed, path), *_headerless(data, feed, path)]
        found += _of_sections(feed, path)
    return found


def sources_of(written: Any) -> tuple[tuple[Path, str], ...]:
    """Columns that a field as written names, each with its path below the field."""
    path: Path = ()
    if isinstance(written, dict):
        written, path = written.get("from"), ("from",)
    if isinstance(written, str):
        return ((path, written),)
    if isinstance(written, list):
        return tuple(((*path, i), one) for i, one in enumerate(written) if isinstance(one, str))
    return ()


def _mapping(data: dict[str, Any], key: str) -> dict[str, Any]:
    found = data.get(key)
    return found if isinstance(found, dict) else {}


def _of_sections(data: dict[str, Any], path: Path) -> Iterator[Fault]:
    for section in _SECTIONS:
        for target, written in _mapping(data, section).items():
            yield from field_faults(section, target, written, (*path, section, target))


def _head(data: dict[str, Any]) -> Iterator[Fault]:
    since = data.get("effective_from")
    if since is not None and not (isinstance(since, str) and _DAY.match(since)):
        what = f"`effective_from` is {shown(since)}"
        yield Fault(("effective_from",), what, "a time as 2026-01-01T00:00:00+09:00")
    if isinstance(data.get("version"), bool):
        what = f"`version` is {shown(data['version'])}"
        yield Fault(("version",), what, "a whole number, 1 or more")
    zone = data.get("timezone")
    if isinstance(zone, str) and not is_zone(zone):
        yield unknown_zone(("timezone",), zone)
    base = data.get("base_url")
    if isinstance(base, str) and not is_web_address(base):
        what = f"`base_url` is {shown(base)}"
        yield Fault(("base_url",), what, "a web address as https://www.shop.example")


def unknown_zone(path: Path, zone: str) -> Fault:
    """The fault of a zone that the IANA list does not have."""
    expected = "an IANA name as Asia/Seoul"
    return Fault(path, f"{shown(zone)} is no time zone", expected, zone_meant(zone))


def is_web_address(text: str) -> bool:
    """Whether it is http or https with a host."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _defaults(feeds: dict[str, Any]) -> Iterator[Fault]:
    marked = [name for name, feed in feeds.items() if feed.get("default") is True]
    for name in marked[1:]:
        what = f"`feeds.{name}` is a second default, beside `feeds.{marked[0]}`"
        yield Fault(("feeds", name, "default"), what, "one default at most")


def _unmapped(data: dict[str, Any], feeds: dict[str, Any]) -> Iterator[Fault]:
    shared = _mapping(data, "fields")
    for field in PRODUCT_FIELDS:
        if not field.required or field.name in shared:
            continue
        without = [n for n, feed in feeds.items() if field.name not in _mapping(feed, "fields")]
        if without and len(without) == len(feeds):
            path: Path = ("fields",) if "fields" in data else ("feeds",)
            what, where = f"no feed maps `{field.name}`", "`fields`"
            yield Fault((*path, field.name), what, f"it under {where}: every product needs it")
            continue
        for name in without:
            what = f"`feeds.{name}` does not map `{field.name}`"
            where = f"`fields` or `feeds.{name}.fields`"
            path = ("feeds", name, "fields", field.name)
            yield Fault(path, what, f"it under {where}: every product needs it")


def _operation(feed: dict[str, Any], path: Path) -> Iterator[Fault]:
    delta, operation = feed.get("mode") == "delta", feed.get("operation")
    if delta and operation is None:
        what = f"`{dotted(path)}` is a delta without `operation`"
        yield Fault(path, what, "`operation: {from: COLUMN}`, which says what is new or gone")
    if operation is not None and not delta and feed.get("mode", "full") == "full":
        what = f"`{dotted(path)}` has an `operation` but is no delta"
        yield Fault(
            (*path, "operation"), what, "`mode: delta` beside it, or no `operation`", None, True
        )


def _options(feed: dict[str, Any], path: Path) -> Iterator[Fault]:
    for other in _OPTIONS:
        if other in feed and feed.get("format") in {*_OPTIONS, "parquet"} - {other}:
            what = f"`{other}` has no effect on format `{feed['format']}`"
            meant = f"`{feed['format']}:`" if feed["format"] in _OPTIONS else "no such key"
            yield Fault((*path, other), what, meant, at_key=True)


def _schedule(feed: dict[str, Any], path: Path) -> Iterator[Fault]:
    schedule = _mapping(feed, "schedule")
    for key, words in (("daily_at", "a time of day as 09:30"), ("window", "two as 01:00-05:00")):
        written = schedule.get(key)
        if isinstance(written, str):
            times = written.split("-") if key == "window" else [written]
            if len(times) != (2 if key == "window" else 1) or not all(
                _TIME_OF_DAY.fullmatch(time) for time in times
            ):
                here = (*path, "schedule", key)
                yield Fault(here, f"`{dotted(here)}` is {shown(written)}", words)


def _encodings(feed: dict[str, Any], path: Path) -> Iterator[Fault]:
    for format_ in ("csv", "json", "ep_blocks"):
        label = _mapping(feed, format_).get("encoding")
        if isinstance(label, str) and not is_encoding(label):
            known = encoding_names()
            meant = nearest(label, known)
            expected = "" if meant else f"one of {', '.join(known)}"
            here = (*path, format_, "encoding")
            yield Fault(here, f"{shown(label)} is no encoding", expected, meant)


def _headerless(data: dict[str, Any], feed: dict[str, Any], path: Path) -> Iterator[Fault]:
    options = _mapping(feed, "csv")
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
    if not isinstance(columns, list):
        return
    for i, column in enumerate(columns):
        if column in columns[:i]:
            yield Fault((*path, "csv", "columns", i), f"column {shown(column)} is here twice")
    for place, column in _read_columns(data, feed, path):
        if column not in columns:
            meant = nearest(column, [one for one in columns if isinstance(one, str)])
            what = f"{shown(column)} is none of the columns of `{dotted(path)}`"
            yield Fault(place, what, "" if meant else listed(columns), meant)


def _read_columns(
    data: dict[str, Any], feed: dict[str, Any], path: Path
) -> Iterator[tuple[Path, str]]:
    for section in _SECTIONS:
        own = _mapping(feed, section)
        shared = {k: v for k, v in _mapping(data, section).items() if k not in own}
        for base, fields in (((), shared), (path, own)):
            for target, written in fields.items():
                if isinstance(written, dict) and written.get("optional") is True:
                    continue
                for below, column in sources_of(written):
                    yield (*base, section, target, *below), column
    operation = _mapping(feed, "operation").get("from")
    if isinstance(operation, str):
        yield (*path, "operation", "from"), operation
