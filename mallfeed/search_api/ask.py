"""Between the API's words and `mallfeed.search`: parameters → requests, what was found → answers."""

from __future__ import annotations

from typing import Any


class Asked:
    """The index behind an opensearch-py client."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def products(self, **given: Any) -> dict[str, Any]:
        """ProductsAnswer as plain data."""
        raise NotImplementedError

    def product(self, product_id: str) -> dict[str, Any] | None:
        """ProductAnswer as plain data; None when there is no such product."""
        raise NotImplementedError

    def suggestions(self, typed: str, size: int) -> dict[str, Any]:
        """SuggestAnswer as plain data."""
        raise NotImplementedError
