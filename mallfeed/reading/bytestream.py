"""A stream over chunks of bytes, with a look ahead."""

from __future__ import annotations

from collections.abc import Iterator

CHUNK = 1 << 20


class ByteStream:
    """What readers take a part's bytes from; `taken` counts those handed out."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._left = b""
        self.taken = 0

    def peek(self, size: int) -> bytes:
        """The next bytes, fewer only at the end, without taking them."""
        while len(self._left) < size:
            chunk = next(self._chunks, b"")
            if not chunk:
                break
            self._left += chunk
        return self._left[:size]

    def read(self, size: int = -1) -> bytes:
        """At least one byte unless the stream has ended, at most `size`."""
        data = self._left or next(self._chunks, b"")
        if size < 0:
            data += b"".join(self._chunks)
        else:
            data, self._left = data[:size], data[size:]
            self.taken += len(data)
            return data
        self._left = b""
        self.taken += len(data)
        return data

    def chunks(self, size: int = CHUNK) -> Iterator[bytes]:
        """The rest, in chunks of at most `size` bytes."""
        return iter(lambda: self.read(size), b"")
