"""Files that hold bytes and yet nothing: NUL bytes of an upload that failed, blanks, line ends, a byte order mark."""

from __future__ import annotations

from mallfeed.reading.bytestream import ByteStream
from mallfeed.reading.decode import MARKS

_LOOKED_AT = 1 << 20
_FEW = 64
_BLANKS = b" \t\r\n\v\f\x1a"
_NUL = b"\0"


def nothing_in(content: ByteStream) -> str | None:
    """What there is instead of a text or a table, as words behind the file's name; None where there may be one.

    None of it is taken. Of a large file its first megabyte is looked at.
    """
    if content.peek(_FEW).strip(_BLANKS + _NUL + b"\xef\xbb\xbf\xff\xfe"):
        return None
    head = content.peek(_LOOKED_AT)
    mark = next((mark for mark, _ in MARKS if head.startswith(mark)), b"")
    wide = _NUL if len(mark) in (2, 4) else b""
    rest = head[len(mark) :]
    if rest.strip(_BLANKS + _NUL):
        return None
    size = f"{'looked at: the first ' if len(head) == _LOOKED_AT else ''}{len(head):,} bytes"
    if not head:
        return "has no content"
    if not rest:
        return f"holds a byte order mark and nothing else ({size})"
    if not rest.strip(_BLANKS + wide):
        what = "line ends" if not rest.strip(b"\r\n" + wide) else "blanks and line ends"
        return f"holds nothing but {what} ({size})"
    what = "NUL bytes" if not rest.strip(_NUL) else "NUL bytes and blanks"
    return f"holds nothing but {what} ({size}): the export or the upload has failed"


_OF_A_CHARACTER = 4
"""Bytes of the widest character: so many NULs may belong to the last one."""


def zeros_at_end(data: bytes) -> int:
    """How many NUL bytes stand behind the last of a text: what fills up a copy that was cut short, or a file whose place
    was reserved. None where they may be part of its last character."""
    zeros = len(data) - len(data.rstrip(_NUL))
    return zeros if zeros > _OF_A_CHARACTER else 0
