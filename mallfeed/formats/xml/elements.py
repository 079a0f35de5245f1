"""Which elements of a document are its products, by what is repeated in it and what that holds."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from mallfeed.formats.groups import RECORDS, are_products, fields_among, is_group
from mallfeed.formats.looking import Names

_LEAST = 3
"""Values that a record has, on average."""
_MOST_STEPS = 6
"""How deep an element's own values are looked for in elements that stand in it once."""

_MOST = 50
"""Elements, the most frequent ones, whose values' names are looked at, and of each so many names four times."""

_Key = tuple[int, str]
"""Depth (1 = outermost) and name."""


@dataclass
class _Seen:
    """The elements of one name at one depth: how many, what they hold, in which others they stand, and which stand in them.

    `columns` are names of their attributes (`@id`), and of elements in them that hold no others.
    """

    count: int = 0
    children: int = 0
    attributes: int = 0
    has_text: bool = False
    columns: set[str] = field(default_factory=set)
    inside: set[_Key] = field(default_factory=set)
    holds: set[_Key] = field(default_factory=set)


def record_element(head: bytes, names: Names) -> tuple[str, str] | None:
    """The element that is one product, and why; None where nothing is repeated that holds others, or has attributes.

    `head` is the document's beginning in UTF-8.
    """
    seen = _seen(head)
    rich = _rich(seen, names)
    if not rich:
        return None

    is_single = max(one.count for one in rich.values()) == 1

    def likely(one: tuple[_Key, _Seen]) -> tuple[bool, bool, int, int]:
        (depth, tag), found = one
        return (found.count >= 2, is_single and tag.lower() in RECORDS, -depth, found.count)

    key, found = max(rich.items(), key=likely)
    if (inner := _grouped(key, rich, seen, names)) is not None:
        why = f"<{inner[1]}> is there {seen[inner].count} times or more, in groups: what only the elements around it say is not read"
        return inner[1], why
    holds = "elements in it" if found.children >= _LEAST * found.count else "attributes"
    if found.count == 1:
        return key[1], f"<{key[1]}> is there once, with {holds}"
    return key[1], f"<{key[1]}> is there {found.count} times or more, with {holds}"


def _seen(head: bytes) -> dict[_Key, _Seen]:
    parser = etree.XMLPullParser(events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False,
                                 recover=True)  # fmt: skip
    path: list[_Key] = []
    seen: dict[_Key, _Seen] = {}
    for event, element in _fed(parser, head):
        if not isinstance(element.tag, str):
            continue
        if event == "start":
            key = (len(path) + 1, element.tag.rpartition("}")[2])
            one = seen.setdefault(key, _Seen())
            one.count += 1
            one.attributes += len(element.attrib)
            one.columns.update(f"@{name.rpartition('}')[2]}" for name in element.attrib)
            if path:
                seen[path[-1]].children += 1
                one.inside.add(path[-1])
                seen[path[-1]].holds.add(key)
            path.append(key)
        else:
            key = path.pop()
            seen[key].has_text |= _has_text(element)
            if path and not len(element):
                seen[path[-1]].columns.add(key[1])
    return seen


def _has_text(element: etree._Element) -> bool:
    try:
        return bool((element.text or "").strip())
    except (
        UnicodeDecodeError
    ):  # a reference to half a character (`&#xD800;`), which a recovering parser lets through
        return True


def _rich(seen: dict[_Key, _Seen], names: Names) -> dict[_Key, _Seen]:
    """Elements that hold several others, and those with attributes only that are a product's, or where there are no others."""
    below = {key: one for key, one in seen.items() if key[0] > 1}
    of_elements = {key: one for key, one in below.items() if one.children >= _LEAST * one.count}
    of_attributes = {
        key: one
        for key, one in below.items()
        if one.attributes + one.children >= _LEAST * one.count and not one.has_text
    }
    products = {
        key: one
        for key, one in _frequent(of_attributes).items()
        if are_products(_fields(one.columns, names))
    }
    return of_elements | products or of_attributes


def _grouped(
    key: _Key, rich: dict[_Key, _Seen], seen: dict[_Key, _Seen], names: Names
) -> _Key | None:
    """The products of which the element is a group, the outermost ones; None where it is none."""
    outer = _fields(_own(key, seen), names)
    within = {o: one for o, one in rich.items() if one.count > seen[key].count and o[0] > key[0]}
    for inner in sorted(_frequent(within)):
        fields = _fields(_own(inner, seen), names)
        if is_group(outer, key[1], fields, inner[1], names) and _is_in(inner, key, seen):
            return inner
    return None


def _frequent(elements: dict[_Key, _Seen]) -> dict[_Key, _Seen]:
    return dict(sorted(elements.items(), key=lambda one: -one[1].count)[:_MOST])


def _fields(columns: set[str], names: Names) -> frozenset[str]:
    return fields_among(sorted(columns)[: 4 * _MOST], names)


def _is_in(inner: _Key, outer: _Key, seen: dict[_Key, _Seen]) -> bool:
    """Whether such elements stand in the outer ones, at whatever depth."""
    around = {inner}
    for _ in range(inner[0] - outer[0]):
        around = {up for key in around for up in seen[key].inside}
    return outer in around


def _own(key: _Key, seen: dict[_Key, _Seen], steps: int = _MOST_STEPS) -> set[str]:
    """What an element says of itself: also by way of elements that stand in it once."""
    found = set(seen[key].columns)
    for other in seen[key].holds if steps else ():
        one = seen[other]
        if one.count <= seen[key].count:
            found |= (
                _own(other, seen, steps - 1)
                if one.children
                else {f"{other[1]}{name}" for name in one.columns}
            )
    return found


def _fed(parser: Any, head: bytes) -> Iterator[tuple[str, Any]]:
    with contextlib.suppress(etree.XMLSyntaxError):  # cut off: what was seen so far counts
        parser.feed(head)
    yield from parser.read_events()
