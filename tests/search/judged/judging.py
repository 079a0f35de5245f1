"""From the facts about a product to its grade: asked/*.yaml has the judgements, this applies them.

A clause is a map of facts that must all hold; a grade's judgement is a clause or a list of clauses of which
one must hold. A fact's value may be a list of which one must fit.
"""

from collections.abc import Mapping
from typing import Any

BUYABLE = ("in_stock", "preorder", "backorder")
# Facts kept as lists: one of the values must be among them.
LISTS = ("has", "category")
FACTS = {
    "type", "category", "brand", "line", "model", "colour", "has", "who", "for", "for_brand", "for_line", "for_model",
    "ml", "g", "kg", "inch", "gb", "count", "cm", "watt", "mah", "serves", "tablets", "sheets", "seats", "people",
    "shoe", "size", "waist", "bed", "stage", "tints", "mmthick", "author", "state", "reviews_from", "article",
}  # fmt: skip


class JudgementUnreadable(ValueError):
    """A judgement that names what no product has."""


def alternatives(told: Any) -> list[Any]:
    """One clause or value as the list of one that it stands for."""
    return told if isinstance(told, list) else [told]


def _fits(fact: str, wanted: Any, truth: Mapping[str, Any]) -> bool:
    if fact == "reviews_from":
        return bool(truth["reviews"] >= wanted)
    any_of = alternatives(wanted)
    told = truth.get(fact)
    return any(one in told for one in any_of) if fact in LISTS else told in any_of


def holds(clauses: Any, truth: Mapping[str, Any]) -> bool:
    """Whether one of the clauses is true of the product."""
    return any(
        all(_fits(fact, wanted, truth) for fact, wanted in one.items())
        for one in alternatives(clauses)
    )


def grade(judgement: Mapping[int, Any], truth: Mapping[str, Any]) -> int:
    """0 to 3: the best applicable grade, at most 2 if it is sold out, at most 1 at an obviously wrong price."""
    best = max((value for value, clauses in judgement.items() if holds(clauses, truth)), default=0)
    if truth["trap"]:
        return min(best, 1)
    return best if truth["state"] in BUYABLE else min(best, 2)


def check(asked: str, clauses: Any, known: Mapping[str, set[Any]]) -> None:
    """Raises JudgementUnreadable for a fact or a value that is true of no product: a slip of the pen."""
    for clause in alternatives(clauses):
        for fact, wanted in clause.items():
            if fact not in FACTS:
                raise JudgementUnreadable(
                    f"{asked}: no fact is called {fact!r}; there are {sorted(FACTS)}"
                )
            missing = set(alternatives(wanted)) - known.get(fact, set())
            if missing and fact != "reviews_from":
                raise JudgementUnreadable(
                    f"{asked}: no product has {fact} {sorted(map(str, missing))}"
                )


def known_values(truths: list[dict[str, Any]]) -> dict[str, set[Any]]:
    """Every value each fact has among the products."""
    found: dict[str, set[Any]] = {}
    for truth in truths:
        for fact, told in truth.items():
            found.setdefault(fact, set()).update(told if isinstance(told, list) else [told])
    return found
