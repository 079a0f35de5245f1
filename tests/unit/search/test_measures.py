"""How lists of results are judged."""

from __future__ import annotations

import pytest

from tests.search.measures import most_apart, ndcg, shown_once

KEYS = {
    "a1": ("product a", "article 1"),
    "a2": ("product a", "article 2"),
    "b1": ("product b", "article 1"),
    "c3": ("product c", "article 3"),
}


def test_the_best_list_is_one_and_the_order_counts() -> None:
    grades = {"a1": 3, "c3": 1}
    assert ndcg(["a1", "c3"], grades, KEYS) == pytest.approx(1.0)
    assert 0 < ndcg(["c3", "a1"], grades, KEYS) < 1
    assert ndcg([], grades, KEYS) == 0


def test_what_was_shown_of_a_product_or_an_article_gains_nothing_again() -> None:
    assert shown_once(["a2", "a1", "b1", "c3"], KEYS) == ["a2", "c3"]
    grades = {"a1": 3, "a2": 3, "c3": 3}
    assert ndcg(["a1", "a2", "c3"], grades, KEYS) < ndcg(["a1", "c3"], grades, KEYS) == 1


def test_the_ideal_has_as_many_as_can_stand_side_by_side() -> None:
    # a2 and b1 share neither product nor article, though a1 shares one with each.
    assert most_apart([KEYS["a1"], KEYS["a2"], KEYS["b1"]]) == 2
    assert ndcg(["a1"], {"a1": 3, "a2": 3, "b1": 3}, KEYS) < 1
    assert ndcg(["a2", "b1"], {"a1": 3, "a2": 3, "b1": 3}, KEYS) == pytest.approx(1.0)


def test_a_query_without_any_good_product_is_not_held_against_a_list() -> None:
    assert ndcg(["c3"], {"a1": 0}, KEYS) == 1.0
