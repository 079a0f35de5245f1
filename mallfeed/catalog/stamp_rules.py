"""Faults of `as_of`: the column in which a row says since when it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mallfeed.catalog.field_rules import field_faults
from mallfeed.catalog.raw_catalog import is_supplement
from mallfeed.wording import dotted
from mallfeed.yaml_files.fault import Fault
from mallfeed.yaml_files.yaml_tree import Path

KEY = "as_of"


def stamp_faults(data: Mapping[str, Any], feeds: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with the stamps of a catalog as written."""
    named: list[Path] = []
    if data.get(KEY) is not None:
        named.append((KEY,))
        yield from _read(data[KEY], (KEY,))
    for name, feed in feeds.items():
        here: Path = ("feeds", name, KEY)
        if feed.get(KEY) is None:
            continue
        if is_supplement(feed):
            what = f"`{dotted(here)}` has no effect: what a supplement says counts in the order of its uploads"
            yield Fault(here, what, f"no `{KEY}`", None, True)
            continue
        named.append(here)
        yield from _read(feed[KEY], here)
    owned = {
        str(feed.get("slice") or name)
        for name, feed in feeds.items()
        if feed.get("mode", "full") == "full" and not is_supplement(feed)
    }
    by_row = any("slice_from" in feed for feed in feeds.values())
    if named and (by_row or len(owned) > 1):
        what = f"`{dotted(named[0])}` stands in a catalog whose full feeds own several slices"
        yield Fault(
            named[0],
            what,
            f"one full feed, or no `{KEY}`: stamps and slices do not go together",
            None,
            True,
        )


def _read(written: Any, path: Path) -> Iterator[Fault]:
    as_field = written if isinstance(written, dict) else {"from": written}
    if as_field.get("type", "timestamp") == "timestamp":  # the model tells of any other
        yield from field_faults("attributes", KEY, {**as_field, "type": "timestamp"}, path)
