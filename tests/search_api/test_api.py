"""The search API on a real OpenSearch, called as API Gateway calls it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from infra.local.ports import free_ports
from mallfeed.search import cursor
from mallfeed.search.request import SearchRequest, Sort
from mallfeed.search.result import Reading
from mallfeed.search_api import api
from mallfeed.sinks.opensearch.connection import ConnectionSpec, connect
from tests.search_api.shop import MALLS, ODD_ID, answering, get

pytestmark = [pytest.mark.sinks, pytest.mark.usefixtures("the_shop")]


def products(**parameters: Any) -> dict[str, Any]:
    """The body of GET /products."""
    got = get(f"/products?{urlencode(parameters, doseq=True)}")
    assert got.status == 200, got.body
    return dict(got.body)


def test_products_are_found_with_price_mall_link_and_picture() -> None:
    found = products(q="갤럭시북")
    assert found["items"]
    first = found["items"][0]
    assert "갤럭시북" in first["title"]
    assert first["id"] == f"{first['mall_id']}:{first['product_id']}"
    assert first["mall_id"] in MALLS
    assert first["currency"] == "KRW"
    assert first["price"] > 0
    assert first["url"].startswith("https://")
    assert first["image_url"].startswith("https://images.example/")


@pytest.mark.parametrize(("group", "least"), [("true", 45), ("false", 95)])
def test_without_words_every_product_is_listed_page_by_page_each_once(
    group: str, least: int
) -> None:
    seen: list[str] = []
    page = products(size=7, sort="price_asc", group=group)
    total = page["total"]["value"]
    prices = []
    while True:
        seen += [item["id"] for item in page["items"]]
        prices += [item["price"] for item in page["items"]]
        if "next" not in page:
            break
        page = products(size=7, sort="price_asc", group=group, after=page["next"])
    assert len(seen) == len(set(seen))
    assert total >= len(seen) > least
    assert prices == sorted(prices)


@pytest.mark.parametrize(("sort", "field", "down"), [
    ("price_asc", "price", False), ("price_desc", "price", True), ("reviews", "review_count", True),
])  # fmt: skip
def test_results_come_in_the_order_that_was_asked_for(sort: str, field: str, down: bool) -> None:
    values = [item.get(field, 0) for item in products(sort=sort, size=50, group="false")["items"]]
    assert len(values) == 50
    assert values == sorted(values, reverse=down)


def test_filters_narrow_and_repeat() -> None:
    two = products(mall=[MALLS[0], MALLS[2]], size=100)
    assert {item["mall_id"] for item in two["items"]} == {MALLS[0], MALLS[2]}
    assert {i["brand"] for i in products(brand="나이키", size=100)["items"]} == {"나이키"}
    dear = products(price_min=100_000, price_max=150_000, size=100)["items"]
    assert dear
    assert all(100_000 <= item["price"] <= 150_000 for item in dear)
    free = products(free_shipping="true", size=100)["items"]
    assert free
    assert all(item["shipping_fee"] == 0 for item in free)
    gone = products(availability="out_of_stock", size=100)["items"]
    assert {item["availability"] for item in gone} == {"out_of_stock"}
    shoes = products(category="패션잡화>신발", size=100)["items"]
    assert shoes
    assert all(item["category_path"][:2] == ["패션잡화", "신발"] for item in shoes)


def test_facets_come_on_request_and_their_counts_are_what_choosing_gives() -> None:
    assert "facets" not in products(q="이어폰")
    facets = products(q="이어폰", facets="true")["facets"]
    assert {bucket["value"] for bucket in facets["mall"]} == set(MALLS)
    for bucket in facets["brand"]:
        narrowed = products(q="이어폰", brand=bucket["value"])
        assert narrowed["total"] == {"value": bucket["count"], "exact": True}
    for bucket in facets["category"]:
        narrowed = products(q="이어폰", category=bucket["value"])
        assert narrowed["total"]["value"] == bucket["count"]


def test_variants_of_an_article_are_one_item_that_says_how_many() -> None:
    (coat,) = products(q="겨울 코트")["items"]
    assert coat["product_id"].startswith("coat-")
    assert coat["variants"] == 3


def test_a_product_has_the_offers_of_every_mall_cheapest_first() -> None:
    item = next(i for i in products(q="신라면", size=20)["items"] if "offers" in i)
    got = get(f"/products/{quote(item['id'], safe='')}").body
    assert got["product"]["id"] == item["id"]
    assert len(got["offers"]) == item["offers"]["malls"] == 2
    prices = [offer["price"] for offer in got["offers"]]
    assert prices == sorted(prices)
    assert prices[0] == item["offers"]["lowest_price"]
    assert item["id"] in {offer["id"] for offer in got["offers"]}


def test_an_id_may_hold_any_character() -> None:
    key = f"{MALLS[1]}:{ODD_ID}"
    got = get(f"/products/{quote(quote(key, safe=''), safe='')}")
    assert (got.status, got.body["product"]["product_id"]) == (200, ODD_ID)
    plain = get(f"/products/{MALLS[0]}:coat-M")
    assert plain.body["product"]["product_id"] == "coat-M"


@pytest.mark.parametrize("typed", ["갤럭", "갤러", "ㄱㄹㅅ", "roffjr"])
def test_what_is_being_typed_is_completed(typed: str) -> None:
    got = get(f"/suggest?{urlencode({'q': typed})}")
    assert got.status == 200
    texts = [one["text"] for one in got.body["suggestions"]]
    assert any("갤럭시" in text for text in texts), texts
    assert len(texts) == len(set(texts)) <= 10


def test_a_search_with_a_comma_is_one_search() -> None:
    assert products(q="갤럭시북4, 프로")["items"]


# -- errors


def problem(target: str, status: int, method: str = "GET") -> dict[str, Any]:
    """The problem document of that request."""
    got = get(target, method)
    assert got.status == status, got
    assert got.headers["content-type"] == "application/problem+json"
    assert got.headers["cache-control"] == "no-store"
    assert got.body["status"] == status
    assert {"type", "title", "detail", "instance"} <= set(got.body)
    return dict(got.body)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("size=0", "size"),
        ("size=101", "size"),
        ("size=many", "size"),
        ("q=" + "가" * 201, "q"),
        ("price_min=-1", "price_min"),
        ("price_min=NaN", "price_min"),
        ("sort=cheap", "sort"),
        ("facets=maybe", "facets"),
        ("facets=true&facets=false", "facets"),
        ("mall=Not%20A%20Mall", "mall"),
        ("availability=somewhere", "availability"),
        ("brand=" + "x" * 101, "brand"),
        ("q=a&q=b", "q"),
        ("prize=1", "prize"),
    ],
)
def test_a_parameter_that_cannot_be_taken_is_named(query: str, parameter: str) -> None:
    document = problem(f"/products?{query}", 422)
    assert parameter in {fault["parameter"] for fault in document["errors"]}
    assert parameter in document["detail"]


def test_every_fault_is_named_at_once() -> None:
    document = problem("/products?size=0&sort=cheap&price_max=x", 422)
    assert [f["parameter"] for f in document["errors"]] == ["price_max", "sort", "size"]


def test_a_cursor_of_another_search_is_refused() -> None:
    page = products(size=2, sort="price_asc")
    assert products(size=5, sort="price_asc", after=page["next"])["items"]
    for after, sort in ((page["next"], "reviews"), ("nonsense", "price_asc"), ("가", "price_asc")):
        target = f"/products?size=2&sort={sort}&after={quote(after)}"
        assert "begin again" in problem(target, 409)["detail"]


def test_a_cursor_that_somebody_made_up_is_no_fault_of_ours() -> None:
    request = SearchRequest(sort=Sort.price_asc, size=2)
    made_up = cursor.write(request, cursor.Place(["x"], Reading.as_typed, ""))
    problem(f"/products?size=2&sort=price_asc&after={made_up}", 409)


def test_what_is_not_there_is_a_problem_that_says_so() -> None:
    assert "no_mall:1" in problem("/products/no_mall:1", 404)["detail"]
    assert "/suggest" in problem("/nothing/here", 404)["detail"]


def test_another_method_is_refused_with_those_allowed() -> None:
    problem("/products", 405, "POST")
    got = get("/products/a:b", "DELETE")
    assert (got.status, got.headers["allow"]) == (405, "GET, HEAD")


def test_without_opensearch_it_says_when_to_come_back() -> None:
    (port,) = free_ports(1)
    with answering(connect(ConnectionSpec(f"http://127.0.0.1:{port}")), "products"):
        for target in ("/products", "/products/a:b", "/suggest?q=a"):
            problem(target, 503)
            assert get(target).headers["retry-after"] == "5"


def test_without_the_index_it_says_when_to_come_back(the_shop: Any) -> None:
    with answering(the_shop, "products-not-there"):
        problem("/products", 503)


def test_a_fault_of_ours_tells_nothing_but_where_to_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Broken:
        def products(self, **_: Any) -> dict[str, Any]:
            raise RuntimeError("secret")

    monkeypatch.setattr(api, "asked", Broken)
    document = problem("/products", 500)
    assert "secret" not in str(document)


# -- caching


@pytest.mark.parametrize("target", ["/products?q=%EB%9D%BC%EB%A9%B4&facets=true", "/suggest?q=a",
                                    f"/products/{MALLS[0]}:coat-M"])  # fmt: skip
def test_the_same_answer_is_not_sent_twice(target: str) -> None:
    first, again = get(target), get(target)
    assert first.headers["etag"] == again.headers["etag"]
    assert "max-age=" in first.headers["cache-control"]
    kept = get(target, If_None_Match=f'"other", {first.headers["etag"]}')
    assert (kept.status, kept.body) == (304, None)
    assert kept.headers["etag"] == first.headers["etag"]
    assert get(target, If_None_Match='"other"').status == 200


def test_head_answers_as_get_without_a_body() -> None:
    got, head = get("/products?size=1"), get("/products?size=1", "HEAD")
    assert (head.status, head.body) == (200, None)
    assert head.headers["etag"] == got.headers["etag"]


def test_other_pages_have_other_tags() -> None:
    tags = [get(f"/products?size={size}").headers["etag"] for size in (1, 2, 3)]
    assert all(one != other for one, other in pairwise(tags))
