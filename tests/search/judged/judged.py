"""The judged set as an evaluation reads it: `load()` gives products, queries with grades, and completions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import permutations, product
from pathlib import Path
from typing import Any

import yaml

from .judging import alternatives, check, grade, holds, known_values
from .products import Listing, listings, products
from .vocabulary import brand_forms, kinds, line_forms

ASKED = Path(__file__).parent / "asked"
# Facts that leave few listings to grade, the fewest first.
TELLING = ("model", "line", "for_model", "for_line", "type", "for", "for_brand", "brand")


@dataclass(frozen=True)
class Query:
    """What a shopper asks; `grades` gives document ids (`mall_id:product_id`) 1 to 3, all others are 0."""

    kind: str
    text: str
    grades: Mapping[str, int]


@dataclass(frozen=True)
class Completion:
    """What was typed so far; any of `texts` is a good completion, whatever its case, spaces and marks."""

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
    """Without case, spaces and marks."""
    return "".join(char for char in text.lower() if char.isalnum())


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
    """The entries of a file, each with its kind."""
    for kind, entries in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        for one in entries:
            yield {"kind": kind, **one}


def _judgement(one: Mapping[Any, Any]) -> dict[int, Any]:
    found = {key: clauses for key, clauses in one.items() if isinstance(key, int)}
    return found or {3: one["accept"]}


def _query(one: Mapping[Any, Any]) -> Query:
    judgement = _judgement(one)
    candidates = _candidates(
        [clause for clauses in judgement.values() for clause in alternatives(clauses)]
    )
    graded = ((entry.document_id, grade(judgement, entry.truth)) for entry in candidates)
    return Query(one["kind"], str(one["q"]), {name: value for name, value in graded if value})


@cache
def _by_fact() -> dict[tuple[str, Any], list[Listing]]:
    found: dict[tuple[str, Any], list[Listing]] = {}
    for entry in listings():
        for fact in TELLING:
            found.setdefault((fact, entry.truth.get(fact)), []).append(entry)
    return found


def _candidates(clauses: list[Mapping[str, Any]]) -> list[Listing]:
    """The listings that a clause may be true of, in their order: what its most telling fact leaves."""
    kept: dict[str, Listing] = {}
    for clause in clauses:
        fact = next((fact for fact in TELLING if fact in clause), None)
        if fact is None:
            return list(listings())
        for value in alternatives(clause[fact]):
            kept |= {entry.document_id: entry for entry in _by_fact()[fact, value]}
    return [kept[name] for name in sorted(kept)]


def _completion(one: Mapping[Any, Any]) -> Completion:
    """Good completions are titles and names of the accepted products that contain the name being typed."""
    accepted = [
        entry
        for entry in _candidates(alternatives(one["accept"]))
        if holds(one["accept"], entry.truth)
    ]
    articles = {entry.truth["article"]: entry.truth for entry in accepted}.values()
    names = {folded(form) for truth in articles for form in _forms(truth)[one["by"]]}
    typed_for = {folded(one["word"])} if "word" in one else names
    texts = {entry.product["title"] for entry in accepted}
    texts |= {text for truth in articles for text in _names(truth)}
    good = sorted(text for text in texts if any(name in folded(text) for name in typed_for))
    return Completion(one["kind"], str(one["typed"]), tuple(good))


def _forms(truth: Mapping[str, Any]) -> dict[str, list[str]]:
    """How sellers write its brand, line, model and type, and what its category is called."""
    return {
        "brand": brand_forms(truth["brand"]) if truth["brand"] else [],
        "line": line_forms(truth["line"]) if truth["line"] else [],
        "model": [truth["model"]] if truth["model"] else [],
        "type": [*kinds()[truth["type"]].nouns, *truth["category"]],
    }


def _names(truth: Mapping[str, Any]) -> Iterator[str]:
    """`나이키`, `나이키 운동화`, `나이키 에어포스 1 운동화`: its names, alone and in any order."""
    forms = {name: words for name, words in _forms(truth).items() if words}
    for size in (1, 2, 3):
        for chain in permutations(forms, size):
            yield from (" ".join(words) for words in product(*(forms[name] for name in chain)))
