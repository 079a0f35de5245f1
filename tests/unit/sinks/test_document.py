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


def test_offers_that_do_not_compare_are_groups_of_their_own() -> None:
    def key(**more: object) -> str:
        return str(
            document(upsert("alpha", "p1", gtin="8801234567893", **more))["product_group_key"]
        )

    assert key(condition="damaged") == "gtin:08801234567893#refurbished"
    assert key(condition="used", pack_size=6) == "gtin:08801234567893#used#x6"
    alone = upsert("alpha", "p1", condition="used", pack_size=6)
    assert document(alone)["product_group_key"] == "item:alpha:p1"


@pytest.mark.parametrize(
    ("price", "measure", "base", "unit_price"),
    [
        ("9000", "750 ml", "100 ml", (1200, "100 ml")),
        ("9000", "1.5 kg", "100 g", (600, "100 g")),
        ("10000", "0.75 l", None, (1333.33, "100 ml")),
        ("9900", "30 ea", None, (330, "1 ea")),
        ("10", "2 fl oz", "1 l", (169.07, "1 l")),
        ("9000", "750 ml", "100 g", None),
        ("9000", None, "100 g", None),
    ],
)
def test_the_unit_price_is_that_of_the_base_measure(
    price: str, measure: str | None, base: str | None, unit_price: tuple[float, str] | None
) -> None:
    row = upsert("alpha", "p1", measure=measure, base_measure=base)
    made = document({**row, "price": Decimal(price)})
    assert (made.get("unit_price"), made.get("unit_price_measure")) == (unit_price or (None, None))


def test_variants_are_grouped_within_their_mall() -> None:
    assert document(upsert("alpha", "p1", item_group_id="g"))["variant_key"] == "group:alpha:g"
    assert document(upsert("beta", "p1", item_group_id="g"))["variant_key"] == "group:beta:g"
    assert document(upsert("alpha", "p1"))["variant_key"] == "item:alpha:p1"


def test_extras_are_what_the_sink_has_and_the_table_has_not() -> None:
    assert list(difference(["a", "b", "c", "가"], ["b", "d", "가"])) == ["a", "c"]
    assert list(difference([], ["a"])) == []
    assert list(difference(["a"], [])) == ["a"]
