"""How product XML is recognised, and which of its elements are the products."""

from __future__ import annotations

import codecs
import contextlib
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from lxml import etree

from mallfeed.formats.looking import Beginning, NotAFeed, Written
from mallfeed.formats.xml.format import XmlOptions
from mallfeed.formats.xml.read import declared_encoding, entities_declared
from mallfeed.formats.xml.recover import declares_entities
from mallfeed.reading.encodings import codec_of, is_encoding

_BEGINS = re.compile(r"\s*<[?!A-Za-z_]")
"""`<<<id>>>` begins the header of a table whose names are written as in EP blocks."""
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_BEFORE = re.compile(r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
"""What may stand before a DOCTYPE."""
_DOCUMENT_TYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_TYPED = (
    " It begins with a DOCTYPE: what that, or a file that it names, would put in is not read in feeds. Send one document "
    "with the products in it, without a DOCTYPE."
)
_RECORDS = frozenset(
    ("item", "entry", "product", "offer", "goods", "record", "row", "shopitem", "article", "sku")
)
"""Elements that hold a product in public specifications, where there is only one to look at."""


def look(file: Beginning) -> Written | None:
    """XML where a tag begins the text. Raises NotAFeed where it holds no records."""
    if not _BEGINS.match(file.text[:2000]):
        return None
    declared = declared_encoding(file.content)
    document_type = _document_type(file.text)
    if declares_entities(document_type.encode()):
        raise entities_declared(file.name)
    found = _record_tag(_in_utf_8(file, declared))
    if found is None:
        raise NotAFeed(
            f"{file.name} is XML (or HTML) without a repeated element that contains others."
            + (_TYPED if document_type else "")
        )
    tag, why = found
    encoding = f"{declared}: as the document says"
    return Written(XmlOptions(record_tag=tag), (encoding, why))


def _document_type(text: str) -> str:
    """The DOCTYPE before the first element, to its end or, where it is not closed, that of the text; empty without one."""
    begins = _BEFORE.match(text)
    if begins is None or not text[begins.end() :].upper().startswith("<!DOCTYPE"):
        return ""
    found = _DOCUMENT_TYPE.match(text, begins.end())
    return found[0] if found else text[begins.end() :]


def _in_utf_8(file: Beginning, declared: str) -> bytes:
    """The beginning as it is read: with the codecs of this project, of which EUC-KR's knows CP949's syllables, too."""
    head = file.head
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _DECLARATION.sub("", file.text, count=1).encode("utf-8", "replace")
    if head.startswith(codecs.BOM_UTF8) or not is_encoding(declared):
        return head
    text = head.decode(codec_of(declared), "replace").lstrip("\ufeff")
    return _DECLARATION.sub("", text, count=1).encode("utf-8", "replace")


def _record_tag(head: bytes) -> tuple[str, str] | None:
    """The element that is repeated and holds others, and why; None where there is none."""
    parser = etree.XMLPullParser(events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False,
                                 recover=True)  # fmt: skip
    path: list[str] = []
    counts: Counter[tuple[int, str]] = Counter()
    children: Counter[tuple[int, str]] = Counter()
    with_suppressed = _fed(parser, head)
    for event, element in with_suppressed:
        if not isinstance(element.tag, str):
            continue
        name = element.tag.rpartition("}")[2]
        if event == "start":
            path.append(name)
            counts[(len(path), name)] += 1
            if len(path) > 1:
                children[(len(path) - 1, path[-2])] += 1
        else:
            path.pop()
    rich = {key: n for key, n in counts.items() if key[0] > 1 and children[key] >= 3 * n}
    if not rich:
        return None

    def likely(one: tuple[tuple[int, str], int]) -> tuple[bool, bool, int, int]:
        (depth, tag), count = one
        is_single = max(rich.values()) == 1
        return (count >= 2, is_single and tag.lower() in _RECORDS, -depth, count)

    (_, tag), count = max(rich.items(), key=likely)
    if count == 1:
        return tag, f"<{tag}> is there once, with elements in it"
    return tag, f"<{tag}> is there {count} times or more, with elements in it"


def _fed(parser: Any, head: bytes) -> Iterator[tuple[str, Any]]:
    with contextlib.suppress(etree.XMLSyntaxError):  # cut off: what was seen so far counts
        parser.feed(head)
    yield from parser.read_events()
