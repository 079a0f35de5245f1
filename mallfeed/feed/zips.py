"""The one file in a zip."""

from __future__ import annotations

import lzma
import tempfile
import zipfile
import zlib
from collections.abc import Iterator

from mallfeed.errors import FeedHeld
from mallfeed.reading.budget import ENTRIES, Work
from mallfeed.reading.bytestream import ByteStream
from mallfeed.reading.zip_members import content_of, entries_in

_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    OverflowError,
    KeyError,
)
"""What zipfile is known to raise on bytes that were tampered with."""


def unzipped(content: ByteStream, name: str, work: Work) -> Iterator[bytes]:
    """Its bytes. The archive is put on disk first: a zip's directory stands at its end."""
    with tempfile.TemporaryFile() as spooled:
        for chunk in content.chunks():
            spooled.write(chunk)
        work.spend(ENTRIES, entries_in(spooled), name, "in its directory")
        try:
            archive = zipfile.ZipFile(spooled)
        except _DAMAGED as error:
            raise FeedHeld(
                "truncated",
                f"{name} is a zip without a readable directory at its end ({error}): it is cut "
                "off or damaged. Upload it again, whole.",
            ) from error
        with archive:
            yield from _member(archive, _the_one(archive, name), name)


def _the_one(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    files = [
        info
        for info in archive.infolist()
        if not info.is_dir()
        and not info.filename.startswith("__MACOSX/")
        and not info.filename.endswith(".DS_Store")
    ]
    if len(files) != 1:
        some = ", ".join(info.filename for info in files[:5])
        raise FeedHeld(
            "archive_of_many",
            f"{name} holds {len(files)} files ({some}); a feed's zip holds exactly one.",
            {"files": len(files)},
        )
    if files[0].flag_bits & 0x1:
        raise FeedHeld("encrypted_archive", f"{name} is encrypted. Send it without a password.")
    return files[0]


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    taken = 0
    try:
        for chunk in content_of(archive, info):
            taken += len(chunk)
            yield chunk
    except _DAMAGED as error:
        raise FeedHeld(
            "not_the_format",
            f"{name}: {info.filename} is damaged behind byte {taken:,} of its content ({error}). "
            "Pack and upload it again.",
        ) from error
