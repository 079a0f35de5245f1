"""Rows that say since when they hold: what a catalog says of that, and what it may not."""

from __future__ import annotations

import pytest

from mallfeed.authoring.diff import differences
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.read import read_catalog
from mallfeed.errors import CatalogInvalid
from mallfeed.feed.drift import check_header
from mallfeed.feed.source_columns import wanted_columns

HEAD = """
mall: shop
version: 1
effective_from: 2026-01-01T00:00:00+09:00
owner: feeds
contact: md@example.com
fields: {product_id: id, title: title, price: price, url: url, category_path: category}
"""
FULL = "  full: {format: csv}\n"
DELTA = "  changes: {format: csv, mode: delta, operation: {from: op}, key_pattern: 'c*'%s}\n"
GTINS = "  gtins: {format: csv, role: supplement, key_pattern: 'g*', fields: {gtin: barcode}%s}\n"
COLUMNS = ["id", "title", "price", "url", "category"]


def catalog(*feeds: str, shared: str = "") -> Catalog:
    return read_catalog(HEAD + shared + "feeds:\n" + "".join(feeds), "v1.yaml")


def test_rows_of_no_feed_have_stamps_unless_the_catalog_says_so() -> None:
    read = catalog(FULL)
    assert read.stamp_of("full") is None
    assert not read.has_stamps


@pytest.mark.parametrize("written", ["updated_at", "{from: updated_at, formats: [epoch_seconds]}"])
def test_a_feed_s_stamp_is_read_as_a_time_is(written: str) -> None:
    read = catalog(FULL, DELTA % f", as_of: {written}")
    stamp = read.stamp_of("changes")
    assert stamp is not None
    assert stamp.sources == ("updated_at",)
    assert stamp.formats == (("epoch_seconds",) if "epoch" in written else ("iso8601",))
    assert read.stamp_of("full") is None
    assert read.has_stamps, "rows of the full feed count as made when it was"


def test_a_shared_stamp_is_of_all_feeds_but_supplements() -> None:
    read = catalog(FULL, DELTA % ", as_of: changed", GTINS % "", shared="as_of: updated_at\n")
    found = {name: (one := read.stamp_of(name)) and one.sources for name in read.feeds}
    assert found == {"full": ("updated_at",), "changes": ("changed",), "gtins": None}


def test_the_stamp_s_column_is_read_and_must_be_there() -> None:
    read = catalog(FULL, DELTA % "", shared="as_of: updated_at\n")
    for feed, columns in (("full", COLUMNS), ("changes", ["id", "op", "price"])):
        assert "updated_at" in wanted_columns(read, feed).named
        assert check_header([*columns, "updated_at"], {}, read, feed) is None
        drift = check_header([*columns, "update_at"], {}, read, feed)
        assert drift is not None
        assert drift.missing == {"updated_at": "update_at"}


@pytest.mark.parametrize(
    ("feeds", "told"),
    [
        ((FULL, GTINS % ", as_of: updated_at"), "`feeds.gtins.as_of` has no effect"),
        ((FULL, DELTA % ", as_of: {from: t, formats: [nonsense]}"), "is no format of a time"),
        ((FULL, DELTA % ", as_of: {from: t, timezone: Asia/Soul}"), "Asia/Soul"),
        ((FULL, DELTA % ", as_of: ''"), "names no column"),
        (
            ("  full: {format: csv, as_of: t}\n", "  other: {format: csv, key_pattern: 'o*'}\n"),
            "whose full feeds own several slices",
        ),
        (("  full: {format: csv, as_of: t, slice_from: part}\n",), "own several slices"),
    ],
)
def test_what_a_catalog_may_not_say_of_stamps(feeds: tuple[str, ...], told: str) -> None:
    with pytest.raises(CatalogInvalid) as refused:
        catalog(*feeds)
    assert told in str(refused.value)


def test_a_version_that_brings_stamps_says_so_of_each_feed() -> None:
    old, new = catalog(FULL, DELTA % ""), catalog(FULL, DELTA % "", shared="as_of: updated_at\n")
    told = {one.feed for one in differences(old, new) if one.what.startswith("`as_of`: nothing → ")}
    assert told == {"full", "changes"}
