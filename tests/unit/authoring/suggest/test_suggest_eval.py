"""The evaluation of `suggest` (tests/suggest_eval): its figures do not fall, and the documentation shows them."""

from __future__ import annotations

from functools import cache

import pytest

from infra.paths import CHECKOUT
from tests.suggest_eval.evaluate import calibration, evaluated
from tests.suggest_eval.layouts import HALVES, layouts
from tests.suggest_eval.score import Judged, share, wrongly_sure

pytestmark = pytest.mark.seconds

LEAST = {"development": 0.98, "held_out": 0.92}
WRONGLY_SURE = {"development": 0, "held_out": 0}


@cache
def fields(half: str) -> list[Judged]:
    return evaluated(layouts(half))


@pytest.mark.parametrize("half", HALVES)
def test_fields_are_right_as_often_as_they_were(half: str) -> None:
    found = share(fields(half))
    assert found.right / found.total >= LEAST[half], str(found)
    assert len(wrongly_sure(fields(half))) <= WRONGLY_SURE[half]


def test_each_half_is_thirty_feeds_or_more() -> None:
    assert all(len(layouts(half)) >= 30 for half in HALVES)


def test_documentation_shows_the_table() -> None:
    page = (CHECKOUT / "docs" / "decisions" / "drafts.md").read_text("utf-8")
    table = "\n".join(calibration([one for half in HALVES for one in fields(half)]))
    assert table in page
