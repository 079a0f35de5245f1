"""The bars of finding: nDCG@10, its distance from the baseline, queries without a result, hit@5."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.search import evaluate, judged_set
from tests.search.measures import mean

pytestmark = [
    pytest.mark.sinks,
    pytest.mark.skipif(
        not judged_set.is_complete(), reason="tests/search/judged/queries holds no judgements yet"
    ),
]


@pytest.fixture(scope="module")
def judged(opensearch: str) -> Iterator[Any]:
    """A client of the judged products."""
    with evaluate.judged_index(opensearch) as client:
        yield client


def test_judged_queries_are_answered_within_the_bars(judged: Any) -> None:
    asked = evaluate.outcomes(judged)
    figures = evaluate.by_kind(asked)["all"]
    worst = [one.query.text for one in sorted(asked, key=lambda one: one.ndcg)[:10]]
    assert figures.queries >= 150
    assert figures.ndcg >= 0.90, worst
    assert figures.ndcg - figures.baseline >= 0.25
    assert figures.nothing_found <= 0.01, [one.query.text for one in asked if not one.total]


def test_what_is_typed_is_completed_within_five(judged: Any) -> None:
    completed = evaluate.completed(judged)
    missed = [one.typed for one, hit in completed if not hit]
    assert mean([float(hit) for _, hit in completed]) >= 0.95, missed
