"""What is in a zip: how many entries it lists, and the content of one, in pieces of bounded size."""

from __future__ import annotations

import bz2
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, cast

from mallfeed.reading.bytestream import CHUNK

_ENTRY = b"PK\x01\x02"
_LOCAL_HEADER = 30
_END, _END_RECORD = b"PK\x05\x06", 22
_LONGEST_END = _END_RECORD + 65_535 + 4096
"""Bytes of the record at a zip's end with the longest comment, and of what transfers put behind it."""
_LITTLE = 4096
"""Packed bytes of LZMA, which zipfile unpacks in one go: some 30 MB at most."""


def entries_in(file: IO[bytes]) -> int:
    """How many entries its directory lists at most, before the directory is read (1 KB of memory for each)."""
    file.seek(0)
    count, behind = 0, b""
    while piece := file.read(CHUNK):
        count += (behind + piece).count(_ENTRY)
        behind = piece[-len(_ENTRY) + 1 :]
    file.seek(0)
    return count


def is_cut_short(file: IO[bytes]) -> bool:
    """Whether the directory with which every zip ends is not there, or not all of it: the end of the file is missing."""
    file.seek(max(file.seek(0, 2) - _LONGEST_END, 0))
    end = file.read()
    file.seek(0)
    place = end.rfind(_END)
    return place < 0 or len(end) - place < _END_RECORD


def content_of(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The entry's bytes. zipfile bounds what it unpacks at once for deflate only.

    Raises what zipfile raises.
    """
    if info.compress_type == zipfile.ZIP_BZIP2 and not info.flag_bits & 0x1:
        yield from _of_bzip2(archive, info)
        return
    with archive.open(info) as opened:
        member = cast(zipfile.ZipExtFile, opened)
        if info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            yield from iter(lambda: member.read(CHUNK), b"")
        else:
            yield from iter(lambda: member.read1(_LITTLE), b"")


def _of_bzip2(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    inflater = bz2.BZ2Decompressor()
    check = 0
    for packed in _packed(archive, info):
        data = packed
        while not inflater.eof:
            unpacked = inflater.decompress(data, CHUNK)
            check = zlib.crc32(unpacked, check)
            if unpacked:
                yield unpacked
            if inflater.needs_input:
                break
            data = b""
    if not inflater.eof:
        raise EOFError("it ends before its content does")
    if check != info.CRC:
        raise zipfile.BadZipFile(f"Bad CRC-32 for file {info.filename!r}")


def _packed(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The entry's bytes as they are in the archive."""
    with archive.open(info):  # refuses a directory that does not fit what is at its place
        file = archive.fp
    assert file is not None, "the archive is open"
    file.seek(info.header_offset)
    header = file.read(_LOCAL_HEADER)
    lengths = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    place, left = info.header_offset + _LOCAL_HEADER + lengths, info.compress_size
    while left > 0:
        file.seek(place)
        piece = file.read(min(left, CHUNK))
        if not piece:
            return
        place += len(piece)
        left -= len(piece)
        yield piece
