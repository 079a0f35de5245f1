"""The judged set as the evaluation reads it: judged/products.py, and judged/queries/*.yaml.

A YAML file is a list. A query: `kind`, `q`, `grades` (document id → 1 to 3, others 0). A completion:
`kind`, `typed`, `texts` (any of which is good).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.search.judged.products import products as judged_products


@dataclass(frozen=True)
class Query:
    """What a shopper asks; `grades` gives document ids 1 to 3, all others are 0."""

    kind: str
    text: str
    grades: Mapping[str, int]


@dataclass(frozen=True)
class Completion:
    """What was typed so far; any of `texts` is a good completion."""

    kind: str
    typed: str
    texts: tuple[str, ...]


@cache
def products() -> tuple[dict[str, Any], ...]:
    """The products, as `mallfeed.sinks.opensearch.document` takes them."""
    return tuple({"condition": "new", "content_hash": "0", **row} for row in judged_products())


def is_complete() -> bool:
    """Whether the judgements stand beside the products."""
    return bool(_files())


def _files() -> list[Path]:
    return sorted((Path(__file__).parent / "judged" / "queries").glob("*.yaml"))


def _read() -> list[dict[str, Any]]:
    return [one for path in _files() for one in yaml.safe_load(path.read_text("utf-8"))]


@cache
def queries() -> tuple[Query, ...]:
    """Every judged query."""
    return tuple(Query(one["kind"], one["q"], one["grades"]) for one in _read() if "grades" in one)


@cache
def completions() -> tuple[Completion, ...]:
    """Every judged completion."""
    return tuple(
        Completion(one["kind"], one["typed"], tuple(one["texts"]))
        for one in _read()
        if "typed" in one
    )
