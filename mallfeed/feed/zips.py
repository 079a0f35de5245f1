"""The one file in a zip."""

from __future__ import annotations

import lzma
import tempfile
import zipfile
import zlib
from collections.abc import Iterator

from mallfeed.errors import FeedHeld
from mallfeed.feed.companions import is_companion
from mallfeed.feed.tars import of_many
from mallfeed.formats.foreign import foreign
from mallfeed.reading.budget import ENTRIES, Work
from mallfeed.reading.bytestream import ByteStream
from mallfeed.reading.zip_content import content_in
from mallfeed.reading.zip_members import content_of, entries_in, is_cut_short

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
            what = (
                "whose end is missing: it was cut short"
                if is_cut_short(spooled)
                else "without a readable directory at its end: it is cut off or damaged"
            )
            raise FeedHeld(
                "truncated", f"{name} is a zip {what}. Upload it again, whole."
            ) from error
        with archive:
            yield from _member(archive, _the_one(archive, name), name)


def _the_one(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    if found := content_in(archive):
        raise foreign(found, name, "not a zip that holds the feed")
    entries = archive.infolist()
    files = [one for one in entries if not one.is_dir() and not is_companion(one.filename)]
    if len(files) != 1:
        raise of_many(name, "zip", [info.filename for info in files])
    if files[0].flag_bits & 0x1:
        raise FeedHeld("encrypted_archive", f"{name} is encrypted. Send it without a password.")
    return files[0]


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    taken = 0
    try:
        for chunk in content_of(archive, info):
            taken += len(chunk)
            yield chunk
    except NotImplementedError as error:
        raise FeedHeld(
            "not_the_format",
            f"{name}: {info.filename} is packed by a method that is not read. Pack it by the usual one "
            "(deflate), or as gz.",
        ) from error
    except _DAMAGED as error:
        raise FeedHeld(
            "not_the_format",
            f"{name}: {info.filename} is damaged behind byte {taken:,} of its content. Pack and upload it again.",
        ) from error
