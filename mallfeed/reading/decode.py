"""Bytes to text: strict, with the offset of the first byte that does not decode."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from mallfeed.errors import FeedHeld
from mallfeed.reading.bytestream import ByteStream
from mallfeed.reading.encodings import codec_of
from mallfeed.reading.signatures import is_binary

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16's, which begins it
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks, and the encoding that each stands for."""
_TRIED = ("utf-8", "cp949", "utf-16-le", "latin-1")
_PEEKED = 64 * 1024
PIECE = 1 << 20
"""Bytes that are decoded at once."""
_UTF8_SEQUENCES = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{1,3}")
_HANGUL_IN_UTF8 = re.compile(rb"[\xea-\xed][\x80-\xbf]{2}")
_ENDS = (b"\n", b"<", b">", b'"', b",", b"\t")
"""Where a value may begin or end in a text of any format; none of them is a byte of a character in CP949."""
_MOST_SHOWN = 40
"""Bytes of a value that a message shows."""
_CUT = ("unexpected end of data", "incomplete multibyte sequence", "truncated data")
"""What Python's decoders say at the end of the data only."""
BEYOND_ASCII = 0.15
"""Most of the bytes of a text in Latin-1: German and French have 2 to 5 %, Hangul in CP949 half."""
SURELY_UTF8 = 6
"""So many UTF-8 sequences in text that is valid UTF-8 are no chance in any other encoding."""


_SURE = 40
_CLEARLY = 2
_FEWEST_ZEROS = 20
"""Among so many characters in UTF-16 one at least is of ASCII."""
_NO_TEXT = " The bytes around it are no text in any encoding: it may be packed, encrypted, or a file of another kind."


class Declared(str):
    """A label that the file declares of itself, and no catalog."""

    __slots__ = ()


def decoded(content: ByteStream, label: str, name: str) -> tuple[str, Iterator[str]]:
    """The encoding found, and the text in chunks without a byte order mark (which wins).

    Raises FeedHeld `undecodable`, or `truncated` where the last character is not whole, naming the
    offset in the unpacked bytes.
    """
    encoding, offset = begun(content, label, name)
    return encoding, text_of(content, encoding, label, offset, name)


def begun(content: ByteStream, label: str, name: str) -> tuple[str, int]:
    """The encoding, and the length of the byte order mark that was taken."""
    head = content.peek(_PEEKED)
    for mark, marked in MARKS:
        if head.startswith(mark):
            _refuse_false_mark(head[len(mark) :], marked, name)
            content.read(len(mark))
            return marked, len(mark)
    return _of_label(label, head, name), 0


def _refuse_false_mark(text: bytes, marked: str, name: str) -> None:
    """A mark of UTF-16 before what is none: line ends, digits and blanks of it have a NUL each, on one side."""
    if not marked.startswith("utf-16") or len(text) < _SURE:
        return
    sides = text[::2].count(0), text[1::2].count(0)
    if not sum(sides):
        fits = next((one for one in ("utf-8", "cp949") if _decodes(text, one)), "")
    else:
        other = "utf-16-le" if marked == "utf-16-be" else "utf-16-be"
        fits = (
            other if _CLEARLY * sides[marked == "utf-16-le"] < sides[marked == "utf-16-be"] else ""
        )
    if fits:
        raise FeedHeld(
            "undecodable",
            f"{name}: its byte order mark says {marked}, its bytes are {fits}. Save it again in one encoding, best in "
            "UTF-8.",
            {"offset": 0, "fits": fits},
        )


def _of_label(label: str, head: bytes, name: str) -> str:
    encoding = codec_of(label)
    try:
        known = codecs.lookup(encoding)
    except LookupError as error:
        raise FeedHeld(
            "undecodable",
            f"{name}: {_who(label)} an encoding {str(label)!r} that nobody knows. {_todo('utf-8', label)}",
        ) from error
    if known.name == "utf-16":
        if head and b"\0" not in head:
            raise _mismatch(name, label, "utf-8")
        return utf16_without_mark(head)
    if known.name != "utf-8" and not known.name.startswith("utf") and _is_utf8(head):
        raise _mismatch(name, label, "utf-8")
    return encoding


def utf16_without_mark(head: bytes) -> str:
    """Which UTF-16 a text without a mark is: the zeros of ASCII's characters stand before them, or behind."""
    return "utf-16-be" if head[::2].count(0) > head[1::2].count(0) else "utf-16-le"


def _is_utf8(head: bytes) -> bool:
    """Whether it can only be UTF-8, though it may well decode as something else into nonsense."""
    return len(_UTF8_SEQUENCES.findall(head)) >= SURELY_UTF8 and _decodes(head, "utf-8")


def _who(label: str) -> str:
    return "the file declares" if isinstance(label, Declared) else "the catalog names"


def _todo(send: str, label: str) -> str:
    if isinstance(label, Declared):
        return f"Send it in {send}, or have the file declare the encoding that it is in."
    return f"Send it in {send}, or change `encoding` in a new catalog version and release the feed with it."


def _mismatch(name: str, label: str, fits: str) -> FeedHeld:
    return FeedHeld(
        "undecodable",
        f"{name}: byte 0: this is not {label}, its bytes are {fits}. {_todo(label, label)}",
        {"offset": 0, "fits": fits},
    )


def text_of(
    content: ByteStream, encoding: str, label: str, offset: int, name: str
) -> Iterator[str]:
    """The text from here on, which is that offset in the unpacked bytes."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    final = False
    while not final:
        chunk = content.read(PIECE)
        final = not chunk
        pending = len(decoder.getstate()[0])
        try:
            piece = decoder.decode(chunk, final=final)
        except UnicodeDecodeError as error:
            raise undecodable(error, offset - pending, label, encoding, name) from None
        offset += len(chunk)
        if piece:
            yield piece


def undecodable(
    error: UnicodeDecodeError, base: int, label: str, encoding: str, name: str
) -> FeedHeld:
    """The error as one of the feed; `base` is the offset of what was decoded."""
    at = base + error.start
    if is_cut(error):
        return FeedHeld(
            "truncated",
            f"{name} ends in the middle of a character, at byte {at:,}. Upload it again, whole.",
            {"offset": at},
        )
    shown = error.object[error.start : error.start + 8].hex(" ")
    if encoding == "utf-8" and (text := _in_cp949(error)):
        return FeedHeld(
            "undecodable",
            f"{name}: byte {at:,} ({shown}) is not {label}: there stands `{text}` in CP949, while the text around it is "
            "UTF-8. Have the mall write all of it in UTF-8, or let single records be read as CP949 "
            "(`fallback_encoding: cp949`) in a new catalog version and release the feed with it.",
            {"offset": at, "bytes": shown, "fits": "cp949", "mixed": True},
        )
    around = error.object[_character_start(error) : error.start + 200]
    fits = [other for other in _TRIED if other != encoding and _fits(around, other)]
    hint = f" The bytes around it would fit {fits[0]}." if fits else ""
    if not fits and is_binary(around):
        hint = _NO_TEXT
    return FeedHeld(
        "undecodable",
        f"{name}: byte {at:,} ({shown}) is not {label}.{hint} {_todo(label, label)}",
        {"offset": at, "bytes": shown, **({"fits": fits[0]} if fits else {})},
    )


def _in_cp949(error: UnicodeDecodeError) -> str:
    """Of a text that is UTF-8 with Hangul elsewhere, what stands at the error in CP949; empty where it is none."""
    data = error.object
    start = max(data.rfind(mark, 0, error.start) for mark in _ENDS) + 1
    ends = [place for mark in _ENDS if (place := data.find(mark, error.end)) >= 0]
    end = min(ends, default=len(data))
    if not _HANGUL_IN_UTF8.search(data[:start]) and not _HANGUL_IN_UTF8.search(data[end:]):
        return ""
    try:
        text = data[start:end][:_MOST_SHOWN].decode("cp949", "ignore")
        data[start:end].decode("cp949")
    except UnicodeDecodeError:
        return ""
    beyond = [char for char in text if char > "\x7f"]
    return text.strip() if 2 * sum("가" <= char <= "힣" for char in beyond) > len(beyond) else ""


def is_cut(error: UnicodeDecodeError) -> bool:
    """Whether the text ends in the middle of a character."""
    return error.reason in _CUT


def _character_start(error: UnicodeDecodeError) -> int:
    """A place shortly before the error where a character begins in any encoding: behind ASCII."""
    start = max(0, error.start - 200)
    for place in range(start, error.start):
        if error.object[place] < 0x30:
            return place
    return error.start


def _fits(data: bytes, encoding: str) -> bool:
    """Whether it may be that: nearly all bytes decode as UTF-16 and all as Latin-1."""
    if encoding == "utf-16-le" and not _has_zeros_behind(data):
        return False
    if encoding == "latin-1" and sum(byte >= 0x80 for byte in data) > len(data) * BEYOND_ASCII:
        return False
    return _decodes(data, encoding)


def _has_zeros_behind(data: bytes) -> bool:
    """Whether line ends, digits and spaces of UTF-16 may stand there: zeros behind, and hardly any before a character.
    `data` may begin in the middle of one."""
    sides = sorted((data[::2].count(0), data[1::2].count(0)))
    return sides[1] * _FEWEST_ZEROS >= len(data) // 2 and sides[1] >= _CLEARLY * sides[0]


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        return error.end >= len(data) - 3  # cut in the middle of a character
    return True
