"""Faults of one field as written: its target, what it reads, and what its kind says of its options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mallfeed.catalog.short_forms import with_full_field_forms
from mallfeed.kinds.fault import Written
from mallfeed.kinds.field import CanonicalField
from mallfeed.kinds.kind import Kind
from mallfeed.kinds.registry import KINDS
from mallfeed.product.fields import MAPPED
from mallfeed.wording import dotted, listed, nearest
from mallfeed.yaml_files.fault import Fault
from mallfeed.yaml_files.yaml_tree import Path


def field_faults(section: str, target: str, written: Any, path: Path) -> Iterator[Fault]:
    """What is wrong with `target: written` of `fields` or `attributes`."""
    field = MAPPED.get(target) if section == "fields" else None
    if section == "fields":
        yield from _target(target, path)
    full = with_full_field_forms({section: {target: written}})[section][target]
    if isinstance(full, dict):
        short = not isinstance(written, dict)
        yield from _source(full, path, short)
        if field is not None and field.is_mapped:
            yield from _held(field, full, path)
        yield from _of_kind(field, full, path)


def _target(target: str, path: Path) -> Iterator[Fault]:
    if target in MAPPED and not MAPPED[target].is_mapped:
        what, expected = f"`{target}` cannot be read as one field", _instead(MAPPED[target])
        yield Fault(path, what, expected, at_key=True)
    elif target not in MAPPED:
        meant = nearest(target, MAPPED)
        expected = "" if meant else "one of docs/catalogs.md, or its place under `attributes:`"
        what = f"`{target}` is no canonical field"
        yield Fault(path, what, expected, meant, at_key=True)


def _instead(field: CanonicalField) -> str:
    if field.all_of is not None:
        return f"`{field.all_of}`, with all columns that hold one: `{field.name}` comes with it"
    if field.derived:
        return "`price`, and the price of a sale under `sale_price`"
    return "each attribute by its name under `attributes:`"


def _source(full: dict[str, Any], path: Path, short: bool) -> Iterator[Fault]:
    kind = _kind(full)
    if kind is not None and not kind.reads_columns:
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


def _held(field: CanonicalField, full: dict[str, Any], path: Path) -> Iterator[Fault]:
    """A type that the canonical field cannot hold would be read as the field's own, unsaid."""
    written, holds = _kind(full), KINDS[field.kind].holds
    if written is None:
        return
    if written.finds is None and written.name not in holds:
        what = f"`{dotted(path)}` is of type `{written.name}`, which `{field.name}` cannot hold"
        anywhere = [kind.name for kind in KINDS.values() if kind.finds]
        yield Fault((*path, "type"), what, listed([*holds, *anywhere]))
    if written.finds is not None and isinstance(full.get("then"), dict):
        yield from _held(field, full["then"], (*path, "then"))


def _of_kind(field: CanonicalField | None, full: dict[str, Any], path: Path) -> Iterator[Fault]:
    kind = _kind(full)
    if kind is not None:
        for fault in kind.check(Written(full, dotted(path), field)):
            yield Fault((*path, *fault.path), fault.what, fault.expected, fault.meant)
    if isinstance(full.get("then"), dict):
        yield from _of_kind(field, full["then"], (*path, "then"))


def _kind(full: dict[str, Any]) -> Kind[Any] | None:
    """The kind whose options these are; None where no type, or none that there is, is named."""
    name = full.get("type")
    kind = KINDS.get(name) if isinstance(name, str) else None
    return kind if kind is not None and kind.options is not None else None
