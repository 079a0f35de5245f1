"""The one file in a tar, read as a stream."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from typing import IO, cast

from mallfeed.errors import FeedHeld
from mallfeed.feed.companions import is_companion
from mallfeed.reading.bytestream import CHUNK, ByteStream

_BLOCK = tarfile.BLOCKSIZE


def is_tar(head: bytes) -> bool:
    """Whether a tar's first header is there: its checksum is right (POSIX.1-1988, ustar)."""
    if len(head) < _BLOCK:
        return False
    try:
        tarfile.TarInfo.frombuf(head[:_BLOCK], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def untarred(content: ByteStream, name: str) -> Iterator[bytes]:
    """Its bytes.

    Raises FeedHeld `archive_of_many` where the archive holds no file or several, `truncated`,
    `not_the_format`, also while the bytes are taken.
    """
    files: list[str] = []
    try:
        with tarfile.open(fileobj=cast(IO[bytes], content), mode="r|", bufsize=CHUNK) as archive:
            for member in archive:
                if member.isdir() or is_companion(member.name):
                    continue
                files.append(member.name)
                if len(files) > 1:
                    raise of_many(name, "tar", files, has_more=True)
                yield from _content(archive, member, name)
    except tarfile.TarError as error:
        cut = "unexpected end" in str(error)
        raise FeedHeld(
            "truncated" if cut else "not_the_format",
            f"{name} is a tar archive that {'ends too early' if cut else 'is damaged'}, near its byte "
            f"{content.taken:,}. Pack and upload it again.",
        ) from error
    if not files:
        raise of_many(name, "tar", files)


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo, name: str) -> Iterator[bytes]:
    file = archive.extractfile(member) if member.isfile() else None
    if file is None:
        raise FeedHeld(
            "not_the_format",
            f"{name} holds {member.name}, which is a link or a device and no file. Pack the file itself.",
        )
    while chunk := file.read(CHUNK):
        yield chunk


def of_many(name: str, packing: str, files: list[str], *, has_more: bool = False) -> FeedHeld:
    """The hold of an archive with no file in it, or with several."""
    if not files:
        told = f"{name} is a {packing} without a file in it; a feed's {packing} holds exactly one. Pack the feed and upload it again."
    else:
        some = ", ".join(files[:5])
        count = f"{len(files)} files or more" if has_more else f"{len(files)} files"
        told = f"{name} holds {count} ({some}); a feed's {packing} holds exactly one."
    return FeedHeld("archive_of_many", told, {"files": len(files)})
