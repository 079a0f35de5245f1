"""Sales in a catalog: the usual price under `price`, and one source for each end of their time."""

from __future__ import annotations

import pytest

from mallfeed.catalog.read import read_catalog
from mallfeed.errors import CatalogInvalid

HEAD = """
mall: shop
version: 1
effective_from: 2026-01-01T00:00:00+09:00
owner: feeds
contact: md@example.com
fields: {product_id: id, title: title, url: url, category_path: category, %s}
feeds:
  full: {format: csv, default: true%s}
"""


def faults(fields: str, feed: str = "") -> list[str]:
    try:
        read_catalog(HEAD % (fields, feed), "v1.yaml")
    except CatalogInvalid as invalid:
        return list(invalid.faults)
    return []


@pytest.mark.parametrize(
    ("fields", "feed"),
    [
        ("price: [sale, price], sale_price: sale", ""),
        ("price: sale, sale_price: sale", ""),
        ("price: {from: [sale, price]}, sale_price: {from: [member, sale]}", ""),
        ("price: [sale, price]", ", fields: {sale_price: sale}"),
        ("price: price, sale_price: sale", ", fields: {price: [sale, price]}"),
    ],
)
def test_the_price_of_a_sale_is_not_the_usual_one_too(fields: str, feed: str) -> None:
    (fault,) = faults(fields, feed)
    assert "`price` reads `sale` first, as `sale_price` does" in fault


@pytest.mark.parametrize(
    "fields",
    [
        "price: [sale, price], list_price: price",
        "price: [price, sale], sale_price: sale",
        "price: price, sale_price: [member, sale]",
        "price: price, sale_price: sale, sale_window: during",
        "price: price, sale_price: sale, sale_starts_at: begins, sale_ends_at: ends",
    ],
)
def test_what_stands_apart_is_taken(fields: str) -> None:
    assert faults(fields) == []


def test_an_end_of_its_own_beside_a_window_is_refused_in_one_place() -> None:
    (fault,) = faults("price: price, sale_price: sale, sale_window: during, sale_ends_at: ends")
    assert "`fields.sale_ends_at` stands beside `sale_window`" in fault
    own = ", fields: {sale_ends_at: ends}"
    assert faults("price: price, sale_price: sale, sale_window: during", own) == [], "a feed's own"
