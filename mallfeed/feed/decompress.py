"""Bytes as the mall wrote them, unpacked: gz, bz2, zst, and zip and tar of one file, by magic number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from mallfeed.errors import FeedHeld
from mallfeed.feed.inflate import in_pieces, inflated
from mallfeed.feed.tars import is_tar, untarred
from mallfeed.feed.zips import unzipped
from mallfeed.reading.budget import MAX_RATIO, UNPACKED, Work, unlimited
from mallfeed.reading.bytestream import CHUNK, ByteStream

RATIO_FROM_BYTES = 1 << 30
"""A feed that unpacks to more than this, or than its budget, and to more than MAX_RATIO times its size is refused."""
MAX_LAYERS = 2


def unpacked(
    stream: BinaryIO,
    size_bytes: int,
    name: str,
    zip_signs: Sequence[bytes] = (),
    work: Work | None = None,
) -> tuple[str, ByteStream]:
    """What packing was found (`gz`, `bz2`, `zst`, `zip`, `tar`, `gz+tar` …, `none`), and the bytes.

    `zip_signs`: a zip whose beginning holds one of these is the content, no packing (a workbook).

    Raises
    ------
    FeedHeld : `too_costly`, `archive_ratio`, `archive_of_many`, `encrypted_archive`, `truncated`,
        `not_the_format` (a damaged archive), at once or while the bytes are taken.
    """
    work = work or unlimited()
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
            chunks = unzipped(content, name, work)
        elif packing == "tar":
            chunks = untarred(content, name)
        else:
            chunks = inflated(content, packing, name, work)
        content = ByteStream(in_pieces(_guarded(chunks, size_bytes, name, work)))
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


def _guarded(chunks: Iterator[bytes], size_bytes: int, name: str, work: Work) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        is_much = total > RATIO_FROM_BYTES or work.is_beyond(UNPACKED, total)
        if is_much and total > MAX_RATIO * size_bytes:
            raise FeedHeld(
                "archive_ratio",
                f"{name} of {size_bytes:,} bytes unpacks to more than {total:,}: refused as a "
                f"feed unpacks to at most {MAX_RATIO} times its size. Send it unpacked, or in "
                "several files.",
            )
        if chunk:
            work.spend(UNPACKED, len(chunk), name, "are packed in it")
            yield chunk
