"""Hangul for autocomplete: rules that write each syllable as its key strokes, or as its initial (초성).

They are made for OpenSearch's `mapping` char_filter, with one rule per syllable (all 11,172 of Unicode
3.12), so that neither a plugin nor work in the job is needed. Compound vowels and finals are split into
single key strokes, so that a half-typed syllable (`놑` on the way to `노트북`) is a prefix of the whole word.
"""

from __future__ import annotations

from collections.abc import Iterator

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_FIRST_SYLLABLE = 0xAC00
STROKES = {
    "ㅘ": "ㅗㅏ", "ㅙ": "ㅗㅐ", "ㅚ": "ㅗㅣ", "ㅝ": "ㅜㅓ", "ㅞ": "ㅜㅔ", "ㅟ": "ㅜㅣ", "ㅢ": "ㅡㅣ",
    "ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ", "ㄽ": "ㄹㅅ",
    "ㄾ": "ㄹㅌ", "ㄿ": "ㄹㅍ", "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ",
}  # fmt: skip
# The standard 두벌식 layout (KS X 5002).
_KEYS = dict(
    zip(
        "qwertyuiopasdfghjklzxcvbnmQWERTOP",
        "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡㅃㅉㄸㄲㅆㅒㅖ",
        strict=True,
    )
)


def _syllables() -> Iterator[tuple[str, str, str]]:
    code = _FIRST_SYLLABLE
    for initial in INITIALS:
        for vowel in VOWELS:
            for final in FINALS:
                yield chr(code), initial, (vowel + final).strip()
                code += 1


def initial(letter: str) -> str | None:
    """The initial (초성) of a syllable; None for any other character."""
    place = ord(letter) - _FIRST_SYLLABLE
    per_initial = len(VOWELS) * len(FINALS)
    return INITIALS[place // per_initial] if 0 <= place < len(INITIALS) * per_initial else None


def syllable(initial_letter: str, vowel: str, final: str = "") -> str:
    """The syllable made of an initial, a vowel and a final (`ㅎ`, `ㅏ`, `ㄴ` → 한)."""
    place = INITIALS.index(initial_letter) * len(VOWELS) + VOWELS.index(vowel)
    return chr(_FIRST_SYLLABLE + place * len(FINALS) + FINALS.index(final or " "))


def _as_strokes(jamo: str) -> str:
    return "".join(STROKES.get(letter, letter) for letter in jamo)


def jamo_rules() -> list[str]:
    """Syllables as key strokes (`북=>ㅂㅜㄱ`, `과=>ㄱㅗㅏ`), and compound letters alone (`ㅘ=>ㅗㅏ`)."""
    rules = [f"{s}=>{initial}{_as_strokes(rest)}" for s, initial, rest in _syllables()]
    return rules + [f"{letter}=>{strokes}" for letter, strokes in STROKES.items()]


def chosung_rules() -> list[str]:
    """Syllables as their initials (`북=>ㅂ`)."""
    return [f"{s}=>{initial}" for s, initial, _ in _syllables()]


def latin_key_rules() -> list[str]:
    """Latin letters as Korean (`q=>ㅂ`): for Korean typed on a Latin keyboard layout (`shxmqnr` = 노트북)."""
    shifted = {k.upper(): v for k, v in _KEYS.items() if k.islower()}
    return [f"{key}=>{jamo}" for key, jamo in {**shifted, **_KEYS}.items()]


def jamo_key_rules() -> list[str]:
    """Korean letters as Latin (`ㅂ=>q`): for Latin typed on a Korean keyboard layout; used after `jamo_rules`."""
    return [f"{jamo}=>{key.lower()}" for key, jamo in _KEYS.items()]
