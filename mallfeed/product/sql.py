"""Small pieces of Spark SQL text that the field types are put together from.

Field types are written as functions from SQL text to SQL text: the same text works as a projection
and inside a lambda, on Spark 3.5 and 4.1 alike, and `try_cast` (which the Column API of 3.5 lacks)
is at hand. Nothing here may raise under ANSI mode, whatever the data.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping

_fresh = itertools.count()
# Noncharacters: in no word of ours.
_KEY_END, _PAIR_END = "\ufdd0", "\ufdd1"

# Every character that people type or paste for "space", line breaks and tabs included.
SPACES = r"\t\n\u000b\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# Invisible characters that carry nothing: zero width, direction marks, soft hyphen, BOM, variation
# of controls. U+200D joins emoji and is kept between them only by not being listed: see unicode.
INVISIBLE = (
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\u3164\ufeff\uffa0\ufff9-\uffff"
)
# Control characters other than white space.
CONTROLS = r"\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f"


def singles(*ranges: str) -> str:
    """The body of a class: each character of the ASCII ranges (`a-z`, or one alone) by itself.

    Java looks single Latin characters up in a table, but tries ranges one by one.
    """
    codes = [code for r in ranges for code in range(ord(r[0]), ord(r[-1]) + 1)]
    return "".join(chr(c) if chr(c).isalnum() else f"\\{chr(c)}" for c in codes)


VISIBLE = f"가-힣{singles('!-~')}"
"""The body of a class of what most text is made of: Hangul syllables and visible ASCII."""

UNUSUAL = f"(?![{VISIBLE}])"
"""Before a class of many ranges, so that the usual characters are seen first."""


def text(value: str) -> str:
    """A string literal holding exactly `value`."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def column(name: str) -> str:
    """A reference to the column with exactly this name, dots and all."""
    return "`" + name.replace("`", "``") + "`"


def matches(value: str, pattern: str) -> str:
    """Whether the Java regular expression is found in the value."""
    return f"rlike({value}, {text(pattern)})"


def replaced(value: str, pattern: str, replacement: str) -> str:
    """All that the Java regular expression finds, replaced (`$1` is a group)."""
    return f"regexp_replace({value}, {text(pattern)}, {text(replacement)})"


def tokens(value: str, pattern: str) -> str:
    """Array of all that the pattern finds, in order."""
    return f"regexp_extract_all({value}, {text(pattern)}, 0)"


def case(*branches: tuple[str, str], otherwise: str = "null") -> str:
    """The value of the first branch whose condition is true."""
    arms = " ".join(f"when {condition} then {value}" for condition, value in branches)
    return f"case {arms} else {otherwise} end"


def let(value: str, body: Callable[[str], str]) -> str:
    """`body` over `value`, which is evaluated once. Interpreted: for paths rarely taken."""
    name = f"v{next(_fresh)}"
    return f"get(transform(array({value}), {name} -> {body(name)}), 0)"


def filled(value: str) -> str:
    """The text, null instead of an empty one; `nullif` would compute it twice within a lambda."""
    return let(value, lambda v: case((f"{v} <> ''", v)))


def each(array: str, body: Callable[[str], str]) -> str:
    """`body` of each item of an array."""
    name = f"i{next(_fresh)}"
    return f"transform({array}, {name} -> {body(name)})"


def only(array: str, condition: Callable[[str], str]) -> str:
    """The items of an array for which the condition holds."""
    name = f"i{next(_fresh)}"
    return f"filter({array}, {name} -> {condition(name)})"


def word_map(words: Mapping[str, str]) -> str:
    """A constant map<string,string>, from one literal (quick to parse), folded while planning."""
    pairs = _PAIR_END.join(f"{key}{_KEY_END}{value}" for key, value in words.items())
    return f"str_to_map({text(pairs)}, {text(_PAIR_END)}, {text(_KEY_END)})"


def looked_up(words: Mapping[str, str], key: str) -> str:
    """The word that a key stands for, or null."""
    return f"try_element_at({word_map(words)}, {key})" if words else "cast(null as string)"


def stripped(value: str) -> str:
    """Short text without white space and invisible characters around it; null when none is left."""
    edge = f"[{SPACES}{INVISIBLE}{CONTROLS}]"
    # Java tries the ranges of a class one by one: only the usual first and last characters here.
    tidy = matches(value, rf"(?s)^[{VISIBLE}](?:.*[{VISIBLE}])?\z")
    return case((tidy, value), otherwise=filled(replaced(value, f"^{edge}++|{edge}++$", "")))


def shortened(value: str, length: int = 200) -> str:
    """The first characters of a value, for reports."""
    return f"left({value}, {length})"
