"""Hangul for autocomplete: rules that write each syllable as the keys pressed, or as its 초성.

Made for OpenSearch's `mapping` char_filter, one rule a syllable (all 11,172 of Unicode 3.12): no
plugin and no work in the job. Compound vowels and finals are taken apart into single key strokes, so
that a half-typed syllable (`놑` on the way to `노트북`) is a prefix of the finished word.
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
    """The 초성 of a syllable; None for any other character."""
    place = ord(letter) - _FIRST_SYLLABLE
    a_vowel = len(VOWELS) * len(FINALS)
    return INITIALS[place // a_vowel] if 0 <= place < len(INITIALS) * a_vowel else None


def syllable(initial_letter: str, vowel: str, final: str = "") -> str:
    """The syllable of an initial, a vowel and a final (`ㅎ`, `ㅏ`, `ㄴ` → 한)."""
    place = INITIALS.index(initial_letter) * len(VOWELS) + VOWELS.index(vowel)
    return chr(_FIRST_SYLLABLE + place * len(FINALS) + FINALS.index(final or " "))


def _as_strokes(jamo: str) -> str:
    return "".join(STROKES.get(letter, letter) for letter in jamo)


def jamo_rules() -> list[str]:
    """`북=>ㅂㅜㄱ`, `과=>ㄱㅗㅏ`, and compound letters that stand alone (`ㅘ=>ㅗㅏ`)."""
    whole = [f"{s}=>{initial}{_as_strokes(rest)}" for s, initial, rest in _syllables()]
    return whole + [f"{letter}=>{strokes}" for letter, strokes in STROKES.items()]


def chosung_rules() -> list[str]:
    """`북=>ㅂ`: initials only."""
    return [f"{s}=>{initial}" for s, initial, _ in _syllables()]


def latin_key_rules() -> list[str]:
    """`q=>ㅂ`: Korean typed while the keyboard stood on Latin (`shxmqnr` = 노트북)."""
    shifted = {k.upper(): v for k, v in _KEYS.items() if k.islower()}
    return [f"{key}=>{jamo}" for key, jamo in {**shifted, **_KEYS}.items()]


def jamo_key_rules() -> list[str]:
    """`ㅂ=>q`: Latin typed while the keyboard stood on Korean (after `jamo_rules`)."""
    return [f"{jamo}=>{key.lower()}" for key, jamo in _KEYS.items()]
