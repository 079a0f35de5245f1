"""The sample malls are what their script makes, fit their catalogs and agree with themselves."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest

from mallfeed.catalog.place import PLATFORMS
from mallfeed.load.guards import check_guards
from mallfeed.product.codes import CODES
from mallfeed.product.fields import BY_NAME
from mallfeed.table.counts import Counts
from sample_feeds.make import write
from tests.unit.samples.sample_files import (
    CATALOGS,
    MALLS,
    MARKER,
    SAMPLES,
    catalog_at,
    data_files,
    expected_of,
    feed_name_of,
    versions_of,
)


def _files(folder: Path) -> dict[str, bytes]:
    paths = [path for mall in MALLS for path in (folder / mall).rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def test_making_them_again_gives_the_same_bytes(tmp_path: Path) -> None:
    write(tmp_path)
    made, written = _files(tmp_path), _files(SAMPLES)
    assert sorted(made) == sorted(written)
    assert [name for name in made if made[name] != written[name]] == []
    assert {path.name for path in tmp_path.iterdir()} == set(MALLS)


def test_every_mall_has_catalogs_and_every_catalog_a_mall() -> None:
    folders = {path.name for path in CATALOGS.iterdir() if path.is_dir()} - {PLATFORMS}
    assert tuple(sorted(folders)) == MALLS


def test_the_formats_and_shapes_promised_are_there() -> None:
    shapes = set()
    for mall in MALLS:
        for feed in expected_of(mall)["feeds"]:
            spec_name = feed_name_of(catalog := catalog_at(mall, feed["metadata"]), feed)
            spec = catalog.feeds[spec_name]
            layout = getattr(spec.options, "layout", None) or getattr(
                spec.options, "separator", None
            )
            shapes.add((spec.format, layout if spec.format != "parquet" else "", spec.mode))
    assert shapes == {
        ("csv", ",", "full"),
        ("csv", "\t", "full"),
        ("csv", "\t", "delta"),
        ("json", "array", "full"),
        ("json", "lines", "full"),
        ("json", "lines", "delta"),
        ("parquet", "", "full"),
    }
    assert any(len(versions_of(mall)) == 2 for mall in MALLS)


def test_euc_kr_data_holds_syllables_that_only_cp949_has() -> None:
    body = (SAMPLES / "hanbit_mart/goods.csv").read_bytes()
    assert all(syllable in body.decode("cp949") for syllable in "똠펲뷁")
    with pytest.raises(UnicodeDecodeError):
        body.decode("euc_kr")


@pytest.mark.parametrize("mall", MALLS)
def test_each_feed_is_taken_by_the_version_and_format_it_names(mall: str) -> None:
    for feed in expected_of(mall)["feeds"]:
        catalog = catalog_at(mall, feed["metadata"])
        spec = catalog.feeds[feed_name_of(catalog, feed)]
        assert (catalog.mall, catalog.version) == (mall, feed["catalog_version"])
        assert spec.format == feed["format"]
        marked = [name for name in feed["put"] if name.endswith(MARKER)]
        assert bool(marked) == (spec.arrival == "success_marker")
        assert all(path.stat().st_size for path in data_files(mall, feed))


@pytest.mark.parametrize("mall", MALLS)
def test_counts_add_up_and_name_known_codes(mall: str) -> None:
    faulty = 0
    for feed in expected_of(mall)["feeds"]:
        counts, rejects, warnings = feed["counts"], feed["reject_codes"], feed["warning_codes"]
        parts = ("accepted", "rejected", "duplicates", "deletes")
        assert counts["rows_read"] == sum(counts[part] for part in parts)
        assert counts["rejected"] == sum(rejects.values()), "each bad row has one fault"
        assert counts["warnings"] == sum(warnings.values())
        assert {CODES[code].kind for code in rejects} <= {"reject"}
        assert {CODES[code].kind for code in warnings} <= {"warning"}
        faulty += counts["rejected"]
    assert faulty > 0, "each mall sends rows that must be refused"


@pytest.mark.parametrize("mall", MALLS)
def test_no_guard_holds_a_sample(mall: str) -> None:
    before = 0
    for feed in expected_of(mall)["feeds"]:
        catalog = catalog_at(mall, feed["metadata"])
        told = {key: value for key, value in feed["counts"].items() if key != "warnings"}
        counts = Counts(**told, products_before=before)
        check_guards(counts, catalog.feeds[feed_name_of(catalog, feed)], catalog.currency)
        before = counts.accepted
    after = expected_of(mall)["after"]
    assert after["count"] == len(after["product_ids"]) == len(set(after["product_ids"]))
    assert set(after["examples"]) <= set(after["product_ids"])


@pytest.mark.parametrize("mall", MALLS)
def test_three_products_tell_every_canonical_field(mall: str) -> None:
    after = expected_of(mall)["after"]
    assert len(after["full_products"]) == 3
    for product_id, values in after["full_products"].items():
        assert product_id in after["product_ids"]
        assert list(values) == list(BY_NAME)
        for name, value in after["examples"].get(product_id, {}).items():
            assert _number(values[name]) == _number(value), (product_id, name)


def _number(value: Any) -> Any:
    """25, "25.00" and 25.0 alike; anything else as it is."""
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return value
