"""The order of texts is refused where numbers may be meant, and left alone where texts are."""

from __future__ import annotations

import pytest

from mallfeed.catalog.ordered_texts import of_expressions, ordered_texts
from mallfeed.catalog.read import read_catalog
from mallfeed.errors import CatalogInvalid
from mallfeed.kinds.rules_of_versions import FIRST_RULES
from mallfeed.kinds.sql.condition import Names
from tests.unit.catalog.conftest import text_of

NAMES = Names(frozenset(("a", "b")), {"title": "text", "price": "number", "expires_at": "text"})


def told(sql: str) -> list[str]:
    return [what for what, _ in ordered_texts(NAMES.tree(sql), NAMES)]


@pytest.mark.parametrize(
    "sql",
    [
        "a > b",
        "a <= b",
        "not (trim(a) < `b`)",
        "replace(a, ',', '') > replace(b, ',', '')",
        "a > '500'",
        "a between b and '1,000'",
        "coalesce(a, b) >= b",
        "greatest(a, b) = '1'",
        "least(a, 0) = '0'",
        "case when a > b then true else false end",
    ],
)
def test_an_order_that_may_mean_numbers_is_told(sql: str) -> None:
    (what,) = told(sql)
    assert "goes by the order of texts, in which '900' is above '1000'" in what


@pytest.mark.parametrize(
    "sql",
    [
        "a > 500",
        "a = b",
        "a in (b, '5')",
        "cast(a as decimal) > cast(b as int)",
        "cast(a as decimal) > b",
        "price > b",
        "a + 0 > b",
        "a between 1 and b",
        "cast(a as string) > b",
        "a < '2026-01-31'",
        "a > expires_at",
        "concat(a, b) > b",
        "lpad(a, 8, '0') > lpad(b, 8, '0')",
        "greatest(cast(a as int), 0) = 1",
        "greatest(a, '2026-01-31') = b",
        "length(a) > length(b)",
    ],
)
def test_an_order_of_numbers_or_of_texts_that_are_meant_is_left_alone(sql: str) -> None:
    assert told(sql) == []


def test_what_to_write_is_said() -> None:
    ((what, expected),) = ordered_texts(NAMES.tree("trim(a) > b"), NAMES)
    assert what.startswith("`trim(a) > b` goes by")
    assert expected.startswith("`cast(trim(a) as decimal)`, and so each of them, for numbers")


def test_expressions_of_fields_are_looked_at_wherever_they_stand() -> None:
    odd = {"type": "expression", "sql": "greatest(a, b)"}
    data = {"fields": {"price": odd}, "feeds": {"full": {"attributes": {"x": {"then": [odd]}}}}}
    assert [path for path, _ in of_expressions(data)] == [
        ("fields", "price", "sql"),
        ("feeds", "full", "attributes", "x", "then", 0, "sql"),
    ]


def test_a_version_that_is_published_goes_on() -> None:
    odd = "{brand: {type: expression, sql: 'greatest(a, b)'}, "
    text = text_of("shop").replace("fields: {", f"fields: {odd}")
    with pytest.raises(CatalogInvalid, match="goes by the order of texts"):
        read_catalog(text, "shop@1")
    assert read_catalog(text, "shop@1", rules=FIRST_RULES)
