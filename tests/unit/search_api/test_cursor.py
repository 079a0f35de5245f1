"""A page's cursor fits its own search only, and paging has an end."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from mallfeed.search_api import cursor
from mallfeed.search_api.problems import ApiProblem

GIVEN: dict[str, Any] = {
    "q": "코트",
    "sort": "relevance",
    "size": 20,
    "facets": False,
    "after": None,
}


@pytest.mark.parametrize("place", [1, 20, 99, 1234])
def test_a_cursor_leads_to_its_place(place: int) -> None:
    after = cursor.after(GIVEN, place)
    assert cursor.place({**GIVEN, "after": after}) == place
    assert cursor.place({**GIVEN, "after": after, "size": 50, "facets": True}) == place


def test_a_cursor_of_another_search_is_refused() -> None:
    after = cursor.after(GIVEN, 20)
    with pytest.raises(ApiProblem, match="begin without it"):
        cursor.place({**GIVEN, "q": "코드", "after": after})


def test_there_is_no_page_beyond_the_deepest() -> None:
    assert cursor.after(GIVEN, cursor.DEEPEST) is None


@drawn(st.text(min_size=1))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(ApiProblem, match="begin without it"):
        cursor.place({**GIVEN, "after": text})
