"""Feeds that add values to products of others: what a catalog must say of them, and what they read."""

from __future__ import annotations

import pytest

from mallfeed.authoring.diff import differences
from mallfeed.authoring.slices import slices_left_behind
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.read import read_catalog
from mallfeed.errors import CatalogInvalid
from mallfeed.feed.drift import check_header

HEAD = """
mall: shop
version: {version}
effective_from: 2026-01-0{version}T00:00:00+09:00
owner: feeds
contact: md@example.com
fields: {{product_id: id, title: title, price: price, url: url, category_path: category}}
attributes: {{color: color}}
rows: {{drop: {{hidden: "state = 'hidden'"}}}}
feeds:
"""
FULL = "  full: {format: csv}\n"
GTINS = "  gtins: {format: csv, role: supplement, key_pattern: 'g*', fields: {gtin: barcode}}\n"


def catalog(*feeds: str, version: int = 1) -> Catalog:
    return read_catalog(HEAD.format(version=version) + "".join(feeds), f"v{version}.yaml")


def test_a_supplement_reads_its_own_fields_and_the_id() -> None:
    read = catalog(FULL, GTINS)
    assert set(read.fields_of("gtins")) == {"product_id", "gtin"}
    assert read.attributes_of("gtins") == {}
    assert read.row_rules("gtins") == ()
    assert read.merges("gtins")
    assert read.slices == ("full",)
    assert read.supplements == ("+gtins",)
    assert read.slice_of("gtins") == "+gtins"


def test_only_the_id_must_be_in_its_file() -> None:
    read = catalog(FULL, GTINS)
    assert check_header(["id", "barcode"], {}, read, "gtins") is None
    assert check_header(["id"], {}, read, "gtins") is None
    drift = check_header(["id", "bar_code"], {}, read, "gtins")
    assert drift is not None
    assert drift.missing == {"barcode": "bar_code"}, "it would add nothing, day after day"
    assert check_header(["code", "barcode"], {}, read, "gtins") is not None


def test_a_delta_of_a_mall_with_one_full_feed_and_a_supplement_belongs_to_the_full_feed() -> None:
    delta = "  changes: {format: csv, mode: delta, operation: {from: op}, key_pattern: 'c*'}\n"
    assert catalog(FULL, GTINS, delta).slice_of("changes") == "full"


@pytest.mark.parametrize(
    ("feeds", "told"),
    [
        ((GTINS,), "all feeds are supplements, and none brings products"),
        (
            (FULL, GTINS.replace("fields: {gtin: barcode}", "fields: {product_id: code}")),
            "`feeds.gtins` gives no value: it maps nothing but the id",
        ),
        ((FULL, GTINS.replace("  gtins:", "  'gt ins':")), "has a name that its partition cannot have"),
        ((FULL, GTINS.replace("csv,", "csv, slice: a,")), "`feeds.gtins.slice` has no effect"),
        ((FULL, GTINS.replace("csv,", "csv, update: merge,")), "`feeds.gtins.update` has no effect"),
        ((FULL.replace("csv", "csv, priority: 3"),), "`feeds.full.priority` has no effect"),
        ((FULL.replace("csv", "csv, slice: +a"),), "begins with `+`, as supplements do"),
        (("  +full: {format: csv}\n",), "begins with `+`, as supplements do"),
        ((FULL, GTINS.replace("csv,", "csv, priority: 1001,")), "priority"),
        ((FULL, GTINS.replace("supplement", "suplement")), "supplement"),
    ],
)  # fmt: skip
def test_what_a_supplement_cannot_be_is_told(feeds: tuple[str, ...], told: str) -> None:
    with pytest.raises(CatalogInvalid) as refused:
        catalog(*feeds)
    assert told in str(refused.value)


def test_a_version_without_a_supplement_says_what_stays() -> None:
    old, new = catalog(FULL, GTINS), catalog(FULL, version=2)
    ((version, what),) = slices_left_behind([old, new])
    assert version is new
    assert "no supplement 'gtins' any more" in what
    assert "`mallfeed slice drop shop +gtins --why TEXT`" in what
    (gone,) = (one for one in differences(old, new) if one.feed == "gtins")
    assert "what this supplement gave stays until" in gone.what


def test_a_delta_of_a_supplement_needs_no_operation() -> None:
    read = catalog(FULL, GTINS.replace("csv,", "csv, mode: delta, priority: 900,"))
    assert (read.feeds["gtins"].mode, read.feeds["gtins"].operation) == ("delta", None)
