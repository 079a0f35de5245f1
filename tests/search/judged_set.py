"""The judged set (tests/search/judged) as the evaluation reads it."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.search.judged import Completion, Query, load

__all__ = ["Completion", "Query", "completions", "products", "queries"]


@cache
def products() -> tuple[dict[str, Any], ...]:
    """The products, as `mallfeed.sinks.opensearch.document` takes them."""
    return tuple({"condition": "new", "content_hash": "0", **row} for row in load().products)


def queries() -> tuple[Query, ...]:
    """Every judged query."""
    return load().queries


def completions() -> tuple[Completion, ...]:
    """Every judged completion."""
    return load().completions
