"""Deltas whose rows change what they name: what a catalog must say of them, which columns they need."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mallfeed.authoring.diff import differences
from mallfeed.authoring.ids import ids_may_differ
from mallfeed.authoring.whole_rows import whole_rows
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.read import read_catalog
from mallfeed.errors import CatalogInvalid
from mallfeed.feed.drift import check_header
from mallfeed.kinds.rules_of_versions import CLEAN_IDS, FIRST_RULES, PARTIAL_ROWS

HEAD = """
mall: shop
version: 1
effective_from: 2026-01-01T00:00:00+09:00
owner: feeds
contact: md@example.com
"""
FULL = """
  full:
    format: csv
    fields: {product_id: id, title: title, price: price, url: url, category_path: category, brand: brand}
"""
NOW = datetime(2026, 11, 30, tzinfo=UTC)


def catalog(delta: str, *, shared: str = "", full: str = FULL) -> Catalog:
    return read_catalog(f"{HEAD}{shared}feeds:{full}  changes:\n{delta}", "v1.yaml")


MERGING = """
    key_pattern: "c*"
    format: csv
    mode: delta
    operation: {from: op}
    fields: {product_id: id, price: price}
"""


def test_a_delta_maps_its_id_and_what_it_likes() -> None:
    assert catalog(MERGING).merges("changes")
    assert not catalog(MERGING).merges("full")


def test_the_id_is_mapped_by_every_feed() -> None:
    with pytest.raises(CatalogInvalid, match=r"`feeds.changes` does not map `product_id`"):
        catalog(MERGING.replace("product_id: id, ", ""))


def test_a_delta_of_whole_products_maps_all_that_is_required() -> None:
    with pytest.raises(CatalogInvalid, match=r"`feeds.changes` does not map `title`"):
        catalog(MERGING + "    update: replace\n")


def test_a_full_feed_says_nothing_of_updates() -> None:
    with pytest.raises(CatalogInvalid, match="has no effect: each row of a full feed is a whole"):
        catalog(MERGING, full=FULL + "    update: merge\n")


def test_columns_that_are_named_need_no_more_than_id_and_operation() -> None:
    listed = "    csv: {header: false, columns: [id, op]}\n"
    shared = (
        "fields: {product_id: id, title: title, price: price, url: url, category_path: category}\n"
    )
    full = "\n  full: {format: csv}\n"
    delta = MERGING.replace("    fields: {product_id: id, price: price}\n", listed)
    assert catalog(delta, shared=shared, full=full).merges("changes")
    with pytest.raises(CatalogInvalid, match="op"):
        catalog(delta.replace("[id, op]", "[id]"), shared=shared, full=full)


@pytest.mark.parametrize("columns", [("id", "op"), ("id", "op", "price"), ("id", "op", "new")])
def test_id_and_operation_are_all_that_a_file_must_have(columns: tuple[str, ...]) -> None:
    assert check_header(columns, {}, catalog(MERGING), "changes") is None


@pytest.mark.parametrize("columns", [("id", "price"), ("op", "price")])
def test_a_file_without_them_is_held(columns: tuple[str, ...]) -> None:
    drift = check_header(columns, {}, catalog(MERGING), "changes")
    assert drift is not None
    assert list(drift.missing) == [({"id", "op"} - set(columns)).pop()]


@pytest.mark.parametrize("rules", [FIRST_RULES, CLEAN_IDS])
def test_a_version_of_an_earlier_release_stays_with_whole_products(rules: int) -> None:
    old = catalog(MERGING).read_by(rules)
    assert not old.merges("changes")
    assert check_header(("id", "op"), {}, old, "changes") is not None


def test_rules_that_say_nothing_of_ids_change_none() -> None:
    new = catalog(MERGING)
    assert not ids_may_differ(new.read_by(CLEAN_IDS), new.read_by(PARTIAL_ROWS))
    assert ids_may_differ(new.read_by(FIRST_RULES), new.read_by(PARTIAL_ROWS))


def test_deltas_that_a_new_version_would_make_partial_are_listed_with_the_reason() -> None:
    old = catalog(MERGING).read_by(CLEAN_IDS)
    [found] = whole_rows([old], NOW)
    assert (found.mall, found.version, found.feed) == ("shop", 1, "changes")
    assert found.why == (
        "only other feeds map `brand`, `category_path`, `title` or `url`, which a row clears today and keeps then",
    )


def test_optional_columns_and_keys_of_records_are_reasons() -> None:
    same = "{product_id: id, title: title, price: price, url: url, category_path: category, brand: brand}"
    delta = MERGING.replace("{product_id: id, price: price}", same)
    assert list(whole_rows([catalog(delta).read_by(CLEAN_IDS)], NOW)) == []
    optional = delta.replace("brand: brand}", "brand: {from: brand, optional: true}}")
    [found] = whole_rows([catalog(optional).read_by(CLEAN_IDS)], NOW)
    assert found.why == (
        "a file may lack the column of `brand`, which clears it today and keeps it then",
    )
    [found] = whole_rows([catalog(delta.replace("csv", "json")).read_by(CLEAN_IDS)], NOW)
    assert found.why == (
        "a record may leave out a key, which clears its field today and keeps it then",
    )


def test_what_needs_no_look_is_not_listed() -> None:
    old = catalog(MERGING).read_by(CLEAN_IDS)
    assert list(whole_rows([catalog(MERGING)], NOW)) == [], "published by this release"
    assert list(whole_rows([old], datetime(2025, 1, 1, tzinfo=UTC))) == [], "not in force yet"
    later = catalog(MERGING).model_copy(update={"version": 2})
    assert list(whole_rows([old, later], NOW)) == [], "its newest version says so already"


def test_a_diff_says_that_rows_mean_something_else() -> None:
    new = catalog(MERGING)
    [found] = differences(new.read_by(CLEAN_IDS), new)
    assert (found.feed, found.kind) == ("changes", "changed")
    assert "changes what it names only: the rest stays" in found.what
    [back] = differences(new, new.read_by(CLEAN_IDS))
    assert "is a whole product: the rest is cleared" in back.what
    assert differences(new, new) == []
