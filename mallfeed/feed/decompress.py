"""Bytes as the mall wrote them, unpacked: gz, bz2, zst and single-file zip, by magic number."""

from __future__ import annotations

import bz2
import gzip
import io
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

import zstandard

from mallfeed.errors import FeedHeld

CHUNK = 1 << 20
MAX_RATIO = 200
RATIO_FROM_BYTES = 1 << 30
"""A feed that unpacks to more than this and to more than MAX_RATIO times its size is refused."""


def unpacked(stream: BinaryIO, size_bytes: int, name: str) -> tuple[str, Iterator[bytes]]:
    """What packing was found (`gz`, `bz2`, `zst`, `zip`, `none`), and the bytes in chunks.

    Raises
    ------
    FeedHeld : `archive_ratio`, `archive_of_many`, `encrypted_archive`, `truncated`,
        `not_the_format` (a damaged archive), while the chunks are taken.
    """
    head = stream.read(8)
    whole = cast(BinaryIO, _Joined(head, stream))
    if head[:2] == b"\x1f\x8b":
        return "gz", _guarded(_chunks(gzip.GzipFile(fileobj=whole)), size_bytes, name)
    if head[:3] == b"BZh":
        return "bz2", _guarded(_chunks(bz2.BZ2File(whole)), size_bytes, name)
    if head[:4] == b"\x28\xb5\x2f\xfd":
        reader = zstandard.ZstdDecompressor().stream_reader(whole, read_across_frames=True)
        return "zst", _guarded(_chunks(cast(BinaryIO, reader)), size_bytes, name)
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return "zip", _guarded(_unzipped(whole, name), size_bytes, name)
    return "none", _chunks(whole)


class _Joined(io.RawIOBase):
    """The bytes read already, and then the rest of the stream."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if not self._head:
            return self._rest.read() if size < 0 else self._rest.read(size)
        taken = self._head if size < 0 else self._head[:size]
        self._head = self._head[len(taken) :]
        return taken + (self.read(-1) if size < 0 else b"")

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer))
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)


def _chunks(stream: BinaryIO | gzip.GzipFile | bz2.BZ2File) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        yield chunk


def _guarded(chunks: Iterator[bytes], size_bytes: int, name: str) -> Iterator[bytes]:
    total = 0
    try:
        for chunk in chunks:
            total += len(chunk)
            if total > RATIO_FROM_BYTES and total > MAX_RATIO * size_bytes:
                raise FeedHeld(
                    "archive_ratio",
                    f"{name} of {size_bytes:,} bytes unpacks to more than {total:,}: refused. "
                    "Send it unpacked, or in several files.",
                )
            yield chunk
    except EOFError as error:
        raise FeedHeld(
            "truncated", f"{name} ends in the middle of its archive. Upload it again, whole."
        ) from error
    except (OSError, zlib.error, zstandard.ZstdError, zipfile.BadZipFile) as error:
        raise FeedHeld(
            "not_the_format", f"{name} is a damaged archive ({error}). Pack and upload it again."
        ) from error


def _unzipped(whole: BinaryIO, name: str) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as spooled:
        for chunk in _chunks(whole):
            spooled.write(chunk)
        with zipfile.ZipFile(spooled) as archive:
            files = [
                info
                for info in archive.infolist()
                if not info.is_dir() and not info.filename.startswith("__MACOSX")
            ]
            if len(files) != 1:
                raise FeedHeld(
                    "archive_of_many",
                    f"{name} holds {len(files)} files; a feed's zip holds exactly one.",
                )
            if files[0].flag_bits & 1:
                raise FeedHeld("encrypted_archive", f"{name} is encrypted. Send it without.")
            with archive.open(files[0]) as member:
                yield from _chunks(cast(BinaryIO, member))
