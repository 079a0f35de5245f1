"""Valid requests, and cursors that belong to one search only."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mallfeed.search import cursor, parameters
from mallfeed.search.completions import begins
from mallfeed.search.request import SearchRequest, Sort, SuggestRequest
from mallfeed.search.result import Reading
from mallfeed.sinks.opensearch import search_templates
from mallfeed.sinks.opensearch.index_template import DEFINITION

PLACE = cursor.Place([1.5, None, "a_mall", "한글"], Reading.corrected, "노트북")


def test_a_cursor_comes_back_as_it_was() -> None:
    asked = SearchRequest(q="노트벅")
    after = cursor.write(asked, PLACE)
    again = SearchRequest(q="노트벅", after=after, size=3, facets=True)
    assert cursor.read(again) == PLACE
    assert cursor.read(asked) is None


@pytest.mark.parametrize(
    "other", [{"q": "x"}, {"sort": Sort.newest}, {"mall": ["m"]}, {"group": False}]
)
def test_a_cursor_of_another_search_is_refused(other: dict[str, object]) -> None:
    after = cursor.write(SearchRequest(q="노트벅"), PLACE)
    with pytest.raises(cursor.CursorInvalid, match="begin again"):
        cursor.read(SearchRequest.model_validate({"q": "노트벅", **other, "after": after}))


@given(st.text(min_size=1, max_size=200))
def test_no_text_is_taken_for_a_cursor(text: str) -> None:
    with pytest.raises(cursor.CursorInvalid):
        cursor.read(SearchRequest(after=text))


@pytest.mark.parametrize(
    "given",
    [
        {"q": "x" * 201}, {"size": 0}, {"size": 101}, {"price_min": -1}, {"price_min": float("nan")},
        {"price_min": 2, "price_max": 1}, {"mall": ["m"] * 51}, {"colour": "red"}, {"sort": "best"},
    ],
)  # fmt: skip
def test_requests_are_bounded(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SearchRequest.model_validate(given)


def test_a_completion_needs_something_typed() -> None:
    with pytest.raises(ValidationError):
        SuggestRequest(q="")


def test_neighbours_may_be_one_name() -> None:
    assert parameters.names(["무선", "이어폰"]) == ["무선", "이어폰", "무선이어폰"]


@pytest.mark.parametrize(
    ("typed", "text", "is_so"),
    [
        ("노ㅌ", "노트북", True), ("놑", "노트북", True), ("ㄴㅌ", "노트북", True), ("트북", "노트북", False),
        ("NI", "nike", True), ("무선 이", "무선이어폰", True), ("ㄴㅌ", "나이키", False),
    ],
)  # fmt: skip
def test_beginnings(typed: str, text: str, is_so: bool) -> None:
    assert begins(typed, text) is is_so


def test_every_part_of_a_template_is_defined_and_no_weight_is_left_over() -> None:
    built = search_templates.build(DEFINITION)
    assert set(built) == set(search_templates.TEMPLATES)
    assert not any("<<" in source for source in built.values())
    ranking = json.loads((DEFINITION / "ranking.json").read_text("utf-8"))
    used = " ".join(path.read_text("utf-8") for path in DEFINITION.glob("*.mustache"))
    for name, value in ranking.items():
        keys = [name] if not isinstance(value, dict) else [f"{name}.{key}" for key in value]
        if name not in ("_about", "fields", "suggest"):
            assert all(f"<<{key}>>" in used for key in keys), name
