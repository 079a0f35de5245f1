"""Packs the parts of a folder feed into few bytes, for an item of the ledger.

Names, versions and ETags are mostly random ids, which cannot be compressed below their bytes. They
are taken out of the text, which is then repetitive, and stored as bytes.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Sequence
from typing import Protocol

from mallfeed.ledger.model import Part

Packed = tuple[bytes, bytes]
"""The compressed text without its ids, and the ids."""

_ID = re.compile(
    r"(?P<uuid>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
    r"|(?P<hex>[0-9a-f]{32})"
    r'|(?<=")(?P<version>[A-Za-z0-9._]{32})(?=")'
)
# Placeholders for ids in the text: JSON writes control characters as escapes, so these never occur.
_UUID, _HEX, _VERSION = "\0", "\1", "\2"
_MARKS = {"uuid": _UUID, "hex": _HEX, "version": _VERSION}
_MARK = re.compile(f"[{_UUID}{_HEX}{_VERSION}]")
_SIZES = {_UUID: 16, _HEX: 16, _VERSION: 24}
_TO_BASE64 = str.maketrans("._", "+/")
_FROM_BASE64 = str.maketrans("+/", "._")


class PartLike(Protocol):
    """One object version: the ledger's, or that of an arrival."""

    @property
    def key(self) -> str:
        """Its key in the bucket."""

    @property
    def version_id(self) -> str:
        """Its version id."""

    @property
    def size_bytes(self) -> int:
        """Its size as S3 reports it."""

    @property
    def etag(self) -> str:
        """Its ETag, without quotes."""


def packed(parts: Sequence[PartLike]) -> Packed:
    """The parts as bytes; `unpacked` returns the same parts."""
    columns = (
        [part.key for part in parts],
        [part.version_id for part in parts],
        [part.etag for part in parts],
        [part.size_bytes for part in parts],
    )
    text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
    ids: list[bytes] = []

    def taken_out(found: re.Match[str]) -> str:
        kind = str(found.lastgroup)
        ids.append(_bytes_of(kind, found.group()))
        return _MARKS[kind]

    short = _ID.sub(taken_out, text)
    return zlib.compress(short.encode(), 9), b"".join(ids)


def unpacked(parts: Packed) -> tuple[Part, ...]:
    """The parts that were packed."""
    short, ids = zlib.decompress(parts[0]).decode(), parts[1]
    at = 0

    def put_back(mark: re.Match[str]) -> str:
        nonlocal at
        start, at = at, at + _SIZES[mark.group()]
        return _text_of(mark.group(), ids[start:at])

    columns = json.loads(_MARK.sub(put_back, short))
    return tuple(
        Part(key=key, version_id=version_id, etag=etag, size_bytes=size_bytes)
        for key, version_id, etag, size_bytes in zip(*columns, strict=True)
    )


def packed_bytes(parts: Sequence[PartLike]) -> int:
    """How many bytes the packed parts take in an item."""
    return sum(map(len, packed(parts)))


def _bytes_of(kind: str, text: str) -> bytes:
    if kind == "version":
        return base64.b64decode(text.translate(_TO_BASE64))
    return bytes.fromhex(text.replace("-", ""))


def _text_of(mark: str, data: bytes) -> str:
    if mark == _VERSION:
        return base64.b64encode(data).decode().translate(_FROM_BASE64)
    text = data.hex()
    if mark == _HEX:
        return text
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
