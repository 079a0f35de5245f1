"""Decoded text as the UTF-8 stream that ijson and lxml read, guarded against endless records."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from mallfeed.errors import FeedHeld
from mallfeed.reading.depth import MAX_DEPTH, TOO_DEEP

MAX_RECORD_BYTES = 24 * 1024 * 1024
_KEPT = 256 * 1024
_PIECE = 64 * 1024
MOST_DIGITS = 4_000
"""Of a whole number: from 4,300 on Python refuses it, and ijson's C code dies of the refusal."""
_TWO_DIGITS = re.compile(rb"\d\d")
_STEP = MOST_DIGITS // 2 - 100
_SPAN = 2048
_TWO_LINES = re.compile(rb"\s*\{[^\n]*\}[ \t\r]*\n\s*\{")
_LONG_NUMBER = re.compile(rb"(?:^|[\s:\[,-])\d{%d}" % MOST_DIGITS)


def _untold(data: bytes, before: int) -> None:
    """Nobody wants to know."""


class Utf8Text:
    """`taken` counts the bytes handed out.

    Within a long record the pieces grow with it: a parser that looks at an unfinished text from its beginning
    again with each piece then does so a few times, not once per 64 KB.
    """

    def __init__(
        self,
        text: Iterator[str],
        name: str,
        most_bytes: int = MAX_RECORD_BYTES,
        handed: Callable[[bytes, int], None] = _untold,
        *,
        is_json: bool = True,
    ) -> None:
        """`handed` is told of the bytes that are handed out, and how many were before; `is_json`: what JSON's parser
        cannot bear is refused."""
        self._is_json = is_json
        self._handed = handed
        self._most = most_bytes
        self._text = text
        self._name = name
        self._held = b""
        self._place = 0
        self._since = 0
        self._head = b""
        self._tail = b""
        self._depth = 0
        self.taken = 0
        self.records = 0

    def new_record(self) -> None:
        """A record has come out: the next one may be as long again."""
        self._since = self.taken
        self.records += 1
        self._depth = 0

    def read(self, size: int = -1) -> bytes:
        """Some bytes: in a long record more than are asked for.

        Raises FeedHeld `record_too_large` when none made a record for too long.
        """
        if size == 0:
            return b""
        data = self._next(min(size, _PIECE) if size > 0 else _PIECE)
        grown = (self.taken - self._since) // 2
        if grown > _PIECE:
            parts = [data]
            missing = grown - len(data)
            while missing > 0 and (more := self._next(missing)):
                parts.append(more)
                missing -= len(more)
            data = b"".join(parts)
        self._handed(data, self.taken)
        self.taken += len(data)
        if len(self._head) < _KEPT:
            self._head += data
        if self._is_json:
            self._refuse_long_numbers(data)
            self._refuse_depth(data)
        if self.taken - self._since > self._most:
            raise FeedHeld(
                "record_too_large",
                f"{self._name}: no record ends within {self._most:,} bytes of text from byte {self._since:,} on, and "
                f"none may be longer (record {self.records + 1:,}). Nothing was loaded; is it the right file?",
                {"offset": self._since},
            )
        return data

    def _next(self, size: int) -> bytes:
        if self._place == len(self._held):
            self._held, self._place = next(self._text, "").encode(), 0
        data = self._held[self._place : self._place + size]
        self._place += len(data)
        return data

    def _refuse_long_numbers(self, data: bytes) -> None:
        """Looks closer only where two of the bytes that lie a step apart are digits."""
        window = self._tail + data
        self._tail = window[-MOST_DIGITS - 1 :]
        if _TWO_DIGITS.search(window[::_STEP]) and _LONG_NUMBER.search(window):
            raise FeedHeld(
                "not_the_format",
                f"{self._name}: the JSON cannot be read on after record {self.records:,}, before byte "
                f"{self.taken:,}: {MOST_DIGITS:,} digits or more stand in a row, of which a number has fewer. "
                "Nothing was loaded; leave the value out, or divide it.",
            )

    def _refuse_depth(self, data: bytes) -> None:
        """ijson's memory grows with the square of the depth. Brackets in texts are counted too:
        texts do not open hundreds that they never close."""
        for start in range(0, len(data), _SPAN):
            span = data[start : start + _SPAN]
            opened = span.count(b"[") + span.count(b"{") - span.count(b"]") - span.count(b"}")
            self._depth = max(0, self._depth + opened)
            if self._depth > MAX_DEPTH:
                raise FeedHeld(
                    "not_the_format",
                    f"{self._name}: the JSON cannot be read on after record {self.records:,}, before byte "
                    f"{self.taken:,}: {TOO_DEEP}. Nothing was loaded; send the values in fewer levels.",
                )

    def holds_lines(self) -> bool:
        """Whether it begins with two objects, each on a line of its own."""
        return _TWO_LINES.match(self._head) is not None

    def whole(self) -> Any:
        """The JSON document, where it is small; None otherwise."""
        if self.taken > len(self._head):
            return None
        try:
            return json.loads(self._head)
        except (ValueError, RecursionError):
            return None
