"""Faults of one field as written: its target, what it reads, and its expression, words, patterns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mallfeed.catalog.expression import check_expression
from mallfeed.catalog.known import is_zone, zone_meant
from mallfeed.catalog.model import with_full_field_forms
from mallfeed.product.fields import BY_NAME
from mallfeed.yaml_files.fault import Fault, dotted, listed, nearest, shown
from mallfeed.yaml_files.yaml_tree import Path

_NO_SOURCE = ("constant", "expression")
ANY_TARGET = ("json_path", "constant", "expression")
"""Field types whose value is read by the target's own type."""
HELD_TYPES: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "html_text"),
    "html_text": ("html_text", "text"),
    "money": ("money", "decimal", "integer"),
    "integer": ("integer",),
    "rating": ("decimal", "integer", "money"),
    "timestamp": ("timestamp", "date"),
    "url": ("url",),
    "list_url": ("list",),
    "list_text": ("list",),
    "category_path": ("category_path",),
    "enum": ("enum",),
    "bool": ("bool",),
    "gtin": ("gtin",),
    "currency": ("text",),
}
"""Kind of canonical field → the field types whose values it can hold."""
_PATTERN_LETTERS = frozenset("GyMLdQqDEFahKkHmsSVzOXxZ")
_NAMED_FORMATS = ("iso8601", "epoch_seconds", "epoch_millis")
_QUOTED = re.compile(r"'[^']*'")


def field_faults(section: str, target: str, written: Any, path: Path) -> Iterator[Fault]:
    """What is wrong with `target: written` of `fields` or `attributes`."""
    if section == "fields":
        yield from _target(target, path)
    full = with_full_field_forms({section: {target: written}})[section][target]
    if isinstance(full, dict):
        short = not isinstance(written, dict)
        yield from _source(full, path, short)
        if section == "fields":
            yield from _held(target, full, path)
        yield from _of_type(target if section == "fields" else "", full, path)


def _target(target: str, path: Path) -> Iterator[Fault]:
    if target == "attributes":
        what = "`attributes` cannot be read as one field"
        yield Fault(path, what, "each attribute by its name under `attributes:`", at_key=True)
    elif target not in BY_NAME:
        meant = nearest(target, BY_NAME)
        expected = "" if meant else "one of docs/catalogs.md, or its place under `attributes:`"
        what = f"`{target}` is no canonical field"
        yield Fault(path, what, expected, meant, at_key=True)


def _source(full: dict[str, Any], path: Path, short: bool) -> Iterator[Fault]:
    if full.get("type") in _NO_SOURCE:
        if full.get("from") is not None:
            what = f"`{dotted(path)}` is of type `{full['type']}`, which reads no column of its own"
            yield Fault((*path, "from"), what, "no `from`", at_key=True)
        return
    source = full.get("from")
    blank = source in ("", []) or (isinstance(source, list) and "" in source)
    if blank or (source is None and full.get("default") is None):
        what = f"`{dotted(path)}` names no column"
        here = path if short or source is None else (*path, "from")
        yield Fault(here, what, "`from: COLUMN`", at_key=source is None)


def _held(target: str, full: dict[str, Any], path: Path) -> Iterator[Fault]:
    """A type that the canonical field cannot hold would be read as the field's own, unsaid."""
    written, inner = full.get("type"), full.get("then")
    if target not in BY_NAME or target == "attributes" or not isinstance(written, str):
        return
    held = HELD_TYPES.get(BY_NAME[target].kind, ())
    known = {name for names in HELD_TYPES.values() for name in names}
    if written in known and written not in held:
        what = f"`{dotted(path)}` is of type `{written}`, which `{target}` cannot hold"
        yield Fault((*path, "type"), what, listed([*held, *ANY_TARGET]))
    if written == "json_path" and isinstance(inner, dict):
        yield from _held(target, inner, (*path, "then"))


def _of_type(target: str, full: dict[str, Any], path: Path) -> Iterator[Fault]:
    sql = full.get("sql")
    if full.get("type") == "expression" and isinstance(sql, str):
        for fault in check_expression(sql):
            yield Fault((*path, "sql"), f"`{dotted(path)}`: {fault}")
    zone = full.get("timezone")
    if full.get("type") == "timestamp" and isinstance(zone, str) and not is_zone(zone):
        what = f"{shown(zone)} is no time zone"
        yield Fault((*path, "timezone"), what, "an IANA name as Asia/Seoul", zone_meant(zone))
    if full.get("type") in ("timestamp", "date") and isinstance(full.get("formats"), list):
        yield from _formats(full["formats"], path)
    if full.get("type") == "enum" and target in BY_NAME and BY_NAME[target].values:
        yield from _words(BY_NAME[target].values, full, path)
    where = full.get("path")
    if full.get("type") == "json_path" and isinstance(where, str) and where[:1] != "$":
        expected = "a path from `$`, as `$.images[0].url`"
        yield Fault((*path, "path"), f"`{dotted(path)}.path` is {shown(where)}", expected)
    if isinstance(full.get("then"), dict):
        yield from _of_type(target, full["then"], (*path, "then"))


def _words(canonical: tuple[str, ...], full: dict[str, Any], path: Path) -> Iterator[Fault]:
    values = full.get("values")
    values = values if isinstance(values, dict) else {}
    given = [((*path, "values", key), word) for key, word in values.items()]
    given += [((*path, key), full[key]) for key in ("blank",) if full.get(key) is not None]
    for place, word in given:
        if isinstance(word, str) and word not in canonical:
            meant = nearest(word, canonical)
            what = f"{shown(word)} is no word of `{path[-1]}`"
            yield Fault(place, what, listed(canonical), meant)


def _formats(formats: list[Any], path: Path) -> Iterator[Fault]:
    if not formats:
        yield Fault((*path, "formats"), f"`{dotted(path)}.formats` is empty", "at least one format")
    for i, pattern in enumerate(formats):
        if not isinstance(pattern, str) or pattern in _NAMED_FORMATS:
            continue
        bare = _QUOTED.sub("", pattern)
        wrong = sorted({c for c in bare if c.isascii() and c.isalpha()} - _PATTERN_LETTERS)
        if wrong or "'" in bare or not bare.strip():
            expected = f"{listed(_NAMED_FORMATS)}, or a pattern as `yyyy-MM-dd HH:mm:ss`"
            what = f"{shown(pattern)} is no format of a time"
            yield Fault((*path, "formats", i), what, expected, nearest(pattern, _NAMED_FORMATS))
