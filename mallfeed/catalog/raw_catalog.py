"""A catalog as written: plain data, before the model has judged its shape."""

from __future__ import annotations

from typing import Any

from mallfeed.yaml_files.yaml_tree import Path

SECTIONS = ("fields", "attributes")


def mapping_at(data: dict[str, Any], key: str) -> dict[str, Any]:
    """The mapping under a key; empty where there is none."""
    found = data.get(key)
    return found if isinstance(found, dict) else {}


def is_supplement(feed: dict[str, Any]) -> bool:
    """Whether a feed as written adds values to products of others only."""
    return feed.get("role") == "supplement"


def merges(feed: dict[str, Any]) -> bool:
    """Whether rows of a feed as written tell of parts of products: a supplement, or a delta that changes what it names."""
    delta = feed.get("mode") == "delta" and feed.get("update", "merge") == "merge"
    return delta or is_supplement(feed)


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
