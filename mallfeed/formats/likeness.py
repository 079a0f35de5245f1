"""What a text that cannot be read looks like, where that is another format than was agreed.

Only a guess for a message: nothing is refused because of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mallfeed.formats.format import Format
from mallfeed.formats.registry import FORMATS
from mallfeed.reading.signatures import text_of

_PAGE = (
    r"(?i)<(p|b|br|div|span|center|font|h\d|pre|script|style|meta|title|head|body|html)\b[^<>]*>"
)
_SHOWN = 40
_LOOKED_AT = 2_000


def looks_like(head: bytes, agreed: Format) -> str:
    """A sentence on what a text begins like; empty where that is the format, or nothing is known."""
    if not (agreed.has_encoding or agreed.begins):
        return ""
    text = text_of(head)[:_LOOKED_AT].lstrip()
    found = next((one for one in _likenesses() if re.match(one[2], text)), None)
    if found is None or not _is_another(found[0], agreed):
        return ""
    begins = " ".join(text[:_SHOWN].split())
    return (
        f"It begins like {found[1]} ({begins!r}), where the catalog says `format: {agreed.name}`."
    )


def _likenesses() -> Iterator[tuple[Format | None, str, str]]:
    """Format, what it is called, how it begins: those whose text has a mark, a web page, then those known by shape."""
    known = [row for row in FORMATS.values() if row.begins]
    yield from ((row, row.called, row.begins) for row in known if not _by_shape(row))
    yield None, "a web page or an error message", _PAGE
    yield from ((row, row.called, row.begins) for row in known if _by_shape(row))


def _by_shape(row: Format) -> bool:
    return row.look is None or row.look.by_shape


def _is_another(found: Format | None, agreed: Format) -> bool:
    """Of two formats without a mark, a text may be either."""
    if found is None:
        return True
    return found.name != agreed.name and not (_by_shape(found) and _by_shape(agreed))
