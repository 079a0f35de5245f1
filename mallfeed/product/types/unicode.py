"""NFC in Spark SQL: Hangul and letters that arrive taken apart (NFD, as macOS writes them).

Spark has no normalize(). Conjoining jamo are composed by the arithmetic of the Unicode Standard,
section 3.12; letters with marks through a table of all canonical compositions.
"""

from __future__ import annotations

import sys
import unicodedata
from functools import cache

from mallfeed.product.sql import UNUSUAL, case, each, let, looked_up, matches, tokens

_LEADING, _VOWEL, _TRAILING = r"\u1100-\u1112", r"\u1161-\u1175", r"\u11a8-\u11c2"
_MARK = r"\u0300-\u036f\u3099\u309a\u0653-\u0655\u093c\u1dc0-\u1dff"
TAKEN_APART = r"\u1100-\u11ff" + _MARK
"""Characters whose presence makes composing worth a look."""

_PIECES = (
    f"[{_LEADING}][{_VOWEL}][{_TRAILING}]?|[\\uac00-\\ud7a3][{_TRAILING}]"
    f"|[^{_MARK}][{_MARK}]++|[^{_LEADING}{_TRAILING}{_MARK}]++(?![{_TRAILING}{_MARK}])|(?s:.)"
)


@cache
def _compositions() -> dict[str, str]:
    """Canonical decomposition → letter, for all letters with marks but Hangul."""
    found = {}
    for code in range(0xA0, sys.maxunicode + 1):
        char = chr(code)
        apart = unicodedata.normalize("NFD", char)
        if (
            len(apart) > 1
            and not 0xAC00 <= code <= 0xD7A3
            and unicodedata.is_normalized("NFC", char)
        ):
            found[apart] = char
    return found


def character(code: str) -> str:
    """The character of a code point (an integer expression), null where there is none."""
    valid = f"({code} between 1 and 55295 or {code} between 57344 and 1114111)"
    return case((valid, f"decode(unhex(lpad(hex({code}), 8, '0')), 'UTF-32')"))


def composed(value: str) -> str:
    """The text in NFC."""
    joined = f"array_join({each(tokens('{}', _PIECES), _piece)}, '')"
    return let(
        value,
        lambda v: case(
            (matches(v, f"{UNUSUAL}(?! )[{TAKEN_APART}]"), joined.replace("{}", v)), otherwise=v
        ),
    )


def _piece(piece: str) -> str:
    apart = f"char_length({piece})"
    first, second, third = (f"ascii(substring({piece}, {n}, 1))" for n in (1, 2, 3))
    syllable = f"44032 + (({first} - 4352) * 21 + ({second} - 4449)) * 28"
    whole = case((f"{apart} = 3", f"{syllable} + ({third} - 4519)"), otherwise=syllable)
    return case(
        (f"{apart} = 1", piece),
        (matches(piece, f"^[{_LEADING}][{_VOWEL}]"), character(whole)),
        (matches(piece, f"^[\\uac00-\\ud7a3][{_TRAILING}]$"), _closed(piece, first, second)),
        (matches(piece, f"^[^{_MARK}][{_MARK}]"), _lettered(piece)),
        otherwise=piece,
    )


def _closed(piece: str, syllable: str, trailing: str) -> str:
    """An open syllable takes its final consonant; a closed one cannot."""
    return case(
        (f"({syllable} - 44032) % 28 = 0", character(f"({syllable} + {trailing} - 4519)")),
        otherwise=piece,
    )


def _lettered(piece: str) -> str:
    """The whole cluster composed, or its first mark only, or left as it is."""
    found = each(f"array({piece}, left({piece}, 2))", lambda key: looked_up(_compositions(), key))
    rest = f"substring({piece}, 3)"
    return let(found, lambda f: f"coalesce(get({f}, 0), concat(get({f}, 1), {rest}), {piece})")
