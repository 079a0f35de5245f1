"""The shop, once for all of these tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.search_api.shop import served, shop


@pytest.fixture(scope="package")
def the_shop(opensearch: str) -> Iterator[Any]:
    """The API answers from an index with a small shop; yields the index's client."""
    with shop(opensearch) as client:
        yield client


@pytest.fixture(scope="package")
def address(the_shop: Any) -> Iterator[str]:
    """Page and API over HTTP."""
    with served() as url:
        yield url
