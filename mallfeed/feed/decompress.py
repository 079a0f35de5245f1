"""Bytes as the mall wrote them, unpacked: gz, bz2, zst, and zip and tar of one file, by magic number."""

from __future__ import annotations

import bz2
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, Protocol

import zstandard

from mallfeed.errors import FeedHeld
from mallfeed.feed.tars import is_tar, untarred
from mallfeed.feed.zips import unzipped
from mallfeed.reading.bytestream import CHUNK, ByteStream

MAX_RATIO = 200
RATIO_FROM_BYTES = 1 << 30
"""A feed that unpacks to more than this and to more than MAX_RATIO times its size is refused."""
MAX_LAYERS = 2


def unpacked(
    stream: BinaryIO, size_bytes: int, name: str, zip_signs: Sequence[bytes] = ()
) -> tuple[str, ByteStream]:
    """What packing was found (`gz`, `bz2`, `zst`, `zip`, `tar`, `gz+tar` …, `none`), and the bytes.

    `zip_signs`: a zip whose beginning holds one of these is the content, no packing (a workbook).

    Raises
    ------
    FeedHeld : `archive_ratio`, `archive_of_many`, `encrypted_archive`, `truncated`,
        `not_the_format` (a damaged archive), at once or while the bytes are taken.
    """
    found: list[str] = []
    content = ByteStream(iter(lambda: stream.read(CHUNK), b""))
    while packing := _packing(content, zip_signs):
        if len(found) == MAX_LAYERS:
            raise FeedHeld(
                "not_the_format",
                f"{name} is packed more than {MAX_LAYERS} times ({'+'.join(found)}, then "
                f"{packing}). Pack it once.",
            )
        found.append(packing)
        if packing == "zip":
            chunks = unzipped(content, name)
        elif packing == "tar":
            chunks = untarred(content, name)
        else:
            chunks = _inflated(content, _INFLATERS[packing], name)
        content = ByteStream(_guarded(chunks, size_bytes, name))
    return "+".join(found) or "none", content


def _packing(content: ByteStream, zip_signs: Sequence[bytes]) -> str | None:
    head = content.peek(4096)
    if head[:3] == b"\x1f\x8b\x08":
        return "gz"
    if head[:3] == b"BZh" and head[4:10] in (b"1AY&SY", b"\x17rE8P\x90"):
        return "bz2"
    if head[:4] == b"\x28\xb5\x2f\xfd":
        return "zst"
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return None if any(sign in head for sign in zip_signs) else "zip"
    return "tar" if is_tar(head) else None


class _Inflater(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...


class _Gz:
    """zlib in steps of bounded output."""

    piece_bytes = CHUNK

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
    piece_bytes = CHUNK

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

    piece_bytes = 1024

    def __init__(self) -> None:
        self._inflater = zstandard.ZstdDecompressor().decompressobj()

    def feed(self, data: bytes) -> Iterator[bytes]:
        yield self._inflater.decompress(data)

    @property
    def inner(self) -> _Inflater:
        inner: _Inflater = self._inflater
        return inner


_INFLATERS: dict[str, Callable[[], _Gz | _Bz2 | _Zst]] = {"gz": _Gz, "bz2": _Bz2, "zst": _Zst}
_MAGIC = (b"\x1f\x8b", b"BZh", b"\x28\xb5\x2f\xfd")


def _inflated(
    content: ByteStream, new: Callable[[], _Gz | _Bz2 | _Zst], name: str
) -> Iterator[bytes]:
    """All members or frames one after the other; zero bytes may pad the end."""
    inflater = new()
    data = content.read(inflater.piece_bytes)
    while data:
        try:
            yield from inflater.feed(data)
        except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
            raise FeedHeld(
                "not_the_format",
                f"{name} is a damaged archive, near its byte {content.taken:,} ({error}). Pack and "
                "upload it again.",
            ) from error
        if not inflater.inner.eof:
            data = content.read(inflater.piece_bytes)
            continue
        data = inflater.inner.unused_data + content.read(inflater.piece_bytes)
        while data and not data.strip(b"\0"):
            data = content.read(inflater.piece_bytes)
        if not data:
            return
        data = data.lstrip(b"\0")
        if not data.startswith(_MAGIC):
            raise FeedHeld(
                "not_the_format",
                f"{name} has bytes behind the end of its archive, near byte {content.taken:,}. "
                "Pack and upload it again.",
            )
        inflater = new()
    raise FeedHeld(
        "truncated",
        f"{name} ends in the middle of its archive, at byte {content.taken:,}. Upload it again, "
        "whole.",
    )


def _guarded(chunks: Iterator[bytes], size_bytes: int, name: str) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > RATIO_FROM_BYTES and total > MAX_RATIO * size_bytes:
            raise FeedHeld(
                "archive_ratio",
                f"{name} of {size_bytes:,} bytes unpacks to more than {total:,}: refused as a "
                f"feed unpacks to at most {MAX_RATIO} times its size. Send it unpacked, or in "
                "several files.",
            )
        if chunk:
            yield chunk
