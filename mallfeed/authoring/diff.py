"""What a new version of a catalog changes for products, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from mallfeed.authoring.slices import drop_command, left_behind
from mallfeed.catalog.feed_spec import FeedSpec
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.rows import Rule
from mallfeed.kinds.options import FieldType
from mallfeed.wording import shown

Kind = Literal["gained", "lost", "other column", "retyped", "stricter", "looser", "changed"]
_HEAD = (
    "effective_from",
    "extends",
    "timezone",
    "currency",
    "base_url",
    "silence",
    "name",
    "owner",
    "contact",
)
_OWN = ("fields", "attributes", "rows", "update", "slice", "as_of")
"""Compared by themselves, with those that the feeds share."""
_SHARED = {"type", "source", "optional"}
_LESS_IS_STRICTER = ("maximum", "max_length", "max_items", "ratio", "count")


@dataclass(frozen=True)
class Difference:
    """One difference: in which feed (None = the whole catalog), of what kind, in words."""

    feed: str | None
    kind: Kind
    what: str


def differences(old: Catalog, new: Catalog) -> list[Difference]:
    """The differences between the old version and the new one; empty if feeds are read the same way."""
    found = [Difference(None, "changed", what) for what in _head(old, new)]
    for name in [*old.feeds, *(name for name in new.feeds if name not in old.feeds)]:
        if name not in new.feeds:
            what = f"the feed `{name}` no longer exists"
            found.append(Difference(name, "lost", what + _left_behind(old, new, name)))
        elif name not in old.feeds:
            told = f"the feed `{name}` is new ({new.feeds[name].format}, {new.feeds[name].mode})"
            found.append(Difference(name, "gained", told))
        else:
            found += [Difference(name, kind, what) for kind, what in _feed(old, new, name)]
    return found


def _left_behind(old: Catalog, new: Catalog, name: str) -> str:
    """What becomes of the products of a full feed that is dropped."""
    own = old.slice_of(name)
    if old.feeds[name].is_supplement:
        return f": what this supplement gave stays until `{drop_command(old.mall, own or name)}`"
    if old.feeds[name].mode != "full" or own is None:
        return ""
    if own in new.slices:
        others = (other for other in new.feeds if new.slice_of(other) == own)
        goes_on = next(other for other in others if new.feeds[other].mode == "full")
        return f"; `{goes_on}` goes on with the products of its slice"
    if own not in left_behind(old, new):
        return ""
    return (
        f": its products stay in the shop until `{drop_command(old.mall, own)}`. If another feed sends them "
        f"now, say `slice: {own}` in it"
    )


def _head(old: Catalog, new: Catalog) -> Iterator[str]:
    for key in _HEAD:
        before, after = getattr(old, key), getattr(new, key)
        if before != after:
            yield f"`{key}`: {_value(before)} → {_value(after)}"


def _feed(old: Catalog, new: Catalog, name: str) -> Iterator[tuple[Kind, str]]:
    before, after = old.feeds[name], new.feeds[name]
    yield from _spec(before, after)
    was, is_now = old.slice_of(name), new.slice_of(name)
    if was != is_now:
        yield "changed", f"`slice`: {_value(was)} → {_value(is_now)}"
    yield from _part("as_of", old.stamp_of(name), new.stamp_of(name))
    if before.mode == after.mode == "delta" and before.role == after.role:
        yield from _update(old.merges(name), new.merges(name))
    yield from _rules(old.row_rules(name), new.row_rules(name))
    yield from _fields("", old.fields_of(name), new.fields_of(name))
    yield from _fields("attributes.", old.attributes_of(name), new.attributes_of(name))


def _update(before: bool, after: bool) -> Iterator[tuple[Kind, str]]:
    """What a row of a delta means, by `update` and by the time when the version was published."""
    if after and not before:
        yield (
            "changed",
            "`update`: a row was a whole product, and changes what it names only: the rest stays",
        )
    elif before and not after:
        yield (
            "changed",
            "`update`: a row changed what it named only, and is a whole product: the rest is cleared",
        )


def _spec(before: FeedSpec, after: FeedSpec) -> Iterator[tuple[Kind, str]]:
    for key, field in FeedSpec.model_fields.items():
        if key not in _OWN:
            yield from _part(field.alias or key, getattr(before, key), getattr(after, key))


def _rules(old: tuple[Rule, ...], new: tuple[Rule, ...]) -> Iterator[tuple[Kind, str]]:
    """Rules of `rows` that differ; where only their order does, rows are counted under other names."""
    before, after = ({rule.name: rule.sql for rule in rules} for rules in (old, new))
    for name in [*before, *(name for name in after if name not in before)]:
        if name not in after:
            yield "looser", f"`rows`: {shown(name)} leaves no rows out any more ({before[name]})"
        elif name not in before:
            yield "stricter", f"`rows`: {shown(name)} leaves rows out: {after[name]}"
        elif before[name] != after[name]:
            yield "changed", f"`rows`: {shown(name)}: {before[name]} → {after[name]}"
    if before == after and list(before) != list(after):
        yield "changed", f"`rows` are asked in another order: {', '.join(after)}"


def _part(path: str, before: Any, after: Any) -> Iterator[tuple[Kind, str]]:
    """Keys of a nested part that differ, by their dotted paths."""
    if before == after:
        return
    if not (isinstance(before, BaseModel) and isinstance(after, BaseModel)):
        yield _compared(path, before, after)
        return
    for key in type(after).model_fields:
        yield from _part(f"{path}.{key}", getattr(before, key), getattr(after, key))


def _fields(
    section: str, old: Mapping[str, FieldType], new: Mapping[str, FieldType]
) -> Iterator[tuple[Kind, str]]:
    for name in [*old, *(name for name in new if name not in old)]:
        shown_name = f"`{section}{name}`"
        if name not in new:
            yield "lost", f"{shown_name} is no longer read (it was read from {_source(old[name])})"
        elif name not in old:
            yield "gained", f"{shown_name} is read from {_source(new[name])}"
        else:
            yield from _field(shown_name, old[name], new[name])


def _field(name: str, old: FieldType, new: FieldType) -> Iterator[tuple[Kind, str]]:
    if old.type != new.type:
        yield "retyped", f"{name} is read as `{new.type}`, before as `{old.type}`"
    if old.sources != new.sources:
        yield "other column", f"{name} is read from {_source(new)}, before from {_source(old)}"
    if old.optional and not new.optional:
        yield "stricter", f"{name}: a feed without {_source(new)} is now held"
    elif new.optional and not old.optional:
        yield "looser", f"{name}: a feed may now lack {_source(new)}"
    if old.type == new.type:
        before, after = old.model_dump(), new.model_dump()
        for key in before:
            if key not in _SHARED and before[key] != after[key]:
                kind, what = _compared(key, before[key], after[key])
                yield kind, f"{name}: {what}"


def _compared(key: str, before: Any, after: Any) -> tuple[Kind, str]:
    what = f"`{key}`: {_value(before)} → {_value(after)}"
    last = key.rpartition(".")[2]
    if last in _LESS_IS_STRICTER:
        return ("stricter" if _below(after, before) else "looser"), what
    if last in ("minimum", "fewest_rows"):
        return ("looser" if _below_or_none(after, before) else "stricter"), what
    return "changed", what


def _below(one: float | None, other: float | None) -> bool:
    """Whether an upper limit is lower; no limit is higher than any."""
    return one is not None and (other is None or one < other)


def _below_or_none(one: float | None, other: float | None) -> bool:
    return one is None or (other is not None and one < other)


def _source(type_: FieldType) -> str:
    if type_.sources:
        return " + ".join(shown(source) for source in type_.sources)
    sql = getattr(type_, "sql", None)
    return (
        f"the expression {shown(sql)}"
        if sql
        else f"the constant {shown(getattr(type_, 'value', None))}"
    )


def _value(value: Any) -> str:
    if isinstance(value, BaseModel):
        value = value.model_dump(exclude_defaults=True)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_value(one)}" for key, one in value.items()) + "}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return "nothing" if value is None else str(value)
