"""Each example of docs/search.md works on a real OpenSearch."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.docs import search as reference
from tests.search.little_shop import filled_index

ROOT = Path(__file__).parents[2]
FIELD_EXAMPLES = list(reference.field_examples())


@pytest.fixture(scope="module")
def shop(opensearch: str) -> Iterator[tuple[Any, str]]:
    """The page's own product."""
    with filled_index(opensearch, "products-contract-tests", [reference.EXAMPLE_PRODUCT]) as filled:
        yield filled


@pytest.mark.sinks
@pytest.mark.parametrize(
    ("field", "body"), FIELD_EXAMPLES, ids=[name for name, _ in FIELD_EXAMPLES]
)
def test_the_example_of_a_field_finds_the_product(
    shop: tuple[Any, str], field: str, body: dict[str, Any]
) -> None:
    client, index = shop
    assert client.search(index=index, body=body)["hits"]["total"]["value"] == 1


@pytest.mark.sinks
def test_the_examples_of_the_templates_work_as_the_page_writes_them(shop: tuple[Any, str]) -> None:
    client, index = shop
    page = (ROOT / "docs" / "search.md").read_text("utf-8")
    bodies = [json.loads(text) for text in re.findall(r"```json\n(.*?)\n```", page, re.DOTALL)]
    assert len(bodies) == len(list(reference.template_examples())) > 5
    for body in bodies:
        found = client.search_template(index=index, body=body)
        if body["id"] == "product_spelling":
            options = found["suggest"]["syllables"][0]["options"]
            assert [one["text"] for one in options] == ["헤드폰"]
        else:
            assert [hit["_id"] for hit in found["hits"]["hits"]] == ["gaon_mall:A-1"], body
