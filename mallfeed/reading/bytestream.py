"""A stream over chunks of bytes, with a look ahead."""

from __future__ import annotations

from collections.abc import Iterator

CHUNK = 1 << 20


class ByteStream:
    """What readers take a part's bytes from; `taken` counts those handed out.

    A chunk stays as it is while it is handed out, so that taking it in small pieces copies each byte once.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = b""
        self._place = 0
        self.taken = 0

    def peek(self, size: int) -> bytes:
        """The next bytes, fewer only at the end, without taking them."""
        if len(self._held) - self._place < size:
            self._hold(size)
        return self._held[self._place : self._place + size]

    def read(self, size: int = -1) -> bytes:
        """At least one byte unless the stream has ended, at most `size`."""
        if self._place == len(self._held):
            self._held, self._place = next(self._chunks, b""), 0
        if size < 0:
            self._held, self._place = self._held[self._place :] + b"".join(self._chunks), 0
            size = len(self._held)
        data = self._held[self._place : self._place + size]
        self._place += len(data)
        self.taken += len(data)
        return data

    def unread(self, size: int) -> None:
        """Give back so many of the bytes of the last `read`."""
        self._place -= size
        self.taken -= size

    def chunks(self, size: int = CHUNK) -> Iterator[bytes]:
        """The rest, in chunks of at most `size` bytes."""
        return iter(lambda: self.read(size), b"")

    def _hold(self, size: int) -> None:
        """Have so many bytes at hand, as far as there are."""
        parts = [self._held[self._place :]]
        missing = size - len(parts[0])
        while missing > 0 and (chunk := next(self._chunks, b"")):
            parts.append(chunk)
            missing -= len(chunk)
        self._held, self._place = b"".join(parts), 0
