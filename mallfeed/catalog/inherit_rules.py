"""Faults of a feed's `inherit`: what belongs together by what, and columns that it needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mallfeed.catalog.raw_catalog import mapping_at
from mallfeed.kinds.sql.condition import Names, check_condition
from mallfeed.kinds.sql.expression import columns_of
from mallfeed.wording import dotted
from mallfeed.yaml_files.fault import Fault
from mallfeed.yaml_files.yaml_tree import Path

_LISTS = ("columns", "images", "variant")


def inherit_faults(data: dict[str, Any], feed: dict[str, Any], path: Path) -> Iterator[Fault]:
    """What is wrong with how the feed's rows are brought together."""
    written = feed.get("inherit")
    if not isinstance(written, dict):
        return
    here = (*path, "inherit")
    yield from _together_by(written, here)
    if feed.get("mode") == "delta":
        what = f"`{dotted(here)}`: a delta may send one row of an article without the others"
        yield Fault(here, what, "`inherit` in full feeds only", at_key=True)
    sql = written.get("product")
    if isinstance(sql, str):
        for fault in check_condition(sql, Names()):
            yield Fault((*here, "product"), f"`{dotted((*here, 'product'))}`: {fault}")
    for key in _LISTS:
        for place, column in _columns(written, key):
            if isinstance(column, str) and not column.strip():
                yield Fault(
                    (*here, *place), f"`{dotted((*here, key))}` names no column", "its name"
                )
    yield from _variant(data, feed, written, here)


def columns_gathered(feed: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """The columns that a feed's `inherit` as written needs, each with its place in the feed."""
    written = mapping_at(feed, "inherit")
    found = list(_columns(written, "key"))
    found += [one for key in ("columns", "images") for one in _columns(written, key)]
    parent = mapping_at(written, "parent")
    found += [
        (("parent", *place), one) for key in ("from", "to") for place, one in _columns(parent, key)
    ]
    if isinstance(sql := written.get("product"), str):
        found += [(("product",), column) for column in columns_of(sql)]
    yield from ((("inherit", *place), one) for place, one in found if isinstance(one, str))


def _together_by(written: dict[str, Any], here: Path) -> Iterator[Fault]:
    key, parent = written.get("key"), written.get("parent")
    if (key in (None, "")) == (parent is None):
        both = key not in (None, "")
        what = f"`{dotted(here)}` names {'both a `key` and a `parent`' if both else 'neither `key` nor `parent`'}"
        expected = (
            "`key: COLUMN` that an article's rows share, or `parent: {from: COLUMN, to: COLUMN}`"
        )
        yield Fault(here, what, f"one of them: {expected}", at_key=True)
    if written.get("above") is True and parent is not None:
        what = f"`{dotted((*here, 'above'))}` is about a blank `key`, and there is none"
        yield Fault((*here, "above"), what, "no `above` beside `parent`", at_key=True)


def _variant(
    data: dict[str, Any], feed: dict[str, Any], written: dict[str, Any], here: Path
) -> Iterator[Fault]:
    """A variant's columns go into the id, which has to be made of columns itself."""
    fields = {**mapping_at(data, "fields"), **mapping_at(feed, "fields")}
    own_id = fields.get("product_id")
    if not written.get("variant") or not isinstance(own_id, dict):
        return
    if own_id.get("type", "text") != "text":
        what = f"`{dotted((*here, 'variant'))}` goes into the id, and `product_id` is of type `{own_id['type']}`"
        yield Fault(
            (*here, "variant"),
            what,
            "`product_id: COLUMN`, or no `variant` and all in the expression",
        )


def _columns(written: dict[str, Any], key: str) -> Iterator[tuple[Path, Any]]:
    value = written.get(key)
    if isinstance(value, list):
        yield from (((key, i), one) for i, one in enumerate(value))
    elif isinstance(value, str):
        yield (key,), value
