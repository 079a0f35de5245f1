"""What is meant in XML without doubt though it is not written so: HTML's entities, a bare `&` or `<`, control characters.

Nothing here knows a document type: what is put in stands in HTML's own table, and is one or two characters long.
"""

from __future__ import annotations

import re
from collections import Counter
from html.entities import html5

_XMLS_OWN = frozenset((b"amp", b"lt", b"gt", b"quot", b"apos"))
_NOT_A_CHARACTER = rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]|\xed[\xa0-\xbf][\x80-\xbf]"
_CONTROL = "control character"
_CDATA, _CDATA_END = b"<![CDATA[", b"]]>"
_FOUND = re.compile(
    rb"&(?:\#(?:(?P<decimal>\d{1,7})|[xX](?P<hex>[0-9a-fA-F]{1,6}))|(?P<name>[A-Za-z][A-Za-z0-9]{1,31}));"
    rb"|(?P<bare>&)|(?P<open><)(?![A-Za-z_:/!?\x80-\xff])|(?P<control>" + _NOT_A_CHARACTER + rb")"
)
_CONTROLS = re.compile(_NOT_A_CHARACTER)


def mended(text: bytes) -> tuple[bytes, str]:
    """The text (UTF-8) as it is meant, and what was mended in it: `2 of &nbsp;, 1 of &`; empty = nothing.

    What stands in a CDATA section is text already: only control characters come off there.
    """
    found: Counter[str] = Counter()

    def meant(match: re.Match[bytes]) -> bytes:
        kind = match.lastgroup
        if kind == "name":
            return _named(match, found)
        if kind in ("decimal", "hex"):
            return _numbered(match, found)
        return _bare(match, found)

    parts, place = [], 0
    while (begin := text.find(_CDATA, place)) >= 0 and (end := text.find(_CDATA_END, begin)) >= 0:
        end += len(_CDATA_END)
        section, count = _CONTROLS.subn(b"", text[begin:end])
        found[_CONTROL] += count
        parts += [_FOUND.sub(meant, text[place:begin]), section]
        place = end
    parts.append(_FOUND.sub(meant, text[place:]))
    return b"".join(parts), ", ".join(
        f"{count:,} of {what}" for what, count in found.items() if count
    )


def _named(match: re.Match[bytes], found: Counter[str]) -> bytes:
    if match["name"] in _XMLS_OWN:
        return match[0]
    characters = html5.get(match["name"].decode() + ";")
    if characters is None:
        found["&"] += 1
        return b"&amp;" + match[0][1:]
    found[match[0].decode()] += 1
    return "".join(f"&#{ord(one)};" for one in characters).encode()


def _numbered(match: re.Match[bytes], found: Counter[str]) -> bytes:
    number = int(match["decimal"]) if match["decimal"] else int(match["hex"], 16)
    if number in (9, 10, 13) or 0x20 <= number <= 0xD7FF or 0xE000 <= number <= 0xFFFD:
        return match[0]
    if 0x10000 <= number <= 0x10FFFF:
        return match[0]
    found[_CONTROL] += 1
    return b""


def _bare(match: re.Match[bytes], found: Counter[str]) -> bytes:
    if match.lastgroup == "bare":
        found["&"] += 1
        return b"&amp;"
    if match.lastgroup == "open":
        found["<"] += 1
        return b"&lt;"
    found[_CONTROL] += 1
    return b""
