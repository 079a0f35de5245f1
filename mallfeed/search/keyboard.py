"""Text typed while the keyboard was set to the other layout, and Hangul as its key strokes.

두벌식 (KS X 5002) and QWERTY: `shxmqnr` is 노트북, `ㅜㅑㅏㄷ` is nike. Whether a text is such a slip is
decided by its form alone: Latin letters must compose into whole syllables, Hangul must contain a letter
that stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mallfeed.sinks.opensearch import hangul

_CONSONANTS = frozenset(hangul.INITIALS + hangul.FINALS.replace(" ", ""))
_VOWELS = frozenset(hangul.VOWELS)
_JOINED_VOWELS = {strokes: vowel for vowel, strokes in hangul.STROKES.items() if vowel in _VOWELS}
_JOINED_FINALS = {
    strokes: final for final, strokes in hangul.STROKES.items() if final not in _VOWELS
}
_KEY_TO_JAMO = {rule[0]: rule[-1] for rule in hangul.latin_key_rules()}
_JAMO_TO_KEY = {rule[0]: rule[-1] for rule in hangul.jamo_key_rules()}
_SYLLABLE_TO_STROKES = dict(rule.split("=>") for rule in hangul.jamo_rules())
_LATIN_WORD = re.compile(r"[A-Za-z]{3,}")
_STRAY = re.compile(r"[ㄱ-ㅣ]")
_LEAST_SYLLABLES = 2
_LEAST_SHORTENED = 2


def strokes(text: str) -> str:
    """The text with each syllable replaced by its key strokes: `놑북` → `ㄴㅗㅌㅂㅜㄱ`."""
    return "".join(_SYLLABLE_TO_STROKES.get(letter, letter) for letter in text)


def initials(text: str) -> str:
    """The text with each syllable replaced by its 초성."""
    return "".join(hangul.initial(letter) or letter for letter in text)


def is_initials(text: str) -> bool:
    """Nothing but consonants (and spaces): a query by 초성."""
    letters = text.replace(" ", "")
    return bool(letters) and all(letter in _CONSONANTS for letter in letters)


def has_stray_jamo(text: str) -> bool:
    """A letter stands alone: somebody is still typing, searches by 초성, or has slipped."""
    return bool(_STRAY.search(text))


def compose(jamo: str) -> str:
    """Key strokes joined to syllables as an input method does; what does not fit stands alone."""
    made, rest = [], list(jamo)
    while rest:
        taken, letter = _syllable(rest)
        made.append(letter)
        del rest[:taken]
    return "".join(made)


def in_other_layout(text: str, unfinished: bool = False) -> str | None:
    """The intended text, if it looks typed in the wrong layout; else None.

    `unfinished`: somebody is still typing, so one syllable is enough, the last without its vowel.
    """
    if has_stray_jamo(text):
        return "".join(_JAMO_TO_KEY.get(stroke, stroke) for stroke in strokes(text))
    words = [_as_korean(word, unfinished) for word in text.split()]
    if any(word is not None for word in words):
        return " ".join(new or old for new, old in zip(words, text.split(), strict=True))
    return None


def _as_korean(word: str, unfinished: bool) -> str | None:
    if not _LATIN_WORD.fullmatch(word):
        return None
    made = compose("".join(_KEY_TO_JAMO[key] for key in word))
    syllables = made[:-1] if unfinished and made[-1] in hangul.INITIALS else made
    whole = not has_stray_jamo(syllables) and len(made) >= (1 if unfinished else _LEAST_SYLLABLES)
    return made if whole else None


def _syllable(letters: list[str]) -> tuple[int, str]:
    """How many strokes the first letter takes, and that letter."""
    if letters[0] not in hangul.INITIALS or len(letters) < 2 or letters[1] not in _VOWELS:
        return 1, letters[0]
    taken, vowel = 2, letters[1]
    if joined := _JOINED_VOWELS.get("".join(letters[1:3])) if len(letters) > 2 else None:
        taken, vowel = 3, joined
    final, used = _final(letters[taken:])
    return taken + used, hangul.syllable(letters[0], vowel, final)


def _final(letters: list[str]) -> tuple[str, int]:
    """The consonants that close a syllable: not those that open the next one."""
    two = "".join(letters[:2])
    if len(two) == 2 and two in _JOINED_FINALS and not _is_vowel(letters[2:3]):
        return _JOINED_FINALS[two], 2
    if letters and letters[0] in hangul.FINALS.strip() and not _is_vowel(letters[1:2]):
        return letters[0], 1
    return "", 0


def _is_vowel(letters: list[str]) -> bool:
    return bool(letters) and letters[0] in _VOWELS


def shortened(text: str) -> Iterator[str]:
    """What was typed before its last syllable went wrong, nearest first.

    The last syllable stroke by stroke back to its 초성, then without it: it may be unfinished in
    another way than typed (`냉잔` on the way to 냉장고), or its end mistyped.
    """
    last = text[-1:]
    if not last or hangul.initial(last) is None:
        return
    pressed = strokes(last)
    for length in range(len(pressed) - 1, 0, -1):
        yield text[:-1] + compose(pressed[:length])
    if len(text) > _LEAST_SHORTENED:
        yield text[:-1]
