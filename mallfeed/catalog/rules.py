"""Faults between a catalog's keys: what each feed must map, and values that the model cannot judge.

The rules look at the data as written, so that they hold beside faults of its shape; what has not
the shape they need is left to `mallfeed.catalog.shape`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from mallfeed.catalog.bound_rules import bound_faults
from mallfeed.catalog.field_rules import field_faults
from mallfeed.catalog.inherit_rules import inherit_faults
from mallfeed.catalog.option_rules import option_faults
from mallfeed.catalog.ordered_texts import of_expressions
from mallfeed.catalog.raw_catalog import SECTIONS, is_supplement, mapping_at, merges
from mallfeed.catalog.row_rules import row_faults
from mallfeed.catalog.sale_rules import sale_faults
from mallfeed.catalog.silence import silence_faults
from mallfeed.catalog.stamp_rules import stamp_faults
from mallfeed.catalog.supplement_rules import supplement_faults
from mallfeed.kinds.rules_of_versions import FIRST_RULES, NEWEST_RULES, SLICES
from mallfeed.kinds.zones import is_zone, unknown_zone
from mallfeed.product.fields import PRODUCT_FIELDS
from mallfeed.product.record import PRODUCT
from mallfeed.wording import dotted, nearest, shown
from mallfeed.yaml_files.fault import Fault
from mallfeed.yaml_files.yaml_tree import Path

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
TIME_OF_DAY = r"([01][0-9]|2[0-3]):[0-5][0-9]"
"""As a regular expression without anchors."""


def rule_faults(data: dict[str, Any], rules: int = NEWEST_RULES) -> list[Fault]:
    """All faults that these rules find in a catalog as written, which is read by the `rules` of its time."""
    feeds = {
        name: feed for name, feed in mapping_at(data, "feeds").items() if isinstance(feed, dict)
    }
    found = [*_head(data), *_unnamed(feeds), *_defaults(feeds), *_unmapped(data, feeds)]
    found += _slices(feeds) if rules >= SLICES else ()
    if rules > FIRST_RULES:  # what is published and loads goes on
        found += [
            Fault(path, f"`{dotted(path)}`: {what}", expected)
            for path, (what, expected) in of_expressions(data)
        ]
    found += [*supplement_faults(feeds), *stamp_faults(data, feeds), *sale_faults(data, feeds)]
    found += [
        *_of_sections(data, ()),
        *bound_faults(data),
        *row_faults(data),
        *silence_faults(data),
    ]
    for name, feed in feeds.items():
        path = ("feeds", name)
        found += [*_operation(feed, path), *_update(feed, path), *_schedule(feed, path)]
        found += option_faults(data, feed, path)
        found += inherit_faults(data, feed, path)
        found += _of_sections(feed, path)
    return found


def _of_sections(data: dict[str, Any], path: Path) -> Iterator[Fault]:
    for section in SECTIONS:
        for target, written in mapping_at(data, section).items():
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
        yield Fault(("timezone",), *unknown_zone(zone))
    base = data.get("base_url")
    if isinstance(base, str) and not is_web_address(base):
        what = f"`base_url` is {shown(base)}"
        yield Fault(("base_url",), what, "a web address as https://www.shop.example")


def is_web_address(text: str) -> bool:
    """Whether it is http or https with a host."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _unnamed(feeds: dict[str, Any]) -> Iterator[Fault]:
    for name in feeds:
        if not name.strip():
            yield Fault(("feeds", name), "a feed has no name", "one, as `full:`", at_key=True)


def _defaults(feeds: dict[str, Any]) -> Iterator[Fault]:
    marked = [name for name, feed in feeds.items() if feed.get("default") is True]
    for name in marked[1:]:
        what = f"`feeds.{name}` is a second default, beside `feeds.{marked[0]}`"
        yield Fault(("feeds", name, "default"), what, "one default at most")


def _unmapped(data: dict[str, Any], feeds: dict[str, Any]) -> Iterator[Fault]:
    shared = mapping_at(data, "fields")
    for field in PRODUCT_FIELDS:
        if not field.required or field.name in shared:
            continue
        needing = [n for n, feed in feeds.items() if field.name == PRODUCT.id or not merges(feed)]
        without = [n for n in needing if field.name not in mapping_at(feeds[n], "fields")]
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


def _slices(feeds: dict[str, Any]) -> Iterator[Fault]:
    """A delta's row must find the products that it tells of, and a delete must not reach for another part."""
    owned = sorted(
        {
            str(feed.get("slice") or name)
            for name, feed in feeds.items()
            if feed.get("mode", "full") == "full" and not is_supplement(feed)
        }
    )
    by_row = any("slice_from" in feed for feed in feeds.values())
    for name, feed in feeds.items():
        path, own = ("feeds", name, "slice"), feed.get("slice")
        if is_supplement(feed):
            continue
        if "slice_from" in feed:
            if own is not None:
                what = f"`feeds.{name}` has both `slice` and `slice_from`"
                yield Fault((*path[:2], "slice_from"), what, "one of them", None, True)
            continue
        if feed.get("mode") != "delta" or not owned:
            continue
        if by_row and own is None:
            what = f"`feeds.{name}` does not say to which slice it belongs"
            yield Fault(path, what, "`slice:`, or `slice_from:` with the column that says it")
        elif by_row:
            continue  # which slices there are is known from the rows only
        elif own is None and len(owned) > 1:
            what = f"`feeds.{name}` does not say to which slice it belongs"
            yield Fault(path, what, f"`slice:` with {_one_of(owned)}, the slices of the full feeds")
        elif isinstance(own, str) and own.strip() and own not in owned:
            what = f"no full feed has the slice {shown(own)} of `feeds.{name}`"
            yield Fault(path, what, _one_of(owned), nearest(own, owned))


def _one_of(names: list[str]) -> str:
    return " or ".join(shown(name) for name in names)


def _update(feed: dict[str, Any], path: Path) -> Iterator[Fault]:
    if "update" in feed and feed.get("mode", "full") == "full" and not is_supplement(feed):
        here = (*path, "update")
        what = f"`{dotted(here)}` has no effect: each row of a full feed is a whole product"
        yield Fault(here, what, "`mode: delta` beside it, or no `update`", None, True)


def _operation(feed: dict[str, Any], path: Path) -> Iterator[Fault]:
    delta, operation = feed.get("mode") == "delta", feed.get("operation")
    if delta and operation is None and not is_supplement(feed):
        what = f"`{dotted(path)}` is a delta without `operation`"
        yield Fault(path, what, "`operation: {from: COLUMN}`, which says what is new or gone")
    if operation is not None and not delta and feed.get("mode", "full") == "full":
        what = f"`{dotted(path)}` has an `operation` but is no delta"
        yield Fault(
            (*path, "operation"), what, "`mode: delta` beside it, or no `operation`", None, True
        )


def _schedule(feed: dict[str, Any], path: Path) -> Iterator[Fault]:
    schedule = mapping_at(feed, "schedule")
    for key, words in (("daily_at", "a time of day as 09:30"), ("window", "two as 01:00-05:00")):
        written = schedule.get(key)
        if isinstance(written, str):
            times = written.split("-") if key == "window" else [written]
            if len(times) != (2 if key == "window" else 1) or not all(
                re.fullmatch(TIME_OF_DAY, time) for time in times
            ):
                here = (*path, "schedule", key)
                yield Fault(here, f"`{dotted(here)}` is {shown(written)}", words)
