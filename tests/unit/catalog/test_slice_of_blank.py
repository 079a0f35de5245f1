"""Rows that do not say to which slice they belong, in a mall whose rows do."""

from __future__ import annotations

import pytest

from mallfeed.catalog.read import read_catalog
from mallfeed.feed.raw import BOOKKEEPING
from mallfeed.normalise.projections import Projections
from mallfeed.product.record import PRODUCT
from mallfeed.table.fold_columns import IN_SLICE

HEAD = """
mall: shop
version: 1
effective_from: 2026-01-01T00:00:00+09:00
owner: feeds
contact: md@example.com
fields: {product_id: id, title: title, price: price, url: url, category_path: category}
feeds:
"""
FULL = "  parts: {format: csv, slice_from: part}\n"
NAMED = "  parts: {format: csv, slice: shop}\n"
OTHER = "  books: {format: csv, key_pattern: 'b*'}\n"
GTINS = "  gtins: {format: csv, role: supplement, key_pattern: 'g*', fields: {gtin: barcode}}\n"
DELTA = "  changes: {format: csv, mode: delta, operation: {from: op}, slice_from: part, key_pattern: 'c*'}\n"


@pytest.mark.parametrize(
    ("feeds", "feed", "slice_name"),
    [
        ((FULL,), "parts", "parts"),
        ((FULL, DELTA), "changes", "parts"),
        ((NAMED, DELTA), "changes", "shop"),
        ((FULL, GTINS, DELTA), "changes", "parts"),
        ((FULL, OTHER, DELTA), "changes", "changes"),
        ((FULL, OTHER), "parts", "parts"),
    ],
)
def test_a_blank_means_the_slice_that_a_full_feed_ends(
    feeds: tuple[str, ...], feed: str, slice_name: str
) -> None:
    catalog = read_catalog(HEAD + "".join(feeds), "v1.yaml")
    columns = ("id", "title", "price", "url", "category", "part", "op")
    types = dict.fromkeys((*BOOKKEEPING, *columns), "string")
    assert catalog.slice_of_blank(feed) == slice_name
    if catalog.feeds[feed].slice_from is not None:
        *_, products = Projections(types, catalog, feed, PRODUCT).in_order()
        assert products[IN_SLICE].endswith(f", '{slice_name}')")
