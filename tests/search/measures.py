"""How good a list of results is: nDCG, reciprocal rank, hits, over graded products."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

DEPTH = 10


Keys = tuple[str, str]
"""A listing's product (the malls' offers of one product share it) and article (its variants do)."""


def ndcg(shown: Sequence[str], grades: Mapping[str, int], keys: Mapping[str, Keys]) -> float:
    """nDCG@10 with gains 2^grade - 1, where each product and each article counts once.

    A listing whose product or article was shown before gains nothing: a shopping portal shows one
    hit per product of several malls, and one per article of many variants. The best possible list obeys
    that too; its upper bound is the largest number of listings of at least each grade of which no two
    share a key, so that no list is above 1.
    """
    gained = 0.0
    counted = set(shown_once(shown, keys))
    for place, identifier in enumerate(shown[:DEPTH]):
        if identifier in counted:
            gained += _gain(grades.get(identifier, 0), place)
    ideal: list[int] = []
    for grade in sorted(set(grades.values()) - {0}, reverse=True):
        listings = [keys[one] for one, given in grades.items() if given >= grade]
        ideal += [grade] * (most_apart(listings) - len(ideal))
    possible = sum(_gain(grade, place) for place, grade in enumerate(ideal[:DEPTH]))
    return gained / possible if possible else 1.0


def shown_once(shown: Sequence[str], keys: Mapping[str, Keys]) -> list[str]:
    """Those whose product and article none before them had, in their order."""
    once: list[str] = []
    products: set[str] = set()
    articles: set[str] = set()
    for identifier in shown:
        product, article = keys[identifier]
        if product not in products and article not in articles:
            once.append(identifier)
        products.add(product)
        articles.add(article)
    return once


def most_apart(listings: Sequence[Keys]) -> int:
    """The size of the largest set of listings of which no two share a product or an article.

    A maximum matching of products to articles, by augmenting paths (Kuhn).
    """
    articles_of: dict[str, set[str]] = {}
    for product, article in listings:
        articles_of.setdefault(product, set()).add(article)
    taken: dict[str, str] = {}

    def takes(product: str, tried: set[str]) -> bool:
        for article in articles_of[product] - tried:
            tried.add(article)
            if article not in taken or takes(taken[article], tried):
                taken[article] = product
                return True
        return False

    return sum(takes(product, set()) for product in articles_of)


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
