"""A catalog as written: plain data, before the model has judged its shape."""

from __future__ import annotations

from typing import Any

from mallfeed.yaml_files.yaml_tree import Path

SECTIONS = ("fields", "attributes")


def mapping_at(data: dict[str, Any], key: str) -> dict[str, Any]:
    """The mapping under a key; empty where there is none."""
    found = data.get(key)
    return found if isinstance(found, dict) else {}


def merges(feed: dict[str, Any]) -> bool:
    """Whether a feed as written is a delta whose rows change what they name only."""
    return feed.get("mode") == "delta" and feed.get("update", "merge") == "merge"


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
