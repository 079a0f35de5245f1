"""How much of a text is written in one language's own letters: text that was decoded wrongly is not.

The letters beside ASCII's are those of the Unicode CLDR (main exemplar characters of each language); of Chinese, Japanese and
Korean they are the characters in daily use, as the national standards set them apart: KS X 1001's 2,350 syllables, and the
first levels of JIS X 0208, GB 2312 and Big5.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

_BY_LANGUAGE: Mapping[str, str] = {
    "ca": "àçéèíïóòúü·", "cs": "áčďéěíňóřšťúůýž", "da": "æøåé", "de": "äöüß", "es": "áéíñóúü", "et": "šžõäöü",
    "fi": "äöåšž", "fr": "àâæçéèêëîïôœùûüÿ", "hr": "čćđšž", "hu": "áéíóöőúüű", "is": "áðéíóúýþæö", "it": "àèéìòóù",
    "lt": "ąčęėįšųūž", "lv": "āčēģīķļņšūž", "nl": "áéëíïóöúüèê", "no": "æøåéèòôà", "pl": "ąćęłńóśźż",
    "pt": "àáâãçéêíóôõúü", "ro": "ăâîșşțţ", "sk": "áäčďéíĺľňóôŕšťúýž", "sq": "çë", "sv": "åäöéà", "tr": "âçğıîöşüû\u0307",
    "vi": "âăđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ\u0300\u0301\u0303\u0309\u0323",
    "be": "абвгдеёжзійклмнопрстуўфхцчшыьэюя", "bg": "абвгдежзийклмнопрстуфхцчшщъьюя",
    "kk": "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя", "mk": "абвгдѓежзѕијклљмнњопрстќуфхцчџш",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "sr": "абвгдђежзијклљмнњопрстћуфхцчџш",
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", "el": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
    "he": "אבגדהוזחטיךכלםמןנסעףפץצקרשת", "ar": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652",
    "fa": "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیءأؤئة", "th": "".join(map(chr, (*range(0xE01, 0xE3B), *range(0xE40, 0xE4F)))),
}  # fmt: skip
_DAILY = {
    "ko": ("euc_kr", 0xB0, 0xC8),
    "ja": ("shift_jis", 0x88, 0x98),
    "zh-Hans": ("gb2312", 0xB0, 0xD7),
    "zh-Hant": ("big5", 0xA4, 0xC6),
}
"""Language → the first bytes, in this encoding, of the characters in daily use."""
_BESIDE_LETTERS = frozenset("\u00a0–—‑‘’‚“”„«»‹›…•·®©™°²³½¼¾×€£¥₩₽₴§±µ¡¿ªº№†☆★♥")
"""Signs that texts of any language have; one between two letters is a letter that was decoded wrongly."""
_IN_COUNTRY: Mapping[str, str] = {
    "ae": "ar", "at": "de", "be": "fr nl", "bg": "bg", "br": "pt", "by": "be ru", "ch": "de fr it", "cn": "zh-Hans", "cz": "cs",
    "de": "de", "dk": "da", "ee": "et", "eg": "ar", "es": "es ca", "fi": "fi sv", "fr": "fr", "gr": "el", "hk": "zh-Hant",
    "hr": "hr", "hu": "hu", "il": "he", "ir": "fa", "is": "is", "it": "it", "jp": "ja", "kr": "ko", "kz": "kk ru", "lt": "lt",
    "lv": "lv", "mk": "mk", "mx": "es", "nl": "nl", "no": "no", "pl": "pl", "pt": "pt", "ro": "ro", "rs": "sr", "ru": "ru",
    "sa": "ar", "se": "sv", "si": "hr", "sk": "sk", "th": "th", "tr": "tr", "tw": "zh-Hant", "ua": "uk ru", "vn": "vi",
}  # fmt: skip
"""Top-level domain → the languages of its country."""
_HOST = re.compile(rb"//[^\s/\"'<>,;|]+\.([a-z]{2})(?![a-z0-9.-])")
_POWERS, _ALONE, _OPENING = frozenset("²³"), frozenset("¼½¾€£¥₩₽₴±§"), frozenset("¡¿")
_NEARLY_ALL = 0.7
"""Share of a language's letters that an encoding must have: Romanian was written with ş and ţ in CP1250, French without œ."""
_WITHIN_WORDS = frozenset("‘’·‑–-\u00a0×")
_RANGES = ((0x3000, 0x303F), (0xFF01, 0xFF60), (0xFFE0, 0xFFE6))
"""Marks and letters as wide as an ideograph."""


def written_in(words: Iterable[str], codec: str) -> tuple[frozenset[str], float]:
    """The languages whose letters the words have most of beside ASCII's, and the share of them that these have; of the
    languages that can be written in the encoding."""
    fitting: Counter[str] = Counter()
    total = beside = 0
    for word in words:
        for place, char in enumerate(word):
            if char < "\x80":
                continue
            total += 1
            if _is_sign(char):
                beside += _sign_fits(word, place)
            elif not (_has_letters_of_its_own(char) and _beside_ascii(word, place)):
                fitting.update(_languages_of(char))
    if not total:
        return frozenset(), 0.0
    possible = {name: count for name, count in fitting.items() if _can_be_written(name, codec)}
    most = max(possible.values(), default=0)
    languages = frozenset(name for name, count in possible.items() if count == most)
    return languages, (most + beside) / total


@cache
def _can_be_written(language: str, codec: str) -> bool:
    """Whether the encoding has nearly all of the language's letters, some of them with their tone behind."""
    letters = _BY_LANGUAGE.get(language, "")
    has = sum(_has(codec, letter) or _has(codec, _with_tone_behind(letter)) for letter in letters)
    return has >= _NEARLY_ALL * len(letters)


def _has(codec: str, text: str) -> bool:
    return bool(text.encode(codec, "ignore").decode(codec) == text)


def _with_tone_behind(letter: str) -> str:
    apart = unicodedata.normalize("NFD", letter)
    return unicodedata.normalize("NFC", apart[:-1]) + apart[-1]


def _has_letters_of_its_own(char: str) -> bool:
    """Whether it is of a script whose words have no letters of another (Greek, Cyrillic, Hebrew, Arabic)."""
    return "\u0370" <= char <= "\u06ff"


def _beside_ascii(word: str, place: int) -> bool:
    around = word[max(place - 1, 0) : place] + word[place + 1 : place + 2]
    return any(one.isascii() and one.isalpha() for one in around)


def languages_at(head: bytes) -> frozenset[str]:
    """The languages of the country in which most addresses of the text are; none where they are elsewhere."""
    found = Counter(_HOST.findall(head)).most_common(1)
    return frozenset(_IN_COUNTRY.get(found[0][0].decode(), "").split()) if found else frozenset()


def _is_sign(char: str) -> bool:
    return char in _BESIDE_LETTERS or any(low <= ord(char) <= high for low, high in _RANGES)


def _sign_fits(word: str, place: int) -> bool:
    """Whether a sign stands where it may: what stands among letters otherwise is one that was decoded wrongly."""
    char, before, after = word[place], word[:place][-1:], word[place + 1 :][:1]
    if char in _POWERS:
        return before.isdigit() or before in ("m", "M")
    if char in _ALONE:
        return not before.isalpha() and not after.isalpha()
    if char in _OPENING:
        return not before.isalpha()
    return char in _WITHIN_WORDS or not (before.isalpha() and after.isalpha())


_KNOWN: dict[str, frozenset[str]] = {}


def _languages_of(char: str) -> frozenset[str]:
    if char not in _KNOWN:
        letters = char.lower()
        own = {
            name for name, has in _BY_LANGUAGE.items() if all(one in has + "i" for one in letters)
        }
        _KNOWN[char] = frozenset((*own, *_daily(char)))
    return _KNOWN[char]


def _daily(char: str) -> Iterable[str]:
    if "\u3041" <= char <= "\u30fe" and unicodedata.category(char) != "Cn":
        return ("ja",)
    return [
        name
        for name, (codec, low, high) in _DAILY.items()
        if low <= _first_byte(char, codec) <= high
    ]


def _first_byte(char: str, codec: str) -> int:
    """0 where the encoding does not have the character in two bytes."""
    try:
        encoded = char.encode(codec)
    except UnicodeEncodeError:
        return 0
    return encoded[0] if len(encoded) == 2 else 0
