"""Which currency a text names: as the job reads it, by its code, its sign or a usual word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from mallfeed.kinds.sql.currencies import CURRENCIES, words_of
from mallfeed.kinds.sql.vocabulary import key_of

SHARED = frozenset("$＄¥￥\\")
"""Signs of several currencies: which one is meant follows from the catalog's."""
_MEANT = {key_of(word): code for word, code in words_of("KRW").items()}
_IN_BRACKETS = re.compile(r"[(\[（【]\s*([^()\[\]（）【】]{1,8}?)\s*[)\]）】]")
_LETTERS = re.compile(r"[A-Za-z]+|[^\W\d_a-zA-Z]+|[^\w\s]")
_ALSO_WORDS = frozenset(
    (
        "all",
        "top",
        "cup",
        "pen",
        "try",
        "mop",
        "sos",
        "lak",
        "cad",
        "bam",
        "bob",
        "mad",
        "gel",
        "ron",
    )
)
"""Codes that are words too: they mean a currency only in brackets."""


def code_of(text: str) -> str | None:
    """The ISO 4217 code that a cell of a currency column means to the job; None = it knows no such word."""
    return _MEANT.get(key_of(text))


def meant_by_sign(sign: str, currency: str) -> str:
    """The code that a sign of several currencies means in a catalog of that currency: `$` is USD in one of won."""
    return words_of(currency)[sign]


def sign_of(word: str) -> str | None:
    """The code that a word or sign beside an amount means; None where it is none, or one of several currencies.

    A code in capitals or small letters; `Cup 1` and `Pen 2` are no amounts.
    """
    if word in SHARED or (word.upper() in CURRENCIES and word not in (word.upper(), word.lower())):
        return None
    return code_of(word)


def currency_in_name(column: str) -> str | None:
    """The currency that a column's name says its amounts are in: `Price (USD)`, `price_eur`, `판매가[원]`."""
    for word in _IN_BRACKETS.findall(column):
        if word not in SHARED and (code := code_of(word)):
            return code
    words: list[str] = _LETTERS.findall(column)
    for word in words:
        is_code = word.upper() in CURRENCIES and word.lower() not in _ALSO_WORDS
        if is_code and word in (word.upper(), word.lower()):
            return word.upper()
    return None


def counted(words: Iterable[tuple[str, int]]) -> Counter[str]:
    """Code → how many cells of a currency column mean it; what the job does not know is left out."""
    found: Counter[str] = Counter()
    for word, count in words:
        if code := code_of(word):
            found[code] += count
    return found
