"""Which documents are generated, and by what."""

from __future__ import annotations

from collections.abc import Callable

from mallfeed.catalog.schema import schema_text
from scripts.docs import catalogs, codes, for_malls, openapi, platforms, search

DOCUMENTS: dict[str, Callable[[], str]] = {
    "catalogs/catalog.schema.json": schema_text,
    "docs/catalogs.md": catalogs.page,
    "docs/codes.md": codes.page,
    "docs/for-malls.md": for_malls.page,
    "docs/openapi.json": openapi.text,
    "docs/platforms.md": platforms.page,
    "docs/search.md": search.page,
}
"""Path in the checkout → its text."""
