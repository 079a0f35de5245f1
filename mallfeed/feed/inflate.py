"""Packed members and frames, unpacked one after the other in time that grows with their bytes alone."""

from __future__ import annotations

import bz2
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Protocol

import zstandard

from mallfeed.errors import FeedHeld
from mallfeed.reading.budget import MEMBERS, Work
from mallfeed.reading.bytestream import CHUNK, ByteStream


class _Inflater(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...


class _Gz:
    """zlib in steps of bounded output."""

    most_bytes = CHUNK

    def __init__(self) -> None:
        self._inflater = zlib.decompressobj(wbits=31)

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data and not self._inflater.eof:
            yield self._inflater.decompress(data, CHUNK)
            data = self._inflater.unconsumed_tail

    @property
    def inner(self) -> _Inflater:
        return self._inflater


class _Bz2:
    most_bytes = CHUNK

    def __init__(self) -> None:
        self._inflater = bz2.BZ2Decompressor()

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield self._inflater.decompress(data, CHUNK)
        while not self._inflater.eof and not self._inflater.needs_input:
            yield self._inflater.decompress(b"", CHUNK)

    @property
    def inner(self) -> _Inflater:
        return self._inflater


class _Zst:
    """zstandard cannot bound its output, so its input comes in small pieces: a block of 4 bytes
    may hold 128 KB, so 1 KB yields 32 MB at most."""

    most_bytes = 1024

    def __init__(self, context: zstandard.ZstdDecompressor) -> None:
        self._inflater = context.decompressobj()

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield self._inflater.decompress(data)

    @property
    def inner(self) -> _Inflater:
        inner: _Inflater = self._inflater
        return inner


def _zst() -> Callable[[], _Zst]:
    """One context for all frames of a file: to make one takes twenty times as long as a small frame."""
    return partial(_Zst, zstandard.ZstdDecompressor())


_INFLATERS: dict[str, Callable[[], Callable[[], _Gz | _Bz2 | _Zst]]] = {
    "gz": lambda: _Gz,
    "bz2": lambda: _Bz2,
    "zst": _zst,
}
_MAGIC = (b"\x1f\x8b", b"BZh", b"\x28\xb5\x2f\xfd")
_FIRST_BYTES = 512
"""What a member's inflater is given first, then twice as much each time: what is behind the member, which
every library copies, is never more than the member itself and this."""
_LEAST_PIECE = 64 * 1024
"""Unpacked bytes that are handed on at once, unless there are no more: members may hold one each."""


def inflated(content: ByteStream, packing: str, name: str, work: Work) -> Iterator[bytes]:
    """What is in all members or frames, one after the other; zero bytes may pad the end.

    Raises FeedHeld `too_costly`, `truncated`, `not_the_format` (a damaged archive).
    """
    new = _INFLATERS[packing]()
    yield from _member(content, new(), name)
    while head := _behind_zeros(content):
        if not head.startswith(_MAGIC):
            raise FeedHeld(
                "not_the_format",
                f"{name} has bytes behind the end of its archive, near byte {content.taken:,}. "
                "Pack and upload it again.",
            )
        work.spend(MEMBERS, 1, name, f"by byte {content.taken:,}")
        yield from _member(content, new(), name)


def _member(content: ByteStream, inflater: _Gz | _Bz2 | _Zst, name: str) -> Iterator[bytes]:
    """What is in one member; the content then stands behind it."""
    size = _FIRST_BYTES
    while not inflater.inner.eof:
        data = content.read(min(size, inflater.most_bytes))
        size *= 2
        if not data:
            raise FeedHeld(
                "truncated",
                f"{name} ends in the middle of its archive, at byte {content.taken:,}. Upload it "
                "again, whole.",
            )
        try:
            yield from inflater.feed(data)
        except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
            raise FeedHeld(
                "not_the_format",
                f"{name} is a damaged archive: it cannot be unpacked near its byte {content.taken:,}. "
                "Pack and upload it again.",
            ) from error
    content.unread(len(inflater.inner.unused_data))


def _behind_zeros(content: ByteStream) -> bytes:
    """The next bytes that are not zero; none at the end."""
    while (head := content.peek(4)) and not head[0]:
        zeros = content.read(_LEAST_PIECE)
        content.unread(len(zeros.lstrip(b"\0")))
    return head


def in_pieces(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of some size; what stops them is raised behind those before it."""
    parts: list[bytes] = []
    size = 0
    try:
        for chunk in chunks:
            parts.append(chunk)
            size += len(chunk)
            if size >= _LEAST_PIECE:
                yield b"".join(parts)
                parts, size = [], 0
    except FeedHeld:
        if size:
            yield b"".join(parts)
        raise
    if size:
        yield b"".join(parts)
