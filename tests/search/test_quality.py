"""Finding over the judged set: nDCG@10, its distance from the baseline, queries that find, hit@5."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.search import evaluate
from tests.search.measures import mean

pytestmark = pytest.mark.sinks


@pytest.fixture(scope="module")
def judged(opensearch: str) -> Iterator[Any]:
    """A client of the judged products."""
    with evaluate.judged_index(opensearch) as client:
        yield client


def test_finding_reaches_its_bars(judged: Any) -> None:
    asked, completed = evaluate.outcomes(judged), evaluate.completed(judged)
    assert len(asked) >= 150
    hits = mean([float(hit) for _, hit in completed])
    reached = evaluate.against_bars(evaluate.by_kind(asked)["all"], hits)
    worst = [one.query.text for one in sorted(asked, key=lambda one: one.ndcg)[:10]]
    missed = [one.typed for one, hit in completed if not hit]
    behind = {name: value for name, value in reached.items() if value < evaluate.BARS[name]}
    assert behind == {}, (worst, missed)
