"""What an element's children, attributes and text become in a record.

A child is a column: `title`, `g:price` (with the usual prefix, whatever the file's own), an
attribute `link@href` (`@id` of the record's own element, which may hold nothing else), a nested
element `g:shipping.g:price`; repeated children are a JSON array.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from mallfeed.reading.nested import Record, torn

_PREFIXES = {"http://base.google.com/ns/1.0": "g", "http://base.google.com/cns/1.0": "c"}
_MANY_ATTRIBUTES = 100
_ALL_ATTRIBUTES = etree.XPath("@*")


def record_of(number: int, element: Any) -> Record:
    """The element as a record: its values, and its text."""
    text = etree.tostring(element, encoding="unicode", with_tail=False)
    values = _value(element)
    if values is None and element.attrib:
        values = _own_attributes(element)
    if isinstance(values, dict):
        return Record(number, values, text)
    holds = "text between its elements" if len(element) else "no elements"
    detail = f"<{_name(element)}> holds {holds}: the values of a record are the elements in it"
    return torn(number, detail, text)


def _value(element: Any) -> Any:
    """Text of a leaf; dict of one with children; markup of mixed content."""
    children = [child for child in element if isinstance(child.tag, str)]
    if not children and len(element):
        return _markup(element)
    if not children:
        return (element.text or "").strip() or None
    mixed = (element.text or "").strip() or any((c.tail or "").strip() for c in children)
    if mixed:
        return _markup(element)
    found: dict[str, Any] = {}
    if element.attrib:
        found |= _own_attributes(element)
    for child in children:
        name = _name(child)
        _put(found, name, _value(child))
        if count := len(child.attrib):
            for key, value in _attributes(child, count):
                _put(found, f"{name}@{key}", value)
    return found


def _own_attributes(element: Any) -> dict[str, str]:
    return {f"@{key}": value for key, value in _attributes(element, len(element.attrib))}


def _attributes(element: Any, count: int) -> Iterator[tuple[str, str]]:
    """Local names and values. lxml looks each value up by its name, from the element's first one on: where
    there are many, XPath gives them in one go."""
    if count <= _MANY_ATTRIBUTES:
        pairs = element.items()
    else:
        pairs = ((found.attrname, str(found)) for found in _ALL_ATTRIBUTES(element))
    return ((name.rpartition("}")[2], value) for name, value in pairs)


def _put(found: dict[str, Any], name: str, value: Any) -> None:
    if name not in found:
        found[name] = value
    elif isinstance(found[name], list):
        found[name].append(value)
    else:
        found[name] = [found[name], value]


def _markup(element: Any) -> str:
    inner = element.text or ""
    for child in element:
        inner += etree.tostring(child, encoding="unicode")
    return inner.strip()


def _name(element: Any) -> str:
    namespace, _, local = element.tag.rpartition("}")
    prefix = _PREFIXES.get(namespace[1:], element.prefix)
    return f"{prefix}:{local}" if prefix else str(local)
