"""Product XML (Google and RSS `item`, Atom `entry`), element by element, entities and network off.

A document is parsed as a stream. Where that breaks, its records are cut out of the text from there on, and parsed one by one.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from itertools import chain
from typing import Any

from lxml import etree

from mallfeed.errors import FeedHeld
from mallfeed.formats.xml.format import XmlOptions
from mallfeed.formats.xml.parser import SAFE
from mallfeed.formats.xml.recover import (
    Namespaces,
    Recovery,
    context_of,
    cut_off,
    declares_entities,
    respanned,
)
from mallfeed.formats.xml.split import MOST_NESTED, Span, Splitter
from mallfeed.formats.xml.units import element_units
from mallfeed.formats.xml.values import record_of
from mallfeed.formats.xml.words import is_cut, place_of, words_of
from mallfeed.reading import nested
from mallfeed.reading.budget import ELEMENTS
from mallfeed.reading.bytestream import ByteStream
from mallfeed.reading.chunk import Found
from mallfeed.reading.decode import Declared
from mallfeed.reading.nested import Record, with_odd
from mallfeed.reading.odd_records import OddPlaces
from mallfeed.reading.part import OpenPart
from mallfeed.reading.utf8 import Utf8Text
from mallfeed.wording import listed

MAX_RECORD_BYTES = 6 * 1024 * 1024
"""A tree of small elements takes twenty times its bytes of memory."""
MAX_NAMESPACES = 50
MAX_NAMESPACE_CHARACTERS = 4_000
_PIECE = 64 * 1024
_NAMES = re.compile(rb"<([^\s<>/!?\"'=]{1,60})(?=[\s/>])")
MOST_NAMES = 4
"""Elements that are named where there is no record."""
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


def read(part: OpenPart, options: XmlOptions) -> Found:
    """The paths in the elements, and the elements."""

    def count(data: bytes, before: int) -> None:
        ended = data.count(b"</") + data.count(b"/>")
        part.work.spend(ELEMENTS, ended, part.name, f"by byte {before + len(data):,} of its text")

    tag, odd = options.record_tag.rpartition(":")[2], OddPlaces()
    units = element_units(tag, odd) if options.fallback_encoding else None
    encoded = part.text(Declared(declared_encoding(part.content)), units)
    text = Utf8Text(encoded, part.name, MAX_RECORD_BYTES, count, is_json=False)
    return nested.found(part, records(text, tag, part.name, odd), "product XML")


def declared_encoding(content: ByteStream) -> str:
    """The encoding that the XML declaration names."""
    head = content.peek(1024)
    if head[:2] in (b"<\0", b"\0<"):
        return "utf-16-le" if head[:1] == b"<" else "utf-16-be"
    match = _DECLARED.search(head)
    return match[1].decode() if match else "utf-8"


def records(text: Utf8Text, record_tag: str, name: str, odd: OddPlaces) -> Iterator[Record]:
    """The elements called `record_tag` (namespaces aside), numbered from 1; `odd` are places in another encoding."""
    reading = _Reading(text, record_tag, name, odd)
    yield from reading.parsed()
    if reading.error is not None or reading.runs_on:
        yield from reading.recovered()
    if not reading.number:
        raise FeedHeld(
            "records_path_missing",
            f"{name}: no element `{record_tag}` in it{reading.elements()}. Is it the right file, and the right "
            "`record_tag`?",
        )


class _Reading:
    """One document: what has come out of it, and the text of what has not."""

    def __init__(self, text: Utf8Text, tag: str, name: str, odd: OddPlaces) -> None:
        self._text = text
        self._odd = odd
        self._tag = tag
        self._name = name
        self._splitter = Splitter(tag)
        self._waiting: deque[Span] = deque()
        self._namespaces: Namespaces | None = None
        self._nests = False
        self._ended = False
        self.number = 0
        self.error: Any = None

    @property
    def runs_on(self) -> bool:
        """Whether records are taken for parts of one that was never closed."""
        much = (
            self._splitter.nested > MOST_NESTED and len(self._splitter.rest) > MAX_RECORD_BYTES // 2
        )
        return much and not self._nests

    def elements(self) -> str:
        """Which elements a document without records has, as words."""
        names = [name.decode("utf-8", "replace") for name in _NAMES.findall(self._splitter.prolog)]
        if not names:
            return ""
        usual = [name for name, _ in Counter(names[1:]).most_common(MOST_NAMES)]
        behind = f", in it {listed(usual)}" if usual else ", with no element in it"
        return f"; its outermost element is `{names[0]}`{behind}"

    def parsed(self) -> Iterator[Record]:
        """The records up to where the document breaks: there `error` says why, or it `runs_on`."""
        parser = etree.XMLPullParser(events=("end",), tag=f"{{*}}{self._tag}", **SAFE)
        parent = None
        try:
            while not self._ended and not self.runs_on:
                self._feed(parser)
                for element, span in self._elements(parser):
                    if parent is not (parent := element.getparent()):
                        self._note_context(parent)
                    yield self._judged(record_of(self._next_number(), element), span)
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]
        except etree.XMLSyntaxError as error:
            self.error = error

    def recovered(self) -> Iterator[Record]:
        """The records from there on. Raises FeedHeld where the document ends too early, or nothing is like a record."""
        prolog = self._splitter.prolog
        if declares_entities(prolog):
            raise entities_declared(self._name)
        around, outermost = context_of(prolog)
        if self._namespaces is None:
            self._namespaces = around
            _refuse_namespaces(around, self._name)
        recovery = Recovery(self._tag, self._namespaces, self._name)
        for span in chain(self._spans_kept(recovery), self._spans_to_come()):
            yield self._judged(recovery.record(self._next_number(), span), span)
        if self._splitter.is_open:
            raise cut_off(self._name, self.number)
        if not self.number and self.error is not None:
            raise self._broken()
        if not self._splitter.closes(outermost):
            raise cut_off(self._name, self.number)

    def _feed(self, parser: Any) -> None:
        data = self._text.read(_PIECE)
        self._ended = not data
        self._waiting.extend(self._splitter.feed(data, ends=self._ended))
        if data:
            parser.feed(data)
        else:
            parser.close()

    def _judged(self, record: Record, span: Span | None) -> Record:
        """The record, with what was wrong with the bytes of its span."""
        if span is None:
            return record
        return with_odd(record, self._odd.among(span.offset, len(span.text)))

    def _elements(self, parser: Any) -> Iterator[tuple[Any, Span | None]]:
        """The records that are whole, each with its span."""
        for _, element in parser.read_events():
            if self.number == 0:
                _refuse_entities(element, self._name)
            if next(element.iterancestors(f"{{*}}{self._tag}"), None) is not None:
                continue
            while self._waiting and self._waiting[0].fault:
                self._waiting.popleft()
            span = self._waiting.popleft() if self._waiting else None
            self._nests |= span is not None and span.nested > 0
            yield element, span

    def _note_context(self, parent: Any) -> None:
        around = {} if parent is None else parent.nsmap
        _refuse_namespaces(around, self._name)
        self._namespaces = around

    def _next_number(self) -> int:
        self._text.new_record()
        self.number += 1
        return self.number

    def _spans_kept(self, recovery: Recovery) -> Iterator[Span]:
        """Of the text that the parser was given without giving the records out.

        Elements of the same name are parts of a record where one that has them is whole.
        """
        nests = self._nests or any(recovery.is_whole(one) for one in self._waiting if one.nested)
        if nests:
            return iter(self._waiting)
        return chain(respanned(self._waiting, self._tag), self._splitter.flatten())

    def _spans_to_come(self) -> Iterator[Span]:
        while not self._ended:
            data = self._text.read(_PIECE)
            self._ended = not data
            yield from self._splitter.feed(data, ends=self._ended)

    def _broken(self) -> FeedHeld:
        cut = is_cut(self.error)
        place = place_of(self.error, self._text.taken)
        return FeedHeld(
            "truncated" if cut else "not_the_format",
            f"{self._name}: the XML {'ends' if cut else 'breaks'} after element {self.number:,}, at "
            f"{place}: {words_of(self.error)}. Nothing was loaded; send a whole, valid document.",
            {"line": self.error.position[0] if self.error.position else 0, "records": self.number},
        )


def _refuse_entities(element: Any, name: str) -> None:
    """A feed declares no entities: they are how XML reads other files, or grows without end."""
    document_type = element.getroottree().docinfo.internalDTD
    if document_type is not None and next(iter(document_type.iterentities()), None) is not None:
        raise entities_declared(name)


def entities_declared(name: str) -> FeedHeld:
    """Why a document that declares entities is refused, and what to send."""
    return FeedHeld(
        "not_the_format",
        f"{name} declares entities in a DOCTYPE, which is refused in feeds (it can read other "
        "files or grow without end). Write the text itself instead of `&name;`.",
    )


def _refuse_namespaces(around: Namespaces, name: str) -> None:
    """What is declared around a record is written out with each record's text, and compared pair by pair."""
    characters = sum(len(prefix or "") + len(uri) for prefix, uri in around.items())
    if len(around) > MAX_NAMESPACES or characters > MAX_NAMESPACE_CHARACTERS:
        raise FeedHeld(
            "not_the_format",
            f"{name} declares {len(around):,} namespaces of {characters:,} characters around its "
            f"records, at most {MAX_NAMESPACES} of {MAX_NAMESPACE_CHARACTERS:,} are read. Declare those "
            "that the elements use.",
        )
