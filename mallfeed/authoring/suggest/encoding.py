"""Which encoding a text file has, by what decodes and what then looks like text."""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from charset_normalizer import from_bytes

from mallfeed.authoring.suggest.alphabets import languages_at, written_in
from mallfeed.formats.ep_blocks.units import block_units
from mallfeed.formats.json.units import DocumentUnits
from mallfeed.reading.encodings import codec_of
from mallfeed.reading.mixed_text import is_mixed
from mallfeed.reading.odd_records import OddMarks, OddPlaces
from mallfeed.reading.units import LineUnits, Units

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_WEB_LATIN, _ONLY_LATIN_1 = "latin-1", b"\x81\x8d\x8f\x90\x9d"
"""CP1252 with the five bytes that it leaves out: `codec_of`."""
_LEGACY = (
    "cp949", "cp1252", _WEB_LATIN, "cp932", "gb18030", "cp950", "cp1250", "cp1251", "euc-jp", "big5hkscs", "euc-jis-2004", "cp1254",
    "cp1253", "koi8-r", "koi8-u", "cp874", "cp1255", "cp1256", "cp1257", "cp1258", "iso8859-2", "iso8859-15", "iso8859-7",
    "iso8859-5", "iso8859-16", "cp866", "cp852", "cp850", "mac-roman", "johab",
)  # fmt: skip
"""Encodings of one script that files are in, the usual ones first: of those that read a file alike it is the first. Of
relatives it is the one that holds the others (CP932 for Shift_JIS, GB18030 for GBK, CP1254 for ISO 8859-9)."""
_LESS_USUAL = 0.002
"""What each further one must fit better by."""


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
_BETWEEN = re.compile(rb'[\s,"]+')
"""What separates words; none of it is the second byte of a character in any of the encodings."""
_AROUND = re.compile(r"[;|<>=&]+")
_MOST_WORDS = 600
_BROKEN = 0.01
"""Share of the words that may not decode, one of _SEVERAL at least: cells that were cut by their bytes."""
_SEVERAL = 8
_LEAST_SHARE, _LEAST_LEAD, _LEAST_TOLD = 0.95, 0.05, 2.0
"""What a sure encoding has: letters of one language, so much more of a fit than any other one that reads the words
otherwise, and that over some bytes (the lead times the bytes beyond ASCII in distinct words)."""
_FREQUENT = 0.3
"""Weight of how often letters occur beside which ones occur."""
_OF_ITS_COUNTRY = 0.1
"""What a language gains where the addresses in the file are in a country of it."""
_SHOWN = 3


@dataclass(frozen=True)
class TextEncoding:
    """An encoding: the catalog's label, why it is that one, whether it is sure, and some words as it reads them."""

    label: str
    why: str
    is_sure: bool = True
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Fitting:
    label: str
    score: float
    share: float
    words: Mapping[bytes, str]

    def reads_as(self, other: _Fitting) -> bool:
        """Whether both read the words that both decode alike."""
        return all(other.words.get(word, text) == text for word, text in self.words.items())


def encoding_of(head: bytes) -> TextEncoding:
    """The encoding of these bytes."""
    for mark, label in _MARKS:
        if head.startswith(mark):
            return TextEncoding(label, "its byte order mark says so")
    if _without_mark_utf16(head):
        return TextEncoding("utf-16", "it has zero bytes, all on the same side of a character")
    if _decodes(head, "utf-8"):
        ascii_only = all(byte < 128 for byte in head)
        why = "only ASCII characters" if ascii_only else "all of it decodes as UTF-8"
        return TextEncoding("utf-8", why)
    words = _words(head)
    other = [word for word in words if not _is_whole(word, "utf-8")]
    told = len(words) - len(other)
    # To tell records apart takes longer than this.
    if 4 * told >= len(words) and any(is_mixed(head, new) for new in _UNITS):
        return TextEncoding("utf-8", "most of it is; some rows are CP949, and are read as that")
    if 2 * told > len(words):
        return TextEncoding("utf-8", "most of it is; rows with broken characters are refused")
    # Rows of another program in UTF-8 are no words of the language.
    return _legacy(head, other or words)


def _without_mark_utf16(head: bytes) -> bool:
    """ASCII's characters are among those of any feed, and all their zeros stand on the same side."""
    sample = head[:4000]
    fewer, more = sorted((sample[::2].count(0), sample[1::2].count(0)))
    return len(sample) > 3 and more > len(sample) * _ZEROS and fewer * 20 <= more


def _decodes(head: bytes, label: str) -> bool:
    try:
        head.decode(codec_of(label))
    except UnicodeDecodeError as error:
        return bool(error.start) and error.start >= len(head) - _CUT
    return True


def _is_whole(word: bytes, label: str) -> bool:
    return bool(list(_whole([word], label)))


def _legacy(head: bytes, words: Sequence[bytes]) -> TextEncoding:
    """The encoding of one script in which the words are most like a language."""
    at_home = languages_at(head)
    found = [
        one for place, label in enumerate(_LEGACY)
        if (one := _fitting(words, label, at_home, place * _LESS_USUAL)) is not None
    ]  # fmt: skip
    found.sort(key=lambda one: -one.score)
    # A word that was cut in two decodes in few encodings; so does all of a file that is in none of the others.
    best = next((one for one in found if one.share >= _LEAST_SHARE), found[0])
    lead = best.score - max((one.score for one in found if not best.reads_as(one)), default=0.0)
    told = lead * sum(byte > 127 for word in words for byte in word)
    sure = best.share >= _LEAST_SHARE and lead >= _LEAST_LEAD and told >= _LEAST_TOLD
    cut = (
        ""
        if _decodes(head, best.label)
        else "; some characters are broken, and the feed is held for them"
    )
    why = f"not UTF-8; read as this, {best.share:.0%} of its letters are those of one language{cut}"
    return TextEncoding(best.label, why, sure, _shown(best.words.values()))


def _shown(texts: Iterable[str]) -> tuple[str, ...]:
    """Words that a person can judge, without what stands around them in their file."""
    words = (word for text in texts for word in _AROUND.split(text) if not word.isascii())
    return tuple(islice(dict.fromkeys(words), _SHOWN))


def _words(head: bytes) -> list[bytes]:
    """Distinct words with bytes beyond ASCII, evenly chosen; the last one may be cut."""
    words = _beyond_ascii(head[: head.rfind(b"\n") + 1]) or _beyond_ascii(head)
    return words[:: 1 + len(words) // _MOST_WORDS]


def _beyond_ascii(text: bytes) -> list[bytes]:
    return list(dict.fromkeys(word for word in _BETWEEN.split(text) if not word.isascii()))


def _fitting(
    words: Sequence[bytes], label: str, at_home: frozenset[str], unusual: float
) -> _Fitting | None:
    """How well the words are read by the encoding; None where it does not decode them."""
    whole = dict(_whole(words, label))
    broken = len(words) - len(whole)
    if broken > max(_BROKEN * len(words), len(words) >= _SEVERAL):
        return None
    languages, share = written_in(whole.values(), codec_of(label))
    score = share + _OF_ITS_COUNTRY * bool(languages & at_home) - unusual - broken / len(words)
    return _Fitting(label, score + _like_text(b" ".join(whole), label), share, whole)


def _whole(words: Sequence[bytes], label: str) -> Iterator[tuple[bytes, str]]:
    for word in words:
        with contextlib.suppress(UnicodeDecodeError):
            yield word, word.decode(codec_of(label))


def _like_text(data: bytes, label: str) -> float:
    """How much the order and frequency of the characters are those of a text: 0 = as may be, less = not at all."""
    if label == _WEB_LATIN:
        label, data = "cp1252", data.translate(None, _ONLY_LATIN_1)
    found = from_bytes(
        data, steps=16, chunk_size=1024, threshold=1.0, cp_isolation=[label],
        preemptive_behaviour=False, enable_fallback=False,
    ).best()  # fmt: skip
    return -1.0 if found is None else _FREQUENT * found.coherence - found.chaos
