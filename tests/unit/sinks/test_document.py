"""The document of a product: what searching needs, computed once, the same from both makers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mallfeed.sinks.opensearch.delete_extras import difference
from mallfeed.sinks.opensearch.document import document
from tests.sink_rows import upsert


def test_null_fields_are_left_out() -> None:
    assert "brand" not in document(upsert("alpha", "p1", brand=None))


def test_every_level_of_the_category_is_a_facet() -> None:
    row = upsert("alpha", "p1", category_path=["패션", "여성", "원피스"])
    assert document(row)["category_tree"] == ["패션", "패션>여성", "패션>여성>원피스"]


@pytest.mark.parametrize(
    ("price", "list_price", "rate"),
    [("9900", "10000", 1), ("1", "3", 66), ("100", "100", None), ("100", None, None)],
)
def test_discount_in_whole_percent(price: str, list_price: str | None, rate: int | None) -> None:
    row = upsert("alpha", "p1", list_price=Decimal(list_price) if list_price else None)
    assert document({**row, "price": Decimal(price)}).get("discount_rate") == rate


@pytest.mark.parametrize(
    ("fee", "free"), [("0", True), ("2500", False), ("-1", False), (None, None)]
)
def test_free_shipping_only_when_the_mall_says_so(fee: str | None, free: bool | None) -> None:
    row = upsert("alpha", "p1", shipping_fee=Decimal(fee) if fee else None)
    assert document(row).get("free_shipping") is free


def test_the_same_article_in_two_malls_has_one_group() -> None:
    one = upsert("alpha", "p1", brand="Sony Korea", model_number="WH-1000XM5")
    other = upsert("beta", "b9", brand="SONY KOREA", model_number="wh 1000xm5")
    assert document(one)["product_group_key"] == document(other)["product_group_key"]
    assert (
        document(upsert("alpha", "p1", gtin="8801234567893"))["product_group_key"]
        == "gtin:08801234567893"
    )


def test_without_gtin_and_model_a_product_is_its_own_group() -> None:
    row = upsert("alpha", "p1", brand="소니", model_number="--")
    assert document(row)["product_group_key"] == "item:alpha:p1"


def test_variants_are_grouped_within_their_mall() -> None:
    assert document(upsert("alpha", "p1", item_group_id="g"))["variant_key"] == "group:alpha:g"
    assert document(upsert("beta", "p1", item_group_id="g"))["variant_key"] == "group:beta:g"
    assert document(upsert("alpha", "p1"))["variant_key"] == "item:alpha:p1"


def test_extras_are_what_the_sink_has_and_the_table_has_not() -> None:
    assert list(difference(["a", "b", "c", "가"], ["b", "d", "가"])) == ["a", "c"]
    assert list(difference([], ["a"])) == []
    assert list(difference(["a"], [])) == ["a"]
