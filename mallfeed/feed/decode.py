"""Bytes to lines of text: strict, with the offset of the first byte that does not decode."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from mallfeed.errors import FeedHeld

MAX_LINE = 64 * 1024 * 1024
"""Characters; a longer line is no record."""

_ALIASES = {"euc-kr": "cp949", "euckr": "cp949", "ms949": "cp949", "ks_c_5601-1987": "cp949"}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_TRIED = ("utf-8", "cp949", "utf-16", "latin-1")


def codec_of(label: str) -> str:
    """The codec for a catalog's label; EUC-KR is always read as CP949, its superset."""
    name = label.strip().lower()
    return _ALIASES.get(name, name)


def decoded(chunks: Iterator[bytes], label: str, name: str) -> Iterator[str]:
    """Text in chunks, without a byte order mark (which wins over the label).

    Raises FeedHeld `undecodable`, naming the offset in the unpacked bytes.
    """
    first = next(chunks, b"")
    encoding, skipped = codec_of(label), 0
    for mark, marked in _MARKS:
        if first.startswith(mark):
            encoding, skipped = marked, len(mark)
            break
    if encoding == "utf-16":
        encoding = "utf-16-le"
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    offset = skipped
    chunk = first[skipped:]
    while True:
        following = next(chunks, b"")
        pending = len(decoder.getstate()[0])
        try:
            yield decoder.decode(chunk, final=not following)
        except UnicodeDecodeError as error:
            raise _undecodable(error, offset - pending, encoding, label, name) from error
        offset += len(chunk)
        if not following:
            return
        chunk = following


def _undecodable(
    error: UnicodeDecodeError, base: int, encoding: str, label: str, name: str
) -> FeedHeld:
    at = base + error.start
    shown = error.object[error.start : error.start + 8].hex(" ")
    around = error.object[max(0, error.start - 200) : error.start + 200]
    fits = [other for other in _TRIED if other != encoding and _decodes(around, other)]
    hint = f" The bytes around it would be {fits[0]}." if fits else ""
    return FeedHeld(
        "undecodable",
        f"{name}: byte {at:,} ({shown}) is not {label}.{hint} Send it in {label}, or change "
        "`encoding` in a new catalog version and release the feed with it.",
        {"offset": at},
    )


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        return error.end >= len(data) - 1  # cut in the middle of a character
    return True


def lines(text: Iterator[str], name: str) -> Iterator[str]:
    """Lines with their line ends (LF, CRLF, or CR alone where the first chunk has no LF)."""
    tail, end = "", None
    for piece in text:
        tail += piece
        if end is None and tail:
            end = "\r" if "\n" not in tail and "\r" in tail[:-1] else "\n"
        *whole, tail = tail.split(end or "\n")
        for line in whole:
            yield line + "\n"
        if len(tail) > MAX_LINE:
            raise FeedHeld(
                "record_too_large",
                f"{name}: a line of more than {MAX_LINE:,} characters. Is it the right file, with "
                "line ends?",
            )
    if tail:
        yield tail
