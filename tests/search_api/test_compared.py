"""What the API says of prices in several currencies, conditions and sizes of pack."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.search.little_shop import filled_index
from tests.search.test_compared import RATES, rows
from tests.search_api.shop import answering, get

pytestmark = pytest.mark.sinks
INDEX = "products-compared-api-tests"


@pytest.fixture(scope="module", autouse=True)
def offers(opensearch: str) -> Iterator[None]:
    """The API answers from the four malls' offers and their neighbours."""
    with (
        filled_index(opensearch, INDEX, rows()) as (client, index),
        answering(client, index, RATES),
    ):
        yield


def products(**given: Any) -> Any:
    got = get(f"/products?{urlencode(given)}")
    assert got.status == 200, got.body
    return got.body


def test_an_answer_says_in_which_currency_and_by_the_rates_of_which_day_prices_compare() -> None:
    shop = {"currency": "KRW", "rates_as_of": "2026-11-30"}
    assert products(q="사과폰")["shop"] == shop
    assert get("/products/a_mall:KRW-400000").body["shop"] == shop


def test_a_card_has_its_price_and_the_one_that_compares() -> None:
    (card,) = products(q="사과폰", mall="c_mall")["items"]
    assert (card["price"], card["currency"], card["shop_price"]) == (299, "USD", 415_760)
    assert card["offers"] == {"malls": 2, "lowest_price": 400_000, "currency": "KRW"}
    assert "delivered_price" not in card, "the fee is not known"


def test_a_price_without_a_rate_has_none_to_compare() -> None:
    (card,) = products(q="흰 쌀")["items"]
    assert "shop_price" not in card
    assert card["offers"] == {"malls": 2, "currency": "KRW", "not_compared": 2}


def test_a_product_marks_the_lowest_offer_and_names_the_other_kinds() -> None:
    answer = get("/products/a_mall:KRW-400000").body
    assert [(one["id"], one.get("is_lowest")) for one in answer["offers"]] == [
        ("a_mall:KRW-400000", True),
        ("c_mall:USD-299", None),
    ]
    assert answer["offers"][0]["delivered_price"] == 403_000
    assert answer["others"] == [
        {"condition": "new", "pack_size": 6, "malls": 1, "lowest_price": 390_000, "currency": "KRW"},
        {"condition": "used", "pack_size": 1, "malls": 1, "lowest_price": 120_000, "currency": "KRW"},
    ]  # fmt: skip


def test_offers_can_be_ordered_by_the_price_with_its_delivery() -> None:
    answer = get("/products/c_mall:KRW-905000?offers_by=delivered_price").body
    first, second, *rest = answer["offers"]
    assert (first["id"], first["is_lowest"], first["shop_delivered_price"]) == (
        "a_mall:USD-650", True, 903_825,
    )  # fmt: skip
    assert (second["delivered_price"], second["shop_delivered_price"]) == (100_500, 906_510)
    assert not any("shop_delivered_price" in one or "is_lowest" in one for one in rest)


def test_an_unknown_order_of_offers_is_refused() -> None:
    got = get("/products/c_mall:KRW-905000?offers_by=distance")
    assert (got.status, got.body["errors"][0]["parameter"]) == (422, "offers_by")
