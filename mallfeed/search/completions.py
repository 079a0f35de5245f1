"""Autocomplete: words, brands and categories that begin with the typed text, then whole titles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from mallfeed.search import keyboard
from mallfeed.search.request import SuggestRequest
from mallfeed.search.result import Suggestion, SuggestResult

_WORD = re.compile(r"[0-9A-Za-z가-힣][0-9A-Za-z가-힣.+-]*")
_LONGEST = 30
_ONE_WHOLE_IN = 5
"""One whole title per this many completions, if there are enough short ones."""
_LEAST_PAIR = 2
"""A word and the next one are a completion if this many titles have them together."""


def suggest(client: Any, request: SuggestRequest, index: str = "products") -> SuggestResult:
    """Completions, best first; no text appears twice.

    If nothing begins with the text, its last syllable is taken back stroke by stroke until something does.
    """
    other = (
        None
        if keyboard.is_initials(request.q)
        else keyboard.in_other_layout(request.q, unfinished=True)
    )
    found = _completions(client, index, [request.q, *([other] if other else [])], request.size)
    for shorter in keyboard.shortened(request.q):
        if found:
            break
        found = _completions(client, index, [shorter], request.size)
    return SuggestResult(found)


def _completions(client: Any, index: str, ways: list[str], size: int) -> list[Suggestion]:
    body = {"id": "product_suggest", "params": dict(zip(("q", "other"), ways, strict=False))}
    return _ranked(client.search_template(index=index, body=body), ways, size)


def _ranked(found: dict[str, Any], ways: list[str], size: int) -> list[Suggestion]:
    titles = [hit["_source"]["title"] for hit in found["hits"]["hits"]]
    best: dict[str, tuple[float, Suggestion]] = {}
    for suggestion, weight in _short(found, titles, ways):
        key = _folded(suggestion.text)
        if key not in best or weight > best[key][0]:
            best[key] = (weight, suggestion)
    short = [one for _, one in sorted(best.values(), key=lambda pair: -pair[0])]
    whole = [
        Suggestion(title, "title") for title in dict.fromkeys(titles) if _folded(title) not in best
    ]
    most = max(size - len(whole), size - size // _ONE_WHOLE_IN)
    return (short[:most] + whole)[:size]


def _short(
    found: dict[str, Any], titles: list[str], ways: list[str]
) -> Iterator[tuple[Suggestion, float]]:
    for kind in ("brand", "category"):
        for bucket in found["aggregations"][kind]["buckets"]:
            if any(begins(way, bucket["key"]) for way in ways):
                yield Suggestion(bucket["key"], kind), 1000.0 + bucket["doc_count"]
    words: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for title in titles:
        found_here = list(_completed(title, ways))
        words.update({word for word, _ in found_here})
        pairs.update({f"{word} {after}" for word, after in found_here if after})
    for text, count in words.items():
        yield Suggestion(text, "word"), float(count)
    for text, count in pairs.items():
        if count >= _LEAST_PAIR and len(text) <= _LONGEST:
            yield Suggestion(text, "word"), count - 0.5


def begins(typed: str, text: str) -> bool:
    """Whether the typed text is a beginning of the text, stroke by stroke or by 초성."""
    wanted, whole = _folded(typed), _folded(text)
    if keyboard.is_initials(wanted):
        return keyboard.initials(whole).startswith(wanted)
    return keyboard.strokes(whole).startswith(keyboard.strokes(wanted))


def _completed(title: str, ways: list[str]) -> Iterator[tuple[str, str]]:
    """Words of the title that begin with the last typed word, after the words before it; what follows."""
    words = _WORD.findall(title)
    for way in ways:
        *before, last = way.split() or [""]
        for word, after in zip(words, [*words[1:], ""], strict=True):
            if begins(last, word) and len(word) <= _LONGEST:
                yield " ".join([*before, word]), after


def _folded(text: str) -> str:
    return "".join(text.lower().split())
