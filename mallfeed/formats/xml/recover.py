"""A document that breaks, record by record: each is parsed by itself, mended where that is without doubt.

No part of its document type is looked at here, so that none of its entities is known.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import quoteattr

from lxml import etree

from mallfeed.errors import FeedHeld
from mallfeed.formats.xml.mend import mended
from mallfeed.formats.xml.parser import SAFE
from mallfeed.formats.xml.split import Span, Splitter
from mallfeed.formats.xml.values import record_of
from mallfeed.formats.xml.words import is_limit, words_of
from mallfeed.reading.nested import Record, repaired, torn

Namespaces = Mapping[str | None, str]
_DECLARATION = b"<!ENTITY"


def context_of(prolog: bytes) -> tuple[dict[str | None, str], str]:
    """Prefix → address, as declared before the first record, and the name of the outermost element."""
    parser = etree.XMLPullParser(events=("start-ns", "start"), recover=True, **SAFE)
    found: dict[str | None, str] = {}
    outermost = ""
    with contextlib.suppress(etree.XMLSyntaxError):  # what was declared before it broke counts
        parser.feed(mended(prolog)[0])
        for event, what in parser.read_events():
            if event == "start-ns":
                found[what[0] or None] = what[1]
            elif not outermost:
                local = what.tag.rpartition("}")[
                    2
                ]  # `g:rss` whole, where nothing declares the prefix
                outermost = f"{what.prefix}:{local}" if what.prefix else local
    return found, outermost


def declares_entities(prolog: bytes) -> bool:
    """Whether a DOCTYPE may declare some."""
    return _DECLARATION in prolog.upper()


class Recovery:
    """Makes records of spans. `namespaces` are those declared around them."""

    def __init__(self, tag: str, namespaces: Namespaces, name: str) -> None:
        self._tag = tag
        self._name = name
        declared = "".join(
            f" xmlns{f':{prefix}' if prefix else ''}={quoteattr(uri)}"
            for prefix, uri in namespaces.items()
        )
        self._open = f"<r{declared}>".encode()
        self._parser = etree.XMLParser(**SAFE)

    def is_whole(self, span: Span) -> bool:
        """Whether it can be read as one record."""
        return self.record(0, span).values is not None

    def record(self, number: int, span: Span) -> Record:
        """The record of that number: read, read after a repair, or torn with its place and our words."""
        if span.fault:
            return torn(number, f"{span.fault} ({_place(span)})", _text(span.text))
        text, what = mended(span.text)
        try:
            element = etree.fromstring(self._open + text + b"</r>", self._parser)[0]
        except etree.XMLSyntaxError as error:
            fails = "cannot be read" if is_limit(error) else "is broken"
            detail = f"<{self._tag}> {fails}: {words_of(error)} ({_place(span)})"
            return torn(number, detail, _text(span.text))
        except IndexError:
            return torn(number, f"<{self._tag}> is broken ({_place(span)})", _text(span.text))
        record = record_of(number, element)
        return repaired(record, what) if what else record


def respanned(spans: Iterable[Span], tag: str) -> Iterator[Span]:
    """The spans; what was taken for a part of one is a record of its own."""
    for span in spans:
        if not span.nested:
            yield span
            continue
        splitter = Splitter(tag, flat=True, line=span.line, offset=span.offset)
        yield from splitter.feed(span.text, ends=True)


def cut_off(name: str, number: int) -> FeedHeld:
    """The hold of a document that ends too early."""
    return FeedHeld(
        "truncated",
        f"{name}: the XML ends after element {number:,}, in the middle of the next one or before its last tags. "
        "Nothing was loaded; send a whole, valid document.",
        {"records": number},
    )


def _place(span: Span) -> str:
    return f"line {span.line:,}, byte {span.offset:,} of the text"


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
