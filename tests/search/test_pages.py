"""Pages, groups, filters, sorts and facets of a result, on the real index."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from mallfeed.search import engine
from mallfeed.search.cursor import CursorInvalid
from mallfeed.search.request import SearchRequest, Sort
from mallfeed.search.result import Offers, SearchResult
from tests.search.little_shop import filled_index, row

pytestmark = pytest.mark.sinks

MALLS = ("a_mall", "b_mall", "c_mall")
ARTICLES = 30


def goods() -> Iterator[dict[str, Any]]:
    """30 cups in three malls by GTIN, ten coats of four sizes each in one mall, one adult product."""
    for number in range(ARTICLES):
        for place, mall in enumerate(MALLS):
            yield row(
                f"cup{number}",
                f"머그컵 {number}호",
                mall,
                gtin=f"88{number:011d}",
                price=Decimal(5_000 + number * 1_000 + place * 100),
                availability="out_of_stock" if place == 0 else "in_stock",
                brand="컵공방" if number % 2 else "찻집",
                category_path=["주방", "컵"],
                review_count=number % 7,
                shipping_fee=Decimal(0) if place == 1 else None,
            )
    for number in range(10):
        for size in "SMLX":
            yield row(
                f"coat{number}{size}",
                f"겨울 코트 {number}호 {size}",
                item_group_id=f"coat{number}",
                price=Decimal(60_000),
                category_path=["옷", "코트"],
            )
    yield row("adult", "성인 머그컵", adult=True)


@pytest.fixture(scope="module")
def shop(opensearch: str) -> Iterator[tuple[Any, str]]:
    """The index."""
    with filled_index(opensearch, "products-pages-tests", goods()) as filled:
        yield filled


def ask(shop: tuple[Any, str], **given: Any) -> SearchResult:
    """One page."""
    return engine.search(shop[0], SearchRequest(**given), shop[1])


def all_pages(shop: tuple[Any, str], **given: Any) -> list[dict[str, Any]]:
    """Every hit's fields, page by page to the end."""
    shown, after = [], None
    while True:
        page = ask(shop, after=after, **given)
        assert len(page.hits) <= given["size"]
        shown += [hit.fields for hit in page.hits]
        if not (after := page.next):
            return shown


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("size", [7, 100])
def test_paging_shows_each_product_once_whatever_its_malls_and_variants(
    shop: tuple[Any, str], sort: Sort, size: int
) -> None:
    shown = all_pages(shop, sort=sort, size=size)
    groups = [fields["product_group_key"] for fields in shown]
    assert len(groups) == len(set(groups)) == ARTICLES + 10 + 1


def test_without_grouping_each_malls_article_is_shown(shop: tuple[Any, str]) -> None:
    shown = all_pages(shop, size=9, group=False, q="머그컵")
    assert len(shown) == len({(f["mall_id"], f["product_id"]) for f in shown}) == ARTICLES * 3 + 1


def test_a_hit_tells_malls_lowest_price_and_variants(shop: tuple[Any, str]) -> None:
    (cup,) = ask(shop, q="머그컵 12호").hits
    assert cup.offers == Offers(malls=3, lowest_price=17_100), "the sold-out 17,000 does not count"
    assert {hit.variants for hit in ask(shop, q="코트").hits} == {4}
    found = engine.product(shop[0], cup.id, shop[1])
    assert found is not None
    assert [offer.fields["price"] for offer in found.offers] == [17_000, 17_100, 17_200]
    assert engine.product(shop[0], "a_mall:none", shop[1]) is None


def test_sorted_by_price_the_order_is_that_of_the_prices(shop: tuple[Any, str]) -> None:
    prices = [fields["price"] for fields in all_pages(shop, size=8, sort=Sort.price_desc)]
    assert prices == sorted(prices, reverse=True)
    prices = [fields["price"] for fields in all_pages(shop, size=8, sort=Sort.price_asc)]
    assert prices == sorted(prices)


def test_each_facet_counts_products_under_every_filter_but_its_own(shop: tuple[Any, str]) -> None:
    facets = ask(shop, q="머그컵", brand=["찻집"], mall=["b_mall"], facets=True).facets
    assert facets is not None
    assert facets.counts == "products"
    counted = {
        name: {one.value: one.count for one in facets.by[name]}
        for name in ("brand", "mall", "category", "availability", "free_shipping")
    }
    assert counted["brand"] == {"찻집": 15, "컵공방": 15}
    assert counted["mall"] == dict.fromkeys(MALLS, 15)
    assert counted["category"] == {"주방": 15, "주방>컵": 15}
    assert counted["availability"] == {"in_stock": 15}
    assert counted["free_shipping"] == {True: 15}
    ranges = [(one.at_least, one.below, one.count) for one in facets.by["price"]]
    assert ranges == [(None, 10_000, 3), (10_000, 30_000, 10), (30_000, 50_000, 2)]


@pytest.mark.parametrize(
    ("narrowed", "count"),
    [
        ({"category": "주방"}, 90), ({"category": "주방>컵"}, 90), ({"category": "컵"}, 0),
        ({"mall": ["a_mall", "c_mall"]}, 60), ({"availability": ["out_of_stock"]}, 30),
        ({"free_shipping": True}, 30), ({"free_shipping": False}, 0),
        ({"price_min": 5_000, "price_max": 5_100}, 2), ({"price_max": 0}, 0),
        ({"price_min": 0}, 131), ({"adult": True}, 1), ({"adult": False}, 130),
        ({"brand": ["컵공방"], "mall": ["c_mall"]}, 15),
    ],
)  # fmt: skip
@pytest.mark.parametrize("facets", [False, True])
def test_filters_narrow(
    shop: tuple[Any, str], narrowed: dict[str, Any], count: int, facets: bool
) -> None:
    assert ask(shop, facets=facets, **narrowed).total == count


def test_a_cursor_of_another_search_or_a_damaged_one_is_refused(shop: tuple[Any, str]) -> None:
    after = ask(shop, q="코트", size=2).next
    assert after
    assert ask(shop, q="코트", size=5, after=after).hits
    for given in (
        {"q": "머그컵", "after": after},
        {"q": "코트", "after": after[:-3]},
        {"after": "한글"},
    ):
        with pytest.raises(CursorInvalid, match="begin again"):
            ask(shop, **given)


def test_what_can_be_bought_comes_before_what_is_sold_out(shop: tuple[Any, str]) -> None:
    hits = ask(shop, q="머그컵 3호", group=False).hits
    assert [hit.fields["mall_id"] for hit in hits][-1] == "a_mall"


@pytest.mark.parametrize(
    "q", ['"', "\\", "{{q}}", "a\nb", "</script>", "%", "🙂", "*", "ㅋ" * 200, "((("]
)
def test_no_text_breaks_a_search_or_a_completion(shop: tuple[Any, str], q: str) -> None:
    from mallfeed.search.request import SuggestRequest

    ask(shop, q=q, facets=True)
    engine.suggest(shop[0], SuggestRequest(q=q), shop[1])
