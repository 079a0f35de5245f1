"""How good a list of results is: nDCG, reciprocal rank, hits, over graded products."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

DEPTH = 10


def ndcg(shown: Sequence[str], grades: Mapping[str, int], same: Mapping[str, str]) -> float:
    """nDCG@10 with gains 2^grade - 1, over products: what `same` gives one key counts once.

    A listing shown again under another id gains nothing, and the best possible list has each product
    once, by its best listing: so is a list judged fairly whether it groups malls or not.
    """
    gained, seen = 0.0, set()
    for place, identifier in enumerate(shown[:DEPTH]):
        key = same.get(identifier, identifier)
        if key not in seen:
            gained += _gain(grades.get(identifier, 0), place)
        seen.add(key)
    best: dict[str, int] = {}
    for identifier, grade in grades.items():
        key = same.get(identifier, identifier)
        best[key] = max(best.get(key, 0), grade)
    ideal = sorted(best.values(), reverse=True)[:DEPTH]
    possible = sum(_gain(grade, place) for place, grade in enumerate(ideal))
    return gained / possible if possible else 1.0


def _gain(grade: int, place: int) -> float:
    return float((2**grade - 1) / math.log2(place + 2))


def reciprocal_rank(shown: Sequence[str], grades: Mapping[str, int], least: int = 2) -> float:
    """One over the place of the first product graded at least that (0: none among the ten)."""
    for place, identifier in enumerate(shown[:DEPTH], 1):
        if grades.get(identifier, 0) >= least:
            return 1 / place
    return 0.0


def mean(values: Sequence[float]) -> float:
    """The average; 0 of nothing."""
    return sum(values) / len(values) if values else 0.0
