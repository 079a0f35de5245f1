"""Which prices compare: one product, one class of condition, one size of pack, one currency."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from mallfeed.product.rates import NO_RATES, Rates
from mallfeed.search import compared, engine
from mallfeed.search.cursor import CursorInvalid
from mallfeed.search.request import SearchRequest, Sort
from mallfeed.search.result import Offers, OfOtherKind, SearchResult
from tests.search.little_shop import filled_index, row

pytestmark = pytest.mark.sinks
INDEX = "products-compared-tests"
RATES = Rates(
    "KRW",
    date(2026, 11, 30),
    {"USD": Decimal("1390.5"), "JPY": Decimal("9.02"), "BHD": Decimal("3688")},
)
PHONE, LAPTOP, PAN, RICE = "8801643000011", "8801643000028", "8801643000035", "8801643000042"


def offer(
    mall: str, price: str, title: str, gtin: str, currency: str = "KRW", **more: Any
) -> dict[str, Any]:
    """An offer of a mall, its id its currency and price."""
    product_id = f"{currency}-{price}"
    return row(
        product_id,
        title,
        mall,
        price=Decimal(price),
        currency=currency,
        gtin=gtin,
        category_path=["가전"],
        **more,
    )


def rows() -> Iterator[dict[str, Any]]:
    """The four malls of one phone; and their neighbours."""
    phone = ("사과폰", PHONE)
    yield offer("a_mall", "400000", *phone, shipping_fee=Decimal(3000))
    yield offer("b_mall", "120000", *phone, condition="used")
    yield offer("c_mall", "299", *phone, currency="USD")
    yield offer("d_mall", "390000", *phone, pack_size=6)
    # JPY and USD in one mall, one that is sold out, one without a rate
    laptop = ("배나무 노트북", LAPTOP)
    yield offer("a_mall", "100000", *laptop, currency="JPY", shipping_fee=Decimal(500))
    yield offer("a_mall", "650", *laptop, currency="USD", shipping_fee=Decimal(0))
    yield offer("b_mall", "890000", *laptop, shipping_fee=Decimal(-1), availability="out_of_stock")
    yield offer("c_mall", "905000", *laptop)
    yield offer("d_mall", "580", *laptop, currency="EUR", shipping_fee=Decimal(0))
    # used only, in two malls
    yield offer("a_mall", "30000", "무쇠 팬", PAN, condition="used")
    yield offer("b_mall", "35000", "무쇠 팬", PAN, condition="used")
    # no mall has a rate
    yield offer("a_mall", "20", "흰 쌀", RICE, currency="EUR")
    yield offer("b_mall", "25", "흰 쌀", RICE, currency="GBP")


@pytest.fixture(scope="module")
def shop(opensearch: str) -> Iterator[tuple[Any, str]]:
    """Those offers."""
    with filled_index(opensearch, INDEX, rows()) as filled:
        yield filled


def ask(shop: tuple[Any, str], rates: Rates = RATES, **given: Any) -> SearchResult:
    return engine.search(shop[0], SearchRequest(**given), shop[1], rates)


def ids(found: SearchResult) -> list[str]:
    return [hit.id for hit in found.hits]


def offers_of(
    shop: tuple[Any, str], identifier: str, delivered: bool = False
) -> list[tuple[str, bool]]:
    """(id, whether it is the lowest) of each offer of a product, in order."""
    found = engine.product(shop[0], identifier, shop[1], RATES, delivered)
    assert found is not None
    return [(one.id, one.is_lowest) for one in found.offers]


def test_four_malls_of_one_gtin_are_three_products_to_compare(shop: tuple[Any, str]) -> None:
    found = {hit.id: hit.offers for hit in ask(shop, q="사과폰", sort=Sort.price_asc).hits}
    assert found == {
        "b_mall:KRW-120000": None,
        "d_mall:KRW-390000": None,
        "a_mall:KRW-400000": Offers(malls=2, lowest_price=400_000, currency="KRW"),
    }


def test_299_dollars_are_not_the_lowest_of_prices_in_won(shop: tuple[Any, str]) -> None:
    assert offers_of(shop, "a_mall:KRW-400000") == [
        ("a_mall:KRW-400000", True),
        ("c_mall:USD-299", False),
    ]


def test_a_product_names_its_offers_of_other_kinds(shop: tuple[Any, str]) -> None:
    found = engine.product(shop[0], "c_mall:USD-299", shop[1], RATES)
    assert found is not None
    assert found.others == [
        OfOtherKind("new", 6, Offers(1, 390_000, "KRW")),
        OfOtherKind("used", 1, Offers(1, 120_000, "KRW")),
    ]


def test_a_pack_of_six_has_one_of_its_own_only(shop: tuple[Any, str]) -> None:
    assert offers_of(shop, "d_mall:KRW-390000") == [("d_mall:KRW-390000", True)]


def test_currencies_of_one_mall_compare_and_what_has_no_rate_comes_last(
    shop: tuple[Any, str],
) -> None:
    assert offers_of(shop, "c_mall:KRW-905000") == [
        ("b_mall:KRW-890000", False),  # sold out
        ("a_mall:JPY-100000", True),  # 902,000
        ("a_mall:USD-650", False),  # 903,825
        ("c_mall:KRW-905000", False),
        ("d_mall:EUR-580", False),
    ]
    (hit,) = ask(shop, q="배나무 노트북").hits
    assert hit.offers == Offers(malls=4, lowest_price=902_000, currency="KRW", not_compared=1)


def test_by_delivered_price_unknown_fees_come_last_and_are_never_the_lowest(
    shop: tuple[Any, str],
) -> None:
    assert offers_of(shop, "c_mall:KRW-905000", delivered=True) == [
        ("a_mall:USD-650", True),  # 903,825 with a free delivery
        ("a_mall:JPY-100000", False),  # 902,000 + 4,510
        ("b_mall:KRW-890000", False),  # collected on delivery
        ("c_mall:KRW-905000", False),  # not known
        ("d_mall:EUR-580", False),  # no rate
    ]
    first, *_ = ask(shop, q="노트북", sort=Sort.delivered_asc).hits
    assert first.id == "a_mall:USD-650"


def test_used_only_has_a_lowest_price_of_its_own(shop: tuple[Any, str]) -> None:
    (hit,) = ask(shop, q="무쇠 팬").hits
    assert hit.offers == Offers(malls=2, lowest_price=30_000, currency="KRW")


def test_a_product_without_any_rate_is_shown_and_has_no_lowest_price(shop: tuple[Any, str]) -> None:
    (hit,) = ask(shop, q="흰 쌀").hits
    assert hit.offers == Offers(malls=2, lowest_price=None, currency="KRW", not_compared=2)
    assert offers_of(shop, hit.id) == [("a_mall:EUR-20", False), ("b_mall:GBP-25", False)]


@pytest.mark.parametrize("sort", [Sort.price_asc, Sort.price_desc])
def test_over_pages_prices_are_in_the_order_of_the_shops_currency(
    shop: tuple[Any, str], sort: Sort
) -> None:
    shown, after = [], None
    while True:
        page = ask(shop, sort=sort, size=2, group=False, after=after)
        shown += [(RATES.in_shop(h.fields["price"], h.fields["currency"]), h.id) for h in page.hits]
        if (after := page.next) is None:
            break
    known = [price for price, _ in shown if price is not None]
    assert known == sorted(known, reverse=sort is Sort.price_desc)
    assert len(shown) == len({one for _, one in shown}) == 13
    assert [price for price, _ in shown[-3:]] == [None] * 3


def test_a_range_is_of_prices_in_the_shops_currency(shop: tuple[Any, str]) -> None:
    found = ask(shop, price_min=415_760, price_max=903_825, sort=Sort.price_asc, group=False)
    assert ids(found) == [
        "c_mall:USD-299",  # 415,759.50 is 415,760 won
        "b_mall:KRW-890000",
        "a_mall:JPY-100000",
        "a_mall:USD-650",
    ]
    assert ids(ask(shop, price_max=400)) == []


def test_the_facet_counts_prices_in_the_shops_currency(shop: tuple[Any, str]) -> None:
    facets = ask(shop, facets=True).facets
    assert facets is not None
    counted = [(one.at_least, one.below, one.count) for one in facets.by["price"]]
    assert counted == [(30_000, 50_000, 2), (100_000, 300_000, 1), (300_000, 1_000_000, 7)]
    narrowed = ask(shop, facets=True, price_min=300_000, price_max=999_999.99)
    assert narrowed.total == 7


def test_without_rates_only_the_shops_currency_compares(shop: tuple[Any, str]) -> None:
    (hit,) = ask(shop, NO_RATES, q="배나무 노트북").hits
    assert hit.offers == Offers(malls=4, lowest_price=905_000, currency="KRW", not_compared=3)
    assert ids(ask(shop, NO_RATES, price_max=1000)) == []


def test_the_shop_may_count_in_dollars(shop: tuple[Any, str]) -> None:
    dollars = Rates("USD", date(2026, 11, 30), {"KRW": Decimal("0.00072")})
    (hit,) = ask(shop, dollars, q="사과폰", price_min=280, price_max=289, mall=("a_mall",)).hits
    assert hit.id == "a_mall:KRW-400000"
    assert hit.offers == Offers(malls=2, lowest_price=288.0, currency="USD")


def test_a_page_does_not_go_on_by_other_rates(shop: tuple[Any, str]) -> None:
    first = ask(shop, sort=Sort.price_asc, size=1)
    with pytest.raises(CursorInvalid):
        ask(shop, NO_RATES, sort=Sort.price_asc, size=1, after=first.next)


def test_a_document_of_an_earlier_release_has_no_say_in_the_lowest_price_of_another_class(
    opensearch: str,
) -> None:
    old = offer("b_mall", "120000", "사과폰", PHONE, condition="used")
    with filled_index(opensearch, f"{INDEX}-old", [*rows(), old]) as (client, index):
        key = {"doc": {"product_group_key": f"gtin:0{PHONE}"}}  # as written before classes counted
        client.update(index=index, id="b_mall:KRW-120000", body=key, refresh=True)
        found = engine.product(client, "a_mall:KRW-400000", index, RATES)
        assert found is not None
        assert found.hit.offers == Offers(malls=2, lowest_price=400_000, currency="KRW")
        assert [one.id for one in found.offers] == ["a_mall:KRW-400000", "c_mall:USD-299"]


def test_a_shop_of_one_currency_is_sorted_by_the_field_and_in_the_same_order(
    opensearch: str, shop: tuple[Any, str]
) -> None:
    assert not compared.is_in_one_currency(*shop, RATES)
    won = [one for one in rows() if one["currency"] == "KRW"]
    with filled_index(opensearch, f"{INDEX}-won", won) as (client, index):
        assert compared.is_in_one_currency(client, index, RATES)
        for sort in (Sort.price_asc, Sort.price_desc):
            request = SearchRequest(sort=sort, group=False)
            by_field = engine.search(client, request, index, RATES)
            mixed = [
                one
                for one in ask(shop, sort=sort, group=False).hits
                if one.fields["currency"] == "KRW"
            ]
            assert ids(by_field) == [one.id for one in mixed]
