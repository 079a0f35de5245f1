"""What keeps offers of one product apart."""

from __future__ import annotations

import pytest

from mallfeed.product.comparable import condition_class, kept_apart, product_of


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        ({}, ""),
        ({"condition": "new", "pack_size": 1}, ""),
        ({"condition": "used"}, "#used"),
        ({"condition": "refurbished"}, "#refurbished"),
        ({"condition": "display"}, "#refurbished"),
        ({"condition": "returned"}, "#refurbished"),
        ({"condition": "damaged"}, "#refurbished"),
        ({"pack_size": 6}, "#x6"),
        ({"condition": "used", "pack_size": 6}, "#used#x6"),
    ],
)
def test_class_and_pack_end_the_key(row: dict[str, object], kept: str) -> None:
    assert kept_apart(row) == kept
    assert product_of(f"gtin:08801643000011{kept}") == "gtin:08801643000011"


def test_what_is_not_said_is_new() -> None:
    assert condition_class(None) == "new"
