"""Decoded text as the UTF-8 stream that ijson and lxml read, guarded against endless records."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from mallfeed.errors import FeedHeld

MAX_RECORD_BYTES = 24 * 1024 * 1024
_KEPT = 256 * 1024
MOST_DIGITS = 4_000
"""Of a whole number: from 4,300 on Python refuses it, and ijson's C code dies of the refusal."""
_TWO_DIGITS = re.compile(rb"\d\d")
_STEP = MOST_DIGITS // 2 - 100
MAX_DEPTH = 256
_SPAN = 2048
_LONG_NUMBER = re.compile(rb"(?:^|[\s:\[,-])\d{%d}" % MOST_DIGITS)


class Utf8Text:
    """`taken` counts the bytes handed out."""

    def __init__(self, text: Iterator[str], name: str, most_bytes: int = MAX_RECORD_BYTES) -> None:
        self._most = most_bytes
        self._text = text
        self._name = name
        self._left = b""
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
        """Some bytes. Raises FeedHeld `record_too_large` when none made a record for too long."""
        if size == 0:
            return b""
        if not self._left:
            self._left = next(self._text, "").encode()
        size = min(size, 65536) if size > 0 else 65536
        data, self._left = self._left[:size], self._left[size:]
        self.taken += len(data)
        if len(self._head) < _KEPT:
            self._head += data
        self._refuse_long_numbers(data)
        self._refuse_depth(data)
        if self.taken - self._since > self._most:
            raise FeedHeld(
                "record_too_large",
                f"{self._name}: {self._most:,} bytes from byte {self._since:,} on hold no "
                "record. Is it the right file? Nothing was loaded.",
                {"offset": self._since},
            )
        return data

    def _refuse_long_numbers(self, data: bytes) -> None:
        """Looks closer only where two of the bytes that lie a step apart are digits."""
        window = self._tail + data
        self._tail = window[-MOST_DIGITS - 1 :]
        if _TWO_DIGITS.search(window[::_STEP]) and _LONG_NUMBER.search(window):
            raise FeedHeld(
                "not_the_format",
                f"{self._name}: a number of more than {MOST_DIGITS:,} digits after record "
                f"{self.records:,}, before byte {self.taken:,}. Nothing was loaded.",
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
                    f"{self._name}: nested more than {MAX_DEPTH} deep after record "
                    f"{self.records:,}, before byte {self.taken:,}. Nothing was loaded.",
                )

    def whole(self) -> Any:
        """The JSON document, where it is small; None otherwise."""
        if self.taken > len(self._head):
            return None
        try:
            return json.loads(self._head)
        except (ValueError, RecursionError):
            return None
