"""Which rows of a feed become products: how rules are put together, and what their names mean."""

from __future__ import annotations

import pytest

from mallfeed.catalog.model import Catalog
from mallfeed.catalog.read import read_catalog
from mallfeed.catalog.rows import Rule
from mallfeed.errors import CatalogInvalid
from mallfeed.feed.drift import check_header
from mallfeed.feed.source_columns import wanted_columns
from mallfeed.kinds.sql.condition import check_condition, condition
from tests.unit.catalog.conftest import text_of

COLUMNS = ["id", "name", "price", "url", "category"]


def catalog(rows: str, shared: str = "{}") -> Catalog:
    text = text_of("shop").replace("format: csv", f"format: csv, rows: {rows}")
    return read_catalog(f"{text}\nrows: {shared}\n", "v1.yaml")


def test_a_feeds_rules_come_behind_the_shared_ones_and_keep_last() -> None:
    shared = "{keep: name <> 'a', drop: {one: name = 'b', two: name = 'c'}}"
    one = catalog("{keep: name <> 'd', drop: {three: name = 'e', one: name = 'f'}}", shared)
    assert one.row_rules(next(iter(one.feeds))) == (
        Rule("one", "name = 'f'"),
        Rule("two", "name = 'c'"),
        Rule("three", "name = 'e'"),
        Rule("keep", "name <> 'd'", keeps=True),
    )


@pytest.mark.parametrize(
    ("sql", "read"),
    [
        ("name = 'a'", ("name",)),  # a column that the title is read from
        ("title = 'a'", ()),  # no column of that name is read, so it is the field
        ("`title` = 'a'", ("title",)),
        ("product.price = 0", ()),
        ("price = 0", ("price",)),
        ("shown = 'N' or product.title is null", ("shown",)),
        ("currency = 'KRW'", ()),
    ],
)
def test_a_bare_name_is_a_column_that_the_feed_reads_before_it_is_a_field(
    sql: str, read: tuple[str, ...]
) -> None:
    one = catalog(f'{{drop: {{r: "{sql}"}}}}')
    feed = next(iter(one.feeds))
    names = one.names_for_rules(feed)
    assert check_condition(sql, names) == []
    assert names.columns_of(sql) == read
    assert wanted_columns(one, feed).everything is bool(read)


def test_columns_that_rows_are_brought_together_by_are_columns_too() -> None:
    rules = "{drop: {r: brand = 'x'}}, inherit: {key: category, columns: [brand]}"
    text = text_of("shop").replace("{product_id", "{brand: maker, product_id")
    one = read_catalog(text.replace("format: csv", f"format: csv, rows: {rules}"), "v1.yaml")
    assert one.names_for_rules("full").columns_of("brand = 'x'") == ("brand",)
    assert one.names_for_rules("full").columns_of("product.brand = 'x'") == ()


def test_a_column_that_only_a_rule_reads_must_be_there() -> None:
    one = catalog("{drop: {hidden: shown = 'N'}}")
    feed = next(iter(one.feeds))
    drift = check_header(COLUMNS, {}, one, feed)
    assert drift is not None
    assert set(drift.missing) == {"shown"}
    assert check_header([*COLUMNS, "shown"], {}, one, feed) is None


def test_values_are_compared_as_what_they_are() -> None:
    names = catalog("{}").names_for_rules("full")
    written = condition(
        "product.price > 10 and product.title = '1'", names, str, lambda n: f"v_{n}"
    )
    assert written.holds == "((v_price > try_cast(10 as decimal(38,6))) and (v_title = '1'))"
    assert written.gave_up is None


_PRICE = "`price` is a number, and never"
_ALL_WORDS = "`in_stock`, `out_of_stock`, `preorder`, `backorder` or `discontinued`"


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("product.price = '무료'", f"{_PRICE} `무료`; expected a number without marks, as 10000"),
        ("product.price > '10,000'", f"{_PRICE} `10,000`; expected a number without marks, as 10000"),
        ("'free' <> product.price", f"{_PRICE} `free`; expected a number without marks, as 10000"),
        ("product.price in (0, '-', '1')", f"{_PRICE} `-`; expected a number without marks, as 10000"),
        ("not (product.price between 1 and 'x')", f"{_PRICE} `x`; expected a number without marks, as 10000"),
        ("case product.price when 'x' then true else false end", f"{_PRICE} `x`; expected a number"),
        ("adult = 'yes'", "`adult` is true or false, and never `yes`; expected `adult` or `not adult`"),
        ("adult = 1", "`adult` is true or false, and never `1`; expected `adult` or `not adult`"),
        ("availability = 'sold out'", f"`availability` is one of its own words, and never `sold out`; expected {_ALL_WORDS}"),
        ("availability = 'in stock'", "and never `in stock`; expected `in_stock`"),
        ("availability in ('preorder', 'preorders')", "and never `preorders`; expected `preorder`"),
        ("mall_updated_at < 'yesterday'", "`mall_updated_at` is a moment in UTC, and never `yesterday`; expected a text as"),
        ("mall_updated_at = '2026-01-31'", "is a moment in UTC, and never `2026-01-31`; expected a text as"),
        ("mall_updated_at > '2026-02-31'", "is a moment in UTC, and never `2026-02-31`; expected a text as"),
        ("mall_updated_at > 20260131", "is a moment in UTC, and never `20260131`; expected a text as"),
        ("tags = 'gift'", "`tags` is a list, which is compared as all of its items with `|` between; expected "
                          "`concat('|', tags, '|') like '%|gift|%'` for one of them"),
        ("currency = 'won'", "`currency` is a code of three capital letters, and never `won`; expected a text as 'KRW'"),
        ("product.title = null", "nothing is equal to null, nor above or below it; expected `is null` or `is not null`"),
        ("`stock` <> null", "nothing is equal to null, nor above or below it"),
        ("product.price between 100 and 10", "nothing is between 100 and 10; expected the lower one first"),
        ("product.url = '/1'", "`url` is a whole address, and never `/1`; expected a text as 'https://shop.kr/1'"),
    ],
)  # fmt: skip
def test_a_comparison_that_can_never_hold_is_refused_with_what_would_fit(
    sql: str, told: str
) -> None:
    text = text_of("shop").replace(
        "{product_id", "{adult: a, availability: b, mall_updated_at: c, tags: d, product_id"
    )
    text = text.replace("format: csv", f'format: csv, rows: {{drop: {{r: "{sql}"}}}}')
    with pytest.raises(CatalogInvalid) as refused:
        read_catalog(text, "v1.yaml")
    (fault,) = refused.value.faults
    assert fault.startswith("v1.yaml:")
    assert told in fault


@pytest.mark.parametrize(
    "sql",
    [
        "product.price = 0", "product.price > '1000.50'", "product.price < -1", "price = '무료'", "adult", "adult = true",
        "availability = 'in_stock'", "availability > 'a'", "mall_updated_at >= '2026-01-31'", "product.price is null",
        "mall_updated_at = '2026-01-31 09:00:00'", "tags = 'a|b'", "concat('|', tags, '|') like '%|gift|%'",
        "currency in ('KRW', 'USD')", "brand <=> null", "product.price between 10 and 10", "product.price = `was`", "product.title = 'yes'",
    ],
)  # fmt: skip
def test_a_comparison_that_may_hold_is_none_of_them(sql: str) -> None:
    text = text_of("shop").replace(
        "{product_id", "{adult: a, availability: b, mall_updated_at: c, tags: d, product_id"
    )
    read_catalog(
        text.replace("format: csv", f'format: csv, rows: {{drop: {{r: "{sql}"}}}}'), "v1.yaml"
    )
