"""Faults of supplements: feeds that add values to products of others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mallfeed.catalog.raw_catalog import SECTIONS, is_supplement, mapping_at
from mallfeed.product.record import PRODUCT
from mallfeed.product.supplement import MARK
from mallfeed.wording import dotted, shown
from mallfeed.yaml_files.fault import Fault
from mallfeed.yaml_files.yaml_tree import Path

NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}"
"""Of a supplement, as a regular expression without anchors: it is part of the name of a partition."""
_OF_PRIMARY = ("slice", "slice_from", "inherit", "update")
"""Keys that say how a feed makes products."""


def supplement_faults(feeds: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with the supplements among the feeds of a catalog as written, and with what is one of none."""
    for name, feed in feeds.items():
        path: Path = ("feeds", name)
        if is_supplement(feed):
            yield from _supplement(name, feed, path)
            continue
        if "priority" in feed:
            here = (*path, "priority")
            what = f"`{dotted(here)}` has no effect: it is of a supplement"
            yield Fault(
                here, what, "`role: supplement` beside it, or `capacity.priority`", None, True
            )
        own = feed.get("slice", name)
        if isinstance(own, str) and own.startswith(MARK):
            here = (*path, "slice") if "slice" in feed else path
            what = f"the slice {shown(own)} begins with `{MARK}`, as supplements do"
            yield Fault(here, what, "another name", at_key="slice" not in feed)
    if feeds and all(map(is_supplement, feeds.values())):
        what = "all feeds are supplements, and none brings products"
        yield Fault(("feeds",), what, "a feed without `role: supplement`", at_key=True)


def _supplement(name: str, feed: dict[str, Any], path: Path) -> Iterator[Fault]:
    if not re.fullmatch(NAME, name):
        what = f"the supplement {shown(name)} has a name that its partition cannot have"
        yield Fault(path, what, "1 to 60 of A-Z, a-z, 0-9, `_`, `.` and `-`", at_key=True)
    for key in _OF_PRIMARY:
        if key in feed:
            here = (*path, key)
            what = f"`{dotted(here)}` has no effect: a supplement makes no products"
            yield Fault(here, what, f"no `{key}`", None, True)
    if not any(set(mapping_at(feed, section)) - {PRODUCT.id} for section in SECTIONS):
        what = f"the supplement `{dotted(path)}` gives no value: it maps nothing but the id"
        yield Fault(
            (*path, "fields"),
            what,
            "what it adds under its own `fields` or `attributes`; those of the catalog are not read from it",
        )
