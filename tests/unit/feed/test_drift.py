"""The check of a feed's columns against its catalog."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from mallfeed.catalog.read import read_catalog
from mallfeed.errors import FeedHeld
from mallfeed.feed.drift import check_header
from mallfeed.feed.wanted import wanted_columns
from tests.unit.feed.reading import read

CATALOG = read_catalog(
    """mall: shop
version: 3
effective_from: 2026-01-01T00:00:00+09:00
owner: feeds
contact: md@example.com
fields:
  product_id: id
  title: 상품명
  price: {from: price.sale}
  brand: {from: brand, optional: true}
  url: {type: constant, value: https://shop.example/}
  category_path: {type: constant, value: all}
feeds:
  full: {format: csv}
  delta: {format: csv, mode: delta, operation: {from: op}}
  wide: {format: csv, extra_columns: attributes}
""",
    "v3.yaml",
)


def test_columns_that_fit_are_no_drift() -> None:
    assert check_header(["id", "상품명", "price.sale", "more"], {}, CATALOG, "full") is None


def test_operation_of_a_delta_is_required() -> None:
    drift = check_header(["id", "상품명", "price.sale"], {}, CATALOG, "delta")
    assert drift is not None
    assert dict(drift.missing) == {"op": None}


def test_missing_column_is_told_with_its_likeliest_new_name() -> None:
    drift = check_header(["ID", "상품명", "price.sale", "extra"], {}, CATALOG, "full")
    assert drift is not None
    assert dict(drift.missing) == {"id": "ID"}
    assert drift.unexpected == ("ID", "extra")
    assert drift.message.splitlines()[:4] == [
        "the columns do not fit catalog v3 of shop, feed full",
        "  the catalog reads  the feed has",
        "  id                 - (renamed to ID?)",
        "  -                  extra",
    ]


def test_wanted_columns_keep_everything_where_extra_columns_are_attributes() -> None:
    assert wanted_columns(CATALOG, "full").named == ("id", "상품명", "price.sale", "brand")
    assert not wanted_columns(CATALOG, "full").everything
    assert wanted_columns(CATALOG, "wide").everything


def test_drift_stops_the_reading_before_any_row_is_kept() -> None:
    def refuse(columns: Sequence[str], types: Mapping[str, str]) -> None:
        raise FeedHeld("drift", ", ".join(columns))

    with pytest.raises(FeedHeld, match="drift: id, name"):
        read(b"id,name\n1,a\n", on_columns=refuse, format="csv")
