"""Which encoding a text file has, by what decodes and what then looks like text."""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Callable
from functools import partial

from mallfeed.formats.ep_blocks.units import block_units
from mallfeed.formats.json.units import DocumentUnits
from mallfeed.reading.mixed_text import is_mixed
from mallfeed.reading.odd_records import OddMarks, OddPlaces
from mallfeed.reading.units import LineUnits, Units

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_LEGACY = ("cp949", "johab", "shift_jis", "cp1252", "latin-1")
_SCRIPTS = {
    "cp949": ("HANGUL SYLLABLE",),
    "johab": ("HANGUL SYLLABLE",),
    "shift_jis": ("HIRAGANA", "KATAKANA", "CJK UNIFIED"),
    "cp1252": ("LATIN",),
    "latin-1": ("LATIN",),
}
_RARE = {"latin-1": 0.01, "johab": 0.05}
"""What an encoding must be more plausible by than those that files usually have."""


def _document_units(around: int) -> Units:
    return DocumentUnits(around, OddMarks())


_UNITS: tuple[Callable[[], Units], ...] = (
    lambda: LineUnits(OddPlaces()),
    lambda: block_units(OddMarks()),
    *(partial(_document_units, around) for around in range(1, 4)),
)
"""Ways to tell records apart where the format is not known yet."""
_ZEROS = 0.03
"""Share of zero bytes from which a text without a mark is UTF-16: of a Korean feed, one character in fifteen is ASCII."""
_CUT = 4
"""Bytes that may be missing at the end of the sample: a character cut in two."""


def encoding_of(head: bytes) -> tuple[str, str]:
    """The catalog's label for these bytes, and why."""
    for mark, label in _MARKS:
        if head.startswith(mark):
            return label, "its byte order mark says so"
    if _without_mark_utf16(head):
        return "utf-16", "it has zero bytes, all on the same side of a character"
    if _decoded(head, "utf-8") is not None:
        ascii_only = all(byte < 128 for byte in head)
        return "utf-8", "only ASCII characters" if ascii_only else "all of it decodes as UTF-8"
    if any(is_mixed(head, new) for new in _UNITS):
        return "utf-8", "most of it is; some rows are CP949, and are read as that"
    fitting = [
        (_plausible(text, label), label)
        for label in _LEGACY
        if (text := _decoded(head, label)) is not None
    ]
    share, label = max(fitting, key=lambda one: one[0])
    return label, f"not UTF-8; read as this, {share:.0%} of its letters are in common use"


def _without_mark_utf16(head: bytes) -> bool:
    """ASCII's characters are among those of any feed, and all their zeros stand on the same side."""
    sample = head[:4000]
    fewer, more = sorted((sample[::2].count(0), sample[1::2].count(0)))
    return len(sample) > 3 and more > len(sample) * _ZEROS and fewer * 20 <= more


def _decoded(head: bytes, label: str) -> str | None:
    try:
        return head.decode(label)
    except UnicodeDecodeError as error:
        if error.start >= len(head) - _CUT and error.start:
            return head[: error.start].decode(label)
    return None


def _plausible(text: str, label: str) -> float:
    """Share of the non-ASCII letters that belong to the encoding's language."""
    letters = [char for char in text[:200_000] if char > "\x7f"]
    if not letters:
        return 0.0
    fitting = sum(_fits(char, label) for char in letters) / len(letters)
    # Japanese has kana between its ideographs: without any, single bytes of another language were read in pairs.
    is_odd = label == "shift_jis" and not any("\u3041" <= char <= "\u30fe" for char in letters)
    return fitting - _RARE.get(label, 0.0) - is_odd * 0.3


def _fits(char: str, label: str) -> bool:
    if label in ("cp949", "johab") and "가" <= char <= "힣":
        # The 2,350 syllables in daily use: Python writes the others as eight bytes. Those result from reading another
        # encoding as this one.
        return len(char.encode("euc_kr")) == 2
    if not char.isalpha():
        return unicodedata.category(char)[0] in "PS" and char not in "\x80\x81"
    return unicodedata.name(char, "").startswith(_SCRIPTS[label])
