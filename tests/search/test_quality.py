"""Finding over the judged set: nDCG@10, its distance from the baseline, queries that find, hit@5."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.search import evaluate
from tests.search.measures import mean

pytestmark = pytest.mark.sinks
FLOORS = {"nDCG@10": 0.83, "above the baseline": 0.25, "found something": 0.99, "hit@5": 0.88}
"""What is reached, less a little: no change may fall behind it. Where it lies below a bar
(`evaluate.BARS`, shown by `make search-eval`), that bar is still to be reached; raise it then."""


@pytest.fixture(scope="module")
def judged(opensearch: str) -> Iterator[Any]:
    """A client of the judged products."""
    with evaluate.judged_index(opensearch) as client:
        yield client


def test_finding_does_not_fall_behind_what_it_has_reached(judged: Any) -> None:
    asked, completed = evaluate.outcomes(judged), evaluate.completed(judged)
    assert len(asked) >= 150
    hits = mean([float(hit) for _, hit in completed])
    reached = evaluate.against_bars(evaluate.by_kind(asked)["all"], hits)
    worst = [one.query.text for one in sorted(asked, key=lambda one: one.ndcg)[:10]]
    missed = [one.typed for one, hit in completed if not hit]
    behind = {name: value for name, value in reached.items() if value < FLOORS[name]}
    assert behind == {}, (worst, missed)
