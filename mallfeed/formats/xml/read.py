"""Product XML (Google and RSS `item`, Atom `entry`), element by element, entities and network off.

A child is a column: `title`, `g:price` (with the usual prefix, whatever the file's own), an
attribute `link@href`, a nested element `g:shipping.g:price`; repeated children are a JSON array.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from mallfeed.errors import FeedHeld
from mallfeed.formats.xml.format import XmlOptions
from mallfeed.reading import nested
from mallfeed.reading.budget import ELEMENTS
from mallfeed.reading.bytestream import ByteStream
from mallfeed.reading.chunk import Found
from mallfeed.reading.nested import Record, torn
from mallfeed.reading.part import OpenPart
from mallfeed.reading.utf8 import Utf8Text

MAX_RECORD_BYTES = 6 * 1024 * 1024
"""A tree of small elements takes twenty times its bytes of memory."""
_PREFIXES = {"http://base.google.com/ns/1.0": "g", "http://base.google.com/cns/1.0": "c"}
MAX_NAMESPACES = 50
MAX_NAMESPACE_CHARACTERS = 4_000
_MANY_ATTRIBUTES = 100
_ALL_ATTRIBUTES = etree.XPath("@*")
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


def read(part: OpenPart, options: XmlOptions) -> Found:
    """The paths in the elements, and the elements."""

    def count(data: bytes, before: int) -> None:
        ended = data.count(b"</") + data.count(b"/>")
        part.work.spend(ELEMENTS, ended, part.name, f"by byte {before + len(data):,} of its text")

    encoded = part.text(declared_encoding(part.content))
    text = Utf8Text(encoded, part.name, MAX_RECORD_BYTES, count)
    return nested.found(part, records(text, options.record_tag, part.name), "product XML")


def declared_encoding(content: ByteStream) -> str:
    """The encoding that the XML declaration names."""
    head = content.peek(1024)
    if head[:2] in (b"<\0", b"\0<"):
        return "utf-16-le" if head[:1] == b"<" else "utf-16-be"
    match = _DECLARED.search(head)
    return match[1].decode() if match else "utf-8"


def records(text: Utf8Text, record_tag: str, name: str) -> Iterator[Record]:
    """The elements called `record_tag` (namespaces aside), numbered from 1."""
    number = 0
    parent = None
    try:
        for element in _elements(text, record_tag, name):
            number += 1
            if parent is not (parent := element.getparent()):
                _refuse_namespaces(parent, name)
            text.new_record()
            yield _record(number, element)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise _broken(error, number, name) from error
    if not number:
        raise FeedHeld(
            "records_path_missing",
            f"{name}: no element `{record_tag}` in it. Is it the right file, and the right "
            "`record_tag`?",
        )


def _elements(text: Utf8Text, record_tag: str, name: str) -> Iterator[Any]:
    local = record_tag.rpartition(":")[2]
    found = etree.iterparse(
        text,
        events=("end",),
        tag=f"{{*}}{local}",
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    checked = False
    for _, element in found:
        if not checked:
            _refuse_entities(element, name)
            checked = True
        if next(element.iterancestors(f"{{*}}{local}"), None) is None:
            yield element


def _refuse_entities(element: Any, name: str) -> None:
    """A feed declares no entities: they are how XML reads other files, or grows without end."""
    document_type = element.getroottree().docinfo.internalDTD
    if document_type is not None and next(iter(document_type.iterentities()), None) is not None:
        raise FeedHeld(
            "not_the_format",
            f"{name} declares entities in a DOCTYPE, which is refused in feeds (it can read other "
            "files or grow without end). Write the text itself instead of `&name;`.",
        )


def _refuse_namespaces(parent: Any, name: str) -> None:
    """What is declared around a record is written out with each record's text, and compared pair by pair."""
    around = {} if parent is None else parent.nsmap
    characters = sum(len(prefix or "") + len(uri) for prefix, uri in around.items())
    if len(around) > MAX_NAMESPACES or characters > MAX_NAMESPACE_CHARACTERS:
        raise FeedHeld(
            "not_the_format",
            f"{name} declares {len(around):,} namespaces of {characters:,} characters around its "
            f"records, at most {MAX_NAMESPACES} of {MAX_NAMESPACE_CHARACTERS:,} are read. Declare those "
            "that the elements use.",
        )


def _broken(error: Any, number: int, name: str) -> FeedHeld:
    reason = " ".join(str(error.msg or error).split())[:300]
    cut = "Premature end" in reason or "Couldn't find end of Start Tag" in reason
    line, column = error.position if error.position else (0, 0)
    return FeedHeld(
        "truncated" if cut else "not_the_format",
        f"{name}: the XML {'ends' if cut else 'breaks'} after element {number:,}, at line "
        f"{line:,}, column {column:,}: {reason}. Nothing was loaded; send a whole, valid document.",
        {"line": line, "records": number},
    )


def _record(number: int, element: Any) -> Record:
    text = etree.tostring(element, encoding="unicode", with_tail=False)
    values = _value(element)
    if isinstance(values, dict):
        return Record(number, values, text)
    return torn(number, f"<{_name(element)}> holds no elements", text)


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
    if count := len(element.attrib):
        found |= {f"@{key}": value for key, value in _attributes(element, count)}
    for child in children:
        name = _name(child)
        _put(found, name, _value(child))
        if count := len(child.attrib):
            for key, value in _attributes(child, count):
                _put(found, f"{name}@{key}", value)
    return found


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
