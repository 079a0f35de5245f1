"""What a shopper types, or a made-up filter, is a value in the query whatever it looks like."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from mallfeed.search import engine, parameters
from mallfeed.search.request import SearchRequest, SuggestRequest
from mallfeed.search.result import Reading
from tests.search.little_shop import filled_index, row
from tests.untrusted_texts import TEXTS

QUERIES = (
    *TEXTS,
    '"}}}',
    '"}], "size": 10000, "x": [{"y": "',
    "{{/q}}{{#all}}",
    "{{=<% %>=}}",
    "\u2028",
)

pytestmark = pytest.mark.sinks


@pytest.fixture(scope="module")
def shop(opensearch: str) -> Iterator[tuple[Any, str]]:
    rows = [row("1", "가방"), row("2", "모자")]
    with filled_index(opensearch, "products-untrusted", rows) as filled:
        yield filled


def _rendered(client: Any, asked: dict[str, Any]) -> Any:
    body = {"id": "product_search", "params": asked}
    return client.render_search_template(body=body)["template_output"]


def _with(found: Any, old: str, new: str) -> Any:
    """The query with another text where `old` is a whole value."""
    if isinstance(found, dict):
        return {key: _with(value, old, new) for key, value in found.items()}
    if isinstance(found, list):
        return [_with(value, old, new) for value in found]
    return new if found == old else found


@pytest.mark.parametrize("reading", [Reading.as_typed, Reading.loose])
def test_the_query_has_the_same_shape_with_any_text(
    reading: Reading, shop: tuple[Any, str]
) -> None:
    client, _ = shop
    for text in QUERIES:
        asked = parameters.search(SearchRequest(q="x"), reading, "x")
        plain = _rendered(client, {**asked, "names": ["x"]})
        other = asked | ({"loose": text} if "loose" in asked else {"q": text})
        if "words" in other:
            other["words"] = [{"text": text}]
        assert _rendered(client, {**other, "names": [text]}) == _with(plain, "x", text)


@pytest.mark.parametrize("name", ["category", "brand", "mall"])
def test_a_filter_is_the_text_that_was_given(name: str, shop: tuple[Any, str]) -> None:
    client, index = shop
    for text in QUERIES:
        value = text if name == "category" else (text,)
        request = SearchRequest(**{name: value})
        assert engine.search(client, request, index).total == 0
        plain = _rendered(client, parameters.search(
            SearchRequest(**{name: "x" if name == "category" else ("x",)}), Reading.as_typed, ""
        ))  # fmt: skip
        found = _rendered(client, parameters.search(request, Reading.as_typed, ""))
        assert found == _with(plain, "x", text)


def test_searching_and_completing_find_nothing_of_it(shop: tuple[Any, str]) -> None:
    client, index = shop
    for text in filter(str.strip, QUERIES):  # blank is everything
        assert engine.search(client, SearchRequest(q=text, size=100), index).total < 2, text
        assert engine.suggest(client, SuggestRequest(q=text), index).suggestions == []
