"""The judged set itself: large and varied enough, answerable, and the same on every run."""

from collections import Counter

import pytest

from tests.search.judged import load
from tests.search.judged.judging import JudgementUnreadable, check, grade, holds
from tests.search.judged.products import gtin, listings

SOLD_WELL = {
    "type": "tv",
    "brand": "lg",
    "inch": 65,
    "has": ["4K"],
    "trap": False,
    "state": "in_stock",
    "reviews": 150,
}


def test_products_are_many_and_varied() -> None:
    products = load().products
    assert len(products) >= 5_000
    assert len({one["category_path"][0] for one in products}) >= 20
    assert len({one["mall_id"] for one in products}) >= 5
    assert len({(one["mall_id"], one["product_id"]) for one in products}) == len(products)


def test_products_hold_what_search_is_tried_with() -> None:
    products = load().products
    malls_of = Counter(
        code for code, _ in {(one["gtin"], one["mall_id"]) for one in products if one["gtin"]}
    )
    assert max(malls_of.values()) >= 4
    assert {one["availability"] for one in products} >= {"in_stock", "out_of_stock", "preorder"}
    assert any(one["review_count"] == 0 for one in products)
    assert sum(one.truth["trap"] for one in listings()) >= 5


def test_products_obey_the_canonical_rules() -> None:
    for one in load().products:
        assert one["price"] > 0
        assert one["list_price"] is None or one["list_price"] >= one["price"]
        assert 1 <= len(one["title"]) <= 300
        assert one["title"] == " ".join(one["title"].split())
        assert (one["rating"] is None) == (one["review_count"] == 0)


def test_a_gtin_has_a_right_check_digit() -> None:
    assert gtin(123456789) == "8801234567893"


def test_there_are_enough_queries_and_none_twice() -> None:
    judged = load()
    assert len(judged.queries) >= 200
    assert len(judged.completions) >= 60
    assert max(Counter(one.text for one in judged.queries).values()) == 1
    assert len({one.kind for one in judged.queries}) >= 15


def test_every_query_has_a_good_answer() -> None:
    unanswered = [one.text for one in load().queries if max(one.grades.values(), default=0) < 2]
    assert unanswered == []


def test_every_completion_has_a_good_text() -> None:
    assert [one.typed for one in load().completions if not one.texts] == []


def test_a_completion_is_compared_without_case_spaces_and_marks() -> None:
    typed = next(one for one in load().completions if one.typed == "wh1000")
    assert typed.accepts("소니 wh 1000xm5")
    assert not typed.accepts("소니 WF-1000XM5")


def test_the_listings_are_the_same_when_made_again() -> None:
    assert listings.__wrapped__() == listings()


def test_the_best_grade_that_holds_counts() -> None:
    judgement = {3: {"type": "tv", "inch": [65, 75]}, 1: {"type": "tv"}}
    assert grade(judgement, SOLD_WELL) == 3
    assert grade(judgement, SOLD_WELL | {"inch": 55}) == 1
    assert grade(judgement, SOLD_WELL | {"type": "fan"}) == 0


def test_sold_out_is_two_at_most_and_a_trap_one() -> None:
    assert grade({3: {"type": "tv"}}, SOLD_WELL | {"state": "out_of_stock"}) == 2
    assert grade({3: {"type": "tv"}}, SOLD_WELL | {"trap": True}) == 1


@pytest.mark.parametrize(
    ("clauses", "expected"),
    [
        ({"has": "4K"}, True),
        ({"has": "게이밍"}, False),
        ({"reviews_from": 100}, True),
        ({"reviews_from": 200}, False),
        ([{"type": "fan"}, {"brand": "lg"}], True),
        ({"type": "tv", "colour": "black"}, False),
    ],
)
def test_a_clause_holds_when_all_its_facts_do(clauses: object, expected: bool) -> None:
    assert holds(clauses, SOLD_WELL) is expected


def test_a_slip_in_a_judgement_is_reported() -> None:
    with pytest.raises(JudgementUnreadable, match="TV: no fact is called 'color'"):
        check("TV", {"color": "black"}, {})
    with pytest.raises(JudgementUnreadable, match=r"TV: no product has type \['tvs'\]"):
        check("TV", {"type": "tvs"}, {"type": {"tv"}})
