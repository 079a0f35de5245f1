"""Which rows of a feed become products: how rules are put together, and what their names mean."""

from __future__ import annotations

import pytest

from mallfeed.catalog.model import Catalog
from mallfeed.catalog.read import read_catalog
from mallfeed.catalog.rows import Rule
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
