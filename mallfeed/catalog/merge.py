"""What a catalog says of its own, laid over what its base says. Pure, on plain data as written.

Key by key: the head, feeds, format options, guards, schedule, capacity. As a whole: a field, an attribute, a rule of
`rows.drop`, `inherit`, `operation`, `as_of`, a guard, any list. Of the names that a catalog gives itself (fields, attributes,
rules, feeds), `name: null` leaves out the base's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mallfeed.catalog.raw_catalog import SECTIONS, mapping_at
from mallfeed.formats.registry import FORMATS
from mallfeed.wording import dotted, listed, nearest, shown
from mallfeed.yaml_files.fault import Fault
from mallfeed.yaml_files.yaml_tree import Path

_NAMES = (*((name,) for name in SECTIONS), ("rows", "drop"))
"""Mappings from names that the catalog gives itself, in the catalog and in each feed; `feeds` is another."""
_WHOLE = ("inherit", "operation", "as_of")
"""Keys of mappings that mean something only together."""


def merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The base's data with the own laid over it; keys stand in the base's order, then in the own."""
    out = _merged(base, own, ())
    for name, feed in mapping_at(out, "feeds").items():
        parent = _at(feed, ("inherit", "parent"))
        if isinstance(named := parent.get("takes_along"), list):
            gone = _rules_left_out(own, name)
            kept = {**parent, "takes_along": [one for one in named if one not in gone]}
            inherit = {**feed["inherit"], "parent": kept}
            out["feeds"] = {**out["feeds"], name: {**feed, "inherit": inherit}}
    return out


def _rules_left_out(own: Mapping[str, Any], feed: str) -> set[str]:
    """The rules that the own data leaves out: with them nothing is taken along any more."""
    of_feed = _at(own, ("feeds", feed, "rows", "drop"))
    every = {**_at(own, ("rows", "drop")), **of_feed}
    return {name for name, sql in every.items() if sql is None}


def _merged(base: Mapping[str, Any], own: Mapping[str, Any], path: Path) -> dict[str, Any]:
    out = _without_other_options(base, own) if _is_feed(path) else dict(base)
    for key, value in own.items():
        here = (*path, key)
        if value is None and _gives_names(path):
            out.pop(key, None)
        elif _key_by_key(here) and isinstance(value, Mapping):
            below = out.get(key)
            out[key] = _merged(below if isinstance(below, Mapping) else {}, value, here)
        else:
            out[key] = value
    return out


def _is_feed(path: Path) -> bool:
    return len(path) == 2 and path[0] == "feeds"


def _in_part(path: Path) -> Path:
    """The path below its feed, or below the catalog."""
    return path[2:] if path[:1] == ("feeds",) and len(path) > 1 else path


def _gives_names(path: Path) -> bool:
    """Whether the keys of the mapping there are names of the catalog's own."""
    return path == ("feeds",) or _in_part(path) in _NAMES


def _key_by_key(path: Path) -> bool:
    below = _in_part(path)
    single = len(below) == 1 and below[0] not in _WHOLE
    return single or below in ((), ("rows",)) or _gives_names(path)


def _without_other_options(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """The base's feed without options of its format, where the own says another format."""
    if "format" not in own or own["format"] == base.get("format"):
        return dict(base)
    return {key: value for key, value in base.items() if key not in FORMATS}


def merge_faults(
    base: Mapping[str, Any], own: Mapping[str, Any], base_name: str
) -> Iterator[Fault]:
    """Where the own data says of its base what does not hold: what it leaves out, or would say in vain."""
    yield from _left_out_in_vain(base, own, base_name, ())
    yield from _said_in_vain(base, own, base_name)


def _left_out_in_vain(
    base: Mapping[str, Any], own: Mapping[str, Any], base_name: str, path: Path
) -> Iterator[Fault]:
    for key, value in own.items():
        here = (*path, key)
        if value is None and _gives_names(path) and key not in base:
            what = f"`{dotted(here)}: null` leaves out what {base_name} does not have"
            meant = nearest(key, base)
            has = f"no such line, or {listed(base)}" if base else "no such line"
            yield Fault(here, what, "" if meant else has, meant, at_key=True)
        elif isinstance(value, Mapping) and _key_by_key(here):
            yield from _left_out_in_vain(mapping_at(dict(base), key), value, base_name, here)


def _said_in_vain(
    base: Mapping[str, Any], own: Mapping[str, Any], base_name: str
) -> Iterator[Fault]:
    """What the own data says for all feeds, and the base for one, whose word would win."""
    for feed, said in mapping_at(dict(base), "feeds").items():
        of_feed = mapping_at(mapping_at(dict(own), "feeds"), feed)
        for section in ((name,) for name in SECTIONS):
            yield from _in_vain(said, own, of_feed, section, feed, base_name)
        yield from _in_vain(said, own, of_feed, ("rows", "drop"), feed, base_name)


def _in_vain(
    base_feed: Any,
    own: Mapping[str, Any],
    own_feed: Mapping[str, Any],
    section: tuple[str, ...],
    feed: str,
    base_name: str,
) -> Iterator[Fault]:
    in_base, shared, in_feed = (_at(part, section) for part in (base_feed, own, own_feed))
    for name in shared:
        if name in in_base and name not in in_feed:
            here, there = (*section, name), ("feeds", feed, *section, name)
            what = f"`{dotted(here)}` has no effect on {shown(feed)}, of which {base_name} says it itself"
            yield Fault(here, what, f"it at `{dotted(there)}`", at_key=True)


def _at(data: Any, path: tuple[str, ...]) -> dict[str, Any]:
    for key in path:
        data = mapping_at(data, key) if isinstance(data, dict) else {}
    return data if isinstance(data, dict) else {}
