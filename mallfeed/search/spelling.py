"""A query with mistyped words corrected from the words of the index itself.

Used only if little or nothing matched. A word that no product has is replaced by the nearest one that some
have, one syllable or two key strokes away, or by two words written as one, each known or corrected. Words with digits are
left alone: a code is either right or a different code. There is no dictionary but the index.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from mallfeed.search.keyboard import compose, strokes

_MOST_WORDS = 8
_LONGEST = 16
_LEAST_PART = 2
_DIGIT = re.compile(r"[0-9]")


@dataclass(frozen=True)
class _Found:
    """Word → number of products with it; word → the nearest other one, its distance in strokes."""

    known: dict[str, int]
    nearest: dict[str, tuple[float, str]]


def corrected(client: Any, index: str, text: str) -> str | None:
    """The query as it was probably intended; None if nothing better is known."""
    words = [word.lower() for word in text.split()][:_MOST_WORDS]
    if all(_DIGIT.search(word) for word in words):
        return None
    probes = _probes(words)
    body = {"id": "product_spelling", "params": {"q": " ".join(probes), "probes": probes}}
    found = _read(client.search_template(index=index, body=body))
    mended = [_mended(word, found) or word for word in words]
    return None if mended == words else " ".join(mended)


def _probes(words: list[str]) -> list[str]:
    parts = [part for word in words for cut in _cuts(word) for part in cut]
    return list(dict.fromkeys([*words, *parts]))


def _cuts(word: str) -> list[tuple[str, str]]:
    if not 2 * _LEAST_PART <= len(word) <= _LONGEST:
        return []
    return [(word[:at], word[at:]) for at in range(_LEAST_PART, len(word) - _LEAST_PART + 1)]


def _mended(word: str, found: _Found) -> str | None:
    if found.known.get(word) or _DIGIT.search(word):
        return None
    choices = []
    if word in found.nearest:
        choices.append(found.nearest[word])
    for cut in _cuts(word):
        sides = [_side(part, found) for part in cut]
        if all(sides):
            distance = 0.5 + sum(side[0] for side in sides if side)
            choices.append((distance, " ".join(side[1] for side in sides if side)))
    return min(choices)[1] if choices else None


def _side(part: str, found: _Found) -> tuple[float, str] | None:
    return (0.0, part) if found.known.get(part) else found.nearest.get(part)


def _read(answer: dict[str, Any]) -> _Found:
    known = {
        word: one["doc_count"] for word, one in answer["aggregations"]["known"]["buckets"].items()
    }
    nearest: dict[str, tuple[float, str]] = {}
    for suggester in answer["suggest"].values():
        for entry in suggester:
            word = compose(strokes(entry["text"]))
            for option in entry["options"]:
                meant = compose(option["text"])
                away = _distance(strokes(word), strokes(meant)) - min(option["freq"], 1000) / 2001
                nearest[word] = min(nearest.get(word, (away, meant)), (away, meant))
    return _Found(known, nearest)


def _distance(one: str, other: str) -> int:
    """Levenshtein's distance."""
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        above, row[0] = row[0], place
        for column, wanted in enumerate(other, 1):
            above, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, above + (letter != wanted)),
            )
    return row[-1]
