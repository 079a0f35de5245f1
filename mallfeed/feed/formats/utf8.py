"""Decoded text as the UTF-8 stream that ijson and lxml read, guarded against endless records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from mallfeed.errors import FeedHeld

MAX_RECORD_BYTES = 24 * 1024 * 1024
_KEPT = 256 * 1024


class Utf8Text:
    """`taken` counts the bytes handed out."""

    def __init__(self, text: Iterator[str], name: str) -> None:
        self._text = text
        self._name = name
        self._left = b""
        self._since = 0
        self._head = b""
        self.taken = 0

    def new_record(self) -> None:
        """A record has come out: the next one may be as long again."""
        self._since = self.taken

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
        if self.taken - self._since > MAX_RECORD_BYTES:
            raise FeedHeld(
                "record_too_large",
                f"{self._name}: {MAX_RECORD_BYTES:,} bytes from byte {self._since:,} on hold no "
                "record. Is it the right file? Nothing was loaded.",
                {"offset": self._since},
            )
        return data

    def whole(self) -> Any:
        """The JSON document, where it is small; None otherwise."""
        if self.taken > len(self._head):
            return None
        try:
            return json.loads(self._head)
        except (ValueError, RecursionError):
            return None
