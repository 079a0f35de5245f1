"""The judged set as an evaluation reads it: `load()` gives products, queries with grades, and completions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

import yaml

from .judging import check, grade, holds, known_values
from .products import listings, products
from .vocabulary import brand_forms, kinds, line_forms

ASKED = Path(__file__).parent / "asked"


@dataclass(frozen=True)
class Query:
    """What a shopper asks; `grades` gives document ids (`mall_id:product_id`) 1 to 3, all others are 0."""

    kind: str
    text: str
    grades: Mapping[str, int]


@dataclass(frozen=True)
class Completion:
    """What was typed so far; any of `texts` is a good completion, whatever its case and spacing."""

    kind: str
    typed: str
    texts: tuple[str, ...]

    def accepts(self, suggested: str) -> bool:
        """Whether the suggested text is a good completion."""
        return folded(suggested) in {folded(text) for text in self.texts}


@dataclass(frozen=True)
class Judged:
    """All of it."""

    products: tuple[dict[str, Any], ...]
    queries: tuple[Query, ...]
    completions: tuple[Completion, ...]


def folded(text: str) -> str:
    """Without case and spaces."""
    return "".join(text.lower().split())


@cache
def load() -> Judged:
    """Products, queries and completions; the same on every call and every run."""
    known = known_values([one.truth for one in listings()])
    asked = [one for path in sorted(ASKED.glob("*.yaml")) for one in _read(path)]
    for one in asked:
        for clauses in _judgement(one).values():
            check(one.get("q", one.get("typed")), clauses, known)
    queries = tuple(_query(one) for one in asked if "q" in one)
    return Judged(
        tuple(products()), queries, tuple(_completion(one) for one in asked if "typed" in one)
    )


def _read(path: Path) -> Iterator[dict[Any, Any]]:
    """The entries of a file, each with the kind it stands under."""
    for kind, entries in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        for one in entries:
            yield {"kind": kind, **one}


def _judgement(one: Mapping[Any, Any]) -> dict[int, Any]:
    found = {key: clauses for key, clauses in one.items() if isinstance(key, int)}
    return found or {3: one["accept"]}


def _query(one: Mapping[Any, Any]) -> Query:
    judgement = _judgement(one)
    graded = ((entry.product, grade(judgement, entry.truth)) for entry in listings())
    found = {
        f"{product['mall_id']}:{product['product_id']}": value for product, value in graded if value
    }
    return Query(one["kind"], str(one["q"]), found)


def _completion(one: Mapping[Any, Any]) -> Completion:
    """Good are the accepted products' titles and the words for what they are: `by` says for which."""
    accepted = [entry for entry in listings() if holds(one["accept"], entry.truth)]
    texts = {entry.product["title"] for entry in accepted}
    for truth in {entry.truth["article"]: entry.truth for entry in accepted}.values():
        texts |= _names(truth, one["by"])
    return Completion(one["kind"], str(one["typed"]), tuple(sorted(texts)))


def _names(truth: Mapping[str, Any], by: str) -> set[str]:
    """The words for it and for it with its neighbours: `나이키`, `나이키 운동화`, `에어포스 1`, `나이키 에어포스 1`."""
    forms = {
        "type": kinds()[truth["type"]].nouns,
        "brand": brand_forms(truth["brand"]) if truth["brand"] else [],
        "line": line_forms(truth["line"]) if truth["line"] else [],
        "model": [truth["model"]] if truth["model"] else [],
    }
    told = [name for name in ("brand", "line", "model", "type") if forms[name]]
    chains = [chain for size in (1, 2, 3) for chain in permutations(told, size) if by in chain]
    return {" ".join(words) for chain in chains for words in _products_of(forms, chain)}


def _products_of(
    forms: Mapping[str, list[str]], chain: tuple[str, ...]
) -> Iterator[tuple[str, ...]]:
    if not chain:
        yield ()
        return
    for word in forms[chain[0]]:
        for rest in _products_of(forms, chain[1:]):
            yield (word, *rest)
