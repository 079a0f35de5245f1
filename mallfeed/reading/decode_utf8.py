"""Bytes to UTF-8, for readers of bytes: as strict as `decode`, without making text of what is UTF-8.

Apart from `decode`, which needs no Arrow.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator

import pyarrow as pa

from mallfeed.reading import decode
from mallfeed.reading.bytestream import ByteStream
from mallfeed.reading.mixed_text import MixedText
from mallfeed.reading.units import Units


def decoded_to_utf8(
    content: ByteStream, label: str, name: str, units: Units | None = None
) -> tuple[str, Iterator[bytes]]:
    """As `decoded`, the same chunks as UTF-8 (half a surrogate pair as `surrogatepass` has it).

    With `units`, single ones of a UTF-8 text may be in CP949, or in nothing: they are noted there.
    """
    encoding, offset = decode.begun(content, label, name)
    if is_utf8(encoding) and units is not None:
        return encoding, MixedText(units, label, name).pieces(content, offset, _is_valid)
    if is_utf8(encoding):
        return encoding, _checked(content, encoding, label, offset, name)
    text = decode.text_of(content, encoding, label, offset, name)
    return encoding, (piece.encode("utf-8", "surrogatepass") for piece in text)


def is_utf8(encoding: str) -> bool:
    """Whether that is UTF-8 by any of its names."""
    return codecs.lookup(encoding).name == "utf-8"


def _checked(
    content: ByteStream, encoding: str, label: str, offset: int, name: str
) -> Iterator[bytes]:
    """The bytes, cut where characters are, once they are known to decode."""
    pending, final = b"", False
    while not final:
        chunk = content.read(decode.PIECE)
        final = not chunk
        data = pending + chunk
        whole = data if final else data[: _last_start(data)]
        if not _is_valid(whole) or not _may_begin(data[len(whole) :]):
            try:
                codecs.utf_8_decode(data, "strict", final)
            except UnicodeDecodeError as error:
                base = offset - len(pending)
                raise decode.undecodable(error, base, label, encoding, name) from None
        offset += len(chunk)
        pending = data[len(whole) :]
        if whole:
            yield whole


def _last_start(data: bytes) -> int:
    """Where a character begins that the end of the data cuts in two; else the data's length."""
    for behind in range(1, min(3, len(data)) + 1):
        lead = data[-behind]
        if lead >= 0xC0:
            is_cut = behind < (2 if lead < 0xE0 else 3 if lead < 0xF0 else 4)
            return len(data) - behind if is_cut else len(data)
    return len(data)


def _may_begin(cut: bytes) -> bool:
    """Whether these bytes can be the beginning of a character."""
    try:
        return codecs.utf_8_decode(cut, "strict", False) == ("", 0)
    except UnicodeDecodeError:
        return False


def _is_valid(data: bytes) -> bool:
    """Whether it is UTF-8: Arrow tells faster than Python's decoder, which makes text of it."""
    ends = pa.py_buffer(struct.pack("=ii", 0, len(data)))
    try:
        pa.StringArray.from_buffers(1, ends, pa.py_buffer(data)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True
