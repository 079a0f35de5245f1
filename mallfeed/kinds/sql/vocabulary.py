"""Words of a fixed set and what they mean, however malls space and hyphenate them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from mallfeed.kinds.sql.pieces import Sql, called, word_list

_LEFT_OUT = str.maketrans("", "", " \t_-")


@lru_cache(maxsize=10_000)
def key_of(word: str) -> str:
    """How a word is looked up: lower case, no space, hyphen, underscore, no schema.org prefix."""
    short = word.strip().lower().rsplit("schema.org/", 1)[-1]
    return short.translate(_LEFT_OUT)


def meaning_of(cell: Sql, words: Mapping[str, str]) -> Sql:
    """What the cell's word means, or null; `words` maps keys (`key_of`) to meanings."""
    return called("word", cell, word_list(words))


def all_meaning(words: Iterable[str], value: str) -> dict[str, str]:
    """Keys of words that all mean one thing."""
    return {key_of(word): value for word in words}
