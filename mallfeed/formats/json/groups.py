"""Arrays of groups, each with an array of products: `[{"category": "…", "products": [{…}, …]}, …]`."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import ijson

from mallfeed.formats.groups import fields_among, is_group
from mallfeed.formats.json.values import values_under
from mallfeed.formats.looking import Names

_MOST = 50
"""Objects that are looked at, and four times as many names of each."""
_DEEPEST = 3
"""Arrays within arrays."""

Object = dict[str, Any]


def grouped(text: str, path: str | None, names: Names) -> str:
    """The path to the products, where the objects in the array under `path` are groups of them; empty where they are none.

    An array on the way is the step `item`, as in `JsonOptions.records_path`.
    """
    at = f"{path}.item" if path else "item"
    outer = [one for one in _beginning(text, at) if isinstance(one, dict)]
    if not outer:
        return ""
    has = _fields(outer, names)
    for way, inner in _arrays(outer):
        inner_name = way.rpartition(".")[2]
        outer_name = (path or "").rpartition(".")[2]
        if len(inner) > len(outer) and is_group(
            has, outer_name, _fields(inner, names), inner_name, names
        ):
            return f"{at}.{way}"
    return ""


def _beginning(text: str, path: str) -> list[Any]:
    """The first whole values there."""
    found: list[Any] = []
    document = io.BytesIO(text.encode("utf-8", "replace"))
    with contextlib.suppress(ijson.JSONError, ValueError, RecursionError, ArithmeticError):
        found.extend(islice(values_under(document, path, lambda _: None), _MOST))
    return found


def _arrays(objects: Sequence[Object]) -> Iterator[tuple[str, list[Object]]]:
    """Paths within the objects to arrays of objects, and what is in those of all of them; outer arrays first."""
    level = [("", list(objects))]
    for _ in range(_DEEPEST):
        below: dict[str, list[Object]] = {}
        for way, inner in level:
            before = f"{way}.item." if way else ""
            for one in inner:
                for key, value in _values(one):
                    if isinstance(value, list) and "." not in key.replace("\0", ""):
                        found = [element for element in value if isinstance(element, dict)]
                        below.setdefault(before + key.replace("\0", "."), []).extend(found)
        level = [(way, inner) for way, inner in below.items() if inner]
        yield from level


def _fields(objects: Sequence[Object], names: Names) -> frozenset[str]:
    columns: dict[str, None] = {}
    for one in objects[:_MOST]:
        columns |= {key: None for key, value in _values(one) if not isinstance(value, list)}
    return fields_among([key.replace("\0", ".") for key in list(columns)[: 4 * _MOST]], names)


def _values(one: Object, before: str = "") -> Iterator[tuple[str, Any]]:
    """Values of an object, and of objects in it, whose keys are joined by NUL."""
    for key, value in one.items():
        if isinstance(value, dict):
            if before.count("\0") < _DEEPEST:
                yield from _values(value, f"{before}{key}\0")
        else:
            yield f"{before}{key}", value
