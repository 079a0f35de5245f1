"""Small pieces of Spark SQL text that readings are put together from.

Readings are written as functions from SQL text to SQL text: the same text works as a projection
and inside a lambda, on Spark 3.5 and 4.1 alike, and `try_cast` (which the Column API of 3.5 lacks)
is at hand. Nothing here may raise under ANSI mode, whatever the data. What takes a text apart is
called, not spelled out: see `called`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar

_depth: ContextVar[int] = ContextVar("depth of lambdas around what is being written", default=0)
# Noncharacters: in no word of ours.
_KEY_END, _PAIR_END = "\ufdd0", "\ufdd1"

Sql = str
"""Spark SQL text of an expression."""

NO_TEXT = "cast(null as string)"


def called(function: str, *arguments: str) -> str:
    """A call of one of the JVM functions (jvm/mallfeed/functions), which Spark finds as a catalog."""
    return f"mallfeed.{function}({', '.join(arguments)})"


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


def case(*branches: tuple[str, str], otherwise: str = "null") -> str:
    """The value of the first branch whose condition is true."""
    arms = " ".join(f"when {condition} then {value}" for condition, value in branches)
    return f"case {arms} else {otherwise} end"


def each(array: str, body: Callable[[str], str]) -> str:
    """`body` of each item of an array."""
    return f"transform({array}, {_lambda(body)})"


def only(array: str, condition: Callable[[str], str]) -> str:
    """The items of an array for which the condition holds."""
    return f"filter({array}, {_lambda(condition)})"


def _lambda(body: Callable[[str], str]) -> str:
    """Named by its depth: the same catalog is always the same SQL (`mallfeed.load.small_feeds`)."""
    depth = _depth.get()
    around = _depth.set(depth + 1)
    try:
        name = f"i{depth}"
        return f"{name} -> {body(name)}"
    finally:
        _depth.reset(around)


def word_list(words: Mapping[str, str]) -> str:
    """Words and their meanings as one literal, as the JVM functions take them."""
    return text(_PAIR_END.join(f"{key}{_KEY_END}{value}" for key, value in words.items()))


def stripped(value: str) -> str:
    """Short text without white space and invisible characters around it; null when none is left."""
    return called("stripped", value)


def is_longer(value: Sql, characters: int) -> Sql:
    """Whether a text has more characters than that; they are counted only where its bytes are more."""
    return f"(octet_length({value}) > {characters} and char_length({value}) > {characters})"


def cut(value: Sql, characters: int) -> Sql:
    """The text's first characters, without white space at the cut."""
    return case(
        (is_longer(value, characters), f"trim(both ' \n' from left({value}, {characters}))"),
        otherwise=value,
    )


def with_default(cell: Sql, default: str | None) -> Sql:
    """The cell, or the catalog's default where it is blank."""
    if default is None:
        return cell
    return case((matches(cell, r"\S"), cell), otherwise=text(default))


def without_zeros(number: Sql) -> Sql:
    """A decimal number's text without the zeros at its end, nor a mark that nothing follows."""
    return replaced(number, r"(?:[.]|([.][0-9]*?[1-9]))0*$", "$1")
