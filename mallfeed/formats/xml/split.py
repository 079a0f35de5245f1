"""Where records begin and end in the text of an XML document, without a parser: what is broken in one leaves the next alone.

Each byte is looked at a few times, whatever the text holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BEHIND = {b"<![CDATA[": b"]]>", b"<!--": b"-->", b"<?": b"?>"}
_LONGEST_TAG = 10_000
_KEPT = 4_096
_ENDS = re.compile(rb"</([^\s<>]+)\s*>")
_PREFIX = rb"(?:[^\s<>/:=\"'&!?]{1,100}:)?"
MOST_NESTED = 200
"""Elements of the record's name in one record; more are records behind one that was not closed."""


@dataclass(frozen=True)
class Span:
    """The text of one record.

    Attributes
    ----------
    text : from its tag to its end
    line, offset : where it begins: line from 1, bytes before it
    fault : why it is no record; empty = it may be one
    nested : elements of the same name in it
    """

    text: bytes
    line: int
    offset: int
    fault: str = ""
    nested: int = 0


class Splitter:
    """Takes a document's text in pieces and gives out the spans of its records.

    An element of the record's name within a record is a part of it; with `flat`, it is the next record, and the one
    before it was not closed.
    """

    def __init__(self, tag: str, flat: bool = False, line: int = 1, offset: int = 0) -> None:
        name = re.escape(tag.encode())
        self._tag = tag
        self._tokens = re.compile(
            rb"<!\[CDATA\[|<!--|<\?|<(?P<open>" + _PREFIX + name + rb")(?=[\s/>])"
            rb"|</(?P<close>" + _PREFIX + name + rb")\s{0,100}>"
        )
        self._closed = re.compile(rb"<[^<>]{0,%d}/>" % _LONGEST_TAG)
        self._undecided = 120 + len(tag.encode())
        self._data = b""
        self._place = 0
        self._start: int | None = None
        self._nested = self._depth = 0
        self._line, self._counted, self._offset = line, 0, offset
        self._unfinished: set[bytes] = set()
        self._prolog: list[bytes] = []
        self._began = False
        self._tail = b""
        self.flat = flat

    @property
    def is_open(self) -> bool:
        """Whether a record has begun and not ended."""
        return self._start is not None

    @property
    def nested(self) -> int:
        """Elements of its own name in the record that has begun."""
        return self._nested if self.is_open else 0

    @property
    def prolog(self) -> bytes:
        """The text before the first record."""
        return b"".join(self._prolog)

    @property
    def rest(self) -> bytes:
        """The text behind the last record."""
        return self._data

    def closes(self, name: str) -> bool:
        """Whether an end tag of that name stands near the end of the text that is in no record."""
        return name.encode() in _ENDS.findall(self._tail) if name else True

    def flatten(self) -> Iterator[Span]:
        """From here on, and in the record that has begun, records hold none of their name; gives out its spans."""
        self.flat = True
        if self._start is not None:
            self._place, self._start = self._start, None
            self._nested = self._depth = 0
        return self.feed(b"")

    def feed(self, data: bytes, ends: bool = False) -> Iterator[Span]:
        """The records that end in this piece, or in what was kept; `ends`: there is no more."""
        self._data += data
        while (span := self._next(ends)) is not None:
            yield span
        self._forget()

    def _next(self, ends: bool) -> Span | None:
        while True:
            token = self._tokens.search(self._data, self._place)
            if token is None:
                end = len(self._data)
                last = self._data.rfind(b"<", max(self._place, end - self._undecided))
                self._place = max(self._place, end if ends or last < 0 else last)
                return None
            behind = _BEHIND.get(token[0])
            if behind is not None:
                if not self._is_past(token, behind, ends):
                    return None
                continue
            if token["close"] is not None:
                self._place = token.end()
                span = self._closing(token)
            else:
                if not self._is_whole(token, ends):
                    return None
                span = self._opening(token)
            if span is not None:
                return span

    def _is_past(self, token: re.Match[bytes], behind: bytes, ends: bool) -> bool:
        """Whether the text behind a section is reached; one that never ends is none."""
        end = -1 if behind in self._unfinished else self._data.find(behind, token.end())
        if end >= 0:
            self._place = end + len(behind)
        elif ends:
            self._unfinished.add(behind)
            self._place = token.end()
        else:
            self._place = token.start()
            return False
        return True

    def _is_whole(self, token: re.Match[bytes], ends: bool) -> bool:
        """Whether all of the tag is there, so that it can be told from one that is closed at once."""
        if ends or self._data.find(b">", token.end(), token.end() + _LONGEST_TAG) >= 0:
            return True
        if len(self._data) - token.end() >= _LONGEST_TAG:
            return True
        self._place = token.start()
        return False

    def _opening(self, token: re.Match[bytes]) -> Span | None:
        closed = self._closed.match(self._data, token.start())
        self._place = closed.end() if closed else token.end()
        self._note_prolog(token.start())
        if self._start is not None and not self.flat:
            self._nested += 1
            self._depth += closed is None
            return None
        before = None
        if self._start is not None and closed is None:
            before = self._span(
                token.start(), f"<{self._tag}> is not closed before the next one begins"
            )
        if self._start is None and closed:
            self._start = token.start()
            return self._span(self._place)
        if closed is None:
            self._start, self._depth, self._nested = token.start(), 1, 0
        return before

    def _closing(self, token: re.Match[bytes]) -> Span | None:
        if self._start is None:
            self._start = token.start()
            self._note_prolog(token.start())
            return self._span(token.end(), f"</{self._tag}> ends an element that has not begun")
        self._depth -= 1
        return None if self._depth else self._span(token.end())

    def _span(self, end: int, fault: str = "") -> Span:
        assert self._start is not None, "a record has begun"
        start, self._start = self._start, None
        line = self._line_of(start)
        span = Span(self._data[start:end], line, self._offset + start, fault, self._nested)
        self._nested = self._depth = 0
        return span

    def _line_of(self, place: int) -> int:
        """The number of the line there; each line is counted once."""
        self._line += self._data.count(b"\n", self._counted, place)
        self._counted = place
        return self._line

    def _note_prolog(self, end: int) -> None:
        """What is before the first record: there the namespaces are declared."""
        if not self._began:
            self._prolog.append(self._data[:end])
            self._began = True

    def _forget(self) -> None:
        """Text that is in no record is not kept."""
        end = self._place if self._start is None else self._start
        if not self._began:
            self._prolog.append(self._data[:end])
        self._line_of(end)
        self._tail = (self._tail + self._data[max(0, end - _KEPT) : end])[-_KEPT:]
        self._offset += end
        self._data = self._data[end:]
        self._place -= end
        self._counted = 0
        if self._start is not None:
            self._start = 0
