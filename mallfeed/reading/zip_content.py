"""What an open zip is, where it is more than files packed together: a workbook, a document, a program."""

from __future__ import annotations

import zipfile
import zlib

from mallfeed.reading.signatures import Content, content_of_zip

_LONGEST_MIMETYPE = 200


def content_in(archive: zipfile.ZipFile) -> Content | None:
    """By the names of its entries, and by what an OpenDocument file says of itself in its first one."""
    return content_of_zip(set(archive.namelist()), _mimetype(archive))


def _mimetype(archive: zipfile.ZipFile) -> str:
    first = next(iter(archive.infolist()), None)
    if first is None or first.filename != "mimetype" or first.file_size > _LONGEST_MIMETYPE:
        return ""
    try:
        return archive.read(first).decode("ascii", "ignore")
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ):
        return ""  # whoever reads the archive says that it is damaged, or locked
