"""Drafts for feeds written from the public specifications of the systems that make them.

`feeds/` has the files, `expected.yaml` what a draft must say of each.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from ruamel.yaml import YAML

from mallfeed.authoring.suggest.draft import Head
from mallfeed.authoring.suggest.drafted import Drafted
from mallfeed.authoring.suggest.suggest import Suggestion, suggest
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.read import read_catalog
from mallfeed.errors import CatalogInvalid, FeedHeld
from mallfeed.feed.prepare import LocalFiles, LocalParts, prepare
from mallfeed.feed.source_columns import wanted_columns
from mallfeed.formats.looking import NotAFeed
from mallfeed.load.raw_frame import raw_frame
from mallfeed.normalise.normalise import normalise
from mallfeed.product.fields import PRODUCT_FIELDS
from mallfeed.product.record import PRODUCT

FOLDER = Path(__file__).parent
HEAD = Head("new_shop", 1, datetime.fromisoformat("2026-01-01T00:00:00+09:00"))
REQUIRED = {field.name for field in PRODUCT_FIELDS if field.required}
EXPECTED: Mapping[str, dict[str, Any]] = YAML(typ="safe").load(
    (FOLDER / "expected.yaml").read_text("utf-8")
)
OPTIONS = (
    "encoding", "separator", "header", "records_path", "record_tag", "sheet", "header_row",
)  # fmt: skip


@cache
def looked_at(name: str) -> Suggestion:
    return suggest(FOLDER / "feeds" / name)


def catalog_of(name: str) -> Catalog:
    return read_catalog(Drafted(looked_at(name), HEAD).text, f"{name}.yaml")


def test_every_feed_has_its_expectations() -> None:
    assert sorted(EXPECTED) == sorted(path.name for path in (FOLDER / "feeds").iterdir())


@pytest.mark.parametrize("name", EXPECTED)
def test_columns_find_their_fields(name: str) -> None:
    found = {one.name: list(one.sources) for one in looked_at(name).fields}
    wanted = {
        field: source if isinstance(source, list) else [source]
        for field, source in EXPECTED[name]["fields"].items()
    }
    assert {field: found.get(field) for field in wanted} == wanted


def wrongly_sure(name: str) -> Iterator[str]:
    expected = EXPECTED[name]
    for one in looked_at(name).fields:
        source = expected["fields"].get(one.name, [])
        right = list(one.sources) == (source if isinstance(source, list) else [source])
        if one.name in REQUIRED and one.level == "high" and expected["fields"] and not right:
            yield one.name


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_missing_is_reported_and_nothing_wrong_is_called_sure(name: str) -> None:
    missing = [field for field, _ in looked_at(name).missing]
    assert sorted(missing) == sorted(EXPECTED[name].get("missing", []))
    assert list(wrongly_sure(name)) == []


@pytest.mark.parametrize("name", EXPECTED)
def test_draft_is_a_catalog_or_says_what_it_lacks(name: str) -> None:
    text = Drafted(looked_at(name), HEAD).text
    missing = EXPECTED[name].get("missing", [])
    if not missing:
        assert read_catalog(text, name).mall == "new_shop"
        return
    with pytest.raises(CatalogInvalid) as refused:
        read_catalog(text, name)
    assert len(refused.value.faults) == len(missing)
    for field in missing:
        assert f"# MISSING: {field}, which every product needs" in text
        assert any(f"`{field}`" in fault for fault in refused.value.faults)


@pytest.mark.parametrize("name", [name for name, one in EXPECTED.items() if not one.get("missing")])
def test_format_is_found_by_looking(name: str) -> None:
    expected, catalog = EXPECTED[name], catalog_of(name)
    [feed] = catalog.feeds.values()
    part = feed.options
    found = {key: getattr(part, key) for key in OPTIONS if key in expected}
    assert found == {key: expected[key] for key in OPTIONS if key in expected}
    assert feed.mode == expected.get("mode", "full")
    assert (feed.operation and feed.operation.source) == expected.get("operation")
    assert catalog.currency == expected.get("currency", catalog.currency)
    for field, options in expected.get("options", {}).items():
        type_ = catalog.fields[field].model_dump(mode="json")
        assert {key: type_[key] for key in options} == options, field


@pytest.mark.parametrize("name", [name for name, one in EXPECTED.items() if "attributes" in one])
def test_the_rest_goes_to_attributes(name: str) -> None:
    kept = {column.name for column in looked_at(name).attributes}
    assert set(EXPECTED[name]["attributes"]) <= kept


def damaged(data: bytes, dice: random.Random) -> bytes:
    """The bytes with some of them changed, taken out, put in, or cut off."""
    out = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        place = dice.randrange(len(out)) if out else 0
        match dice.randrange(4):
            case 0:
                out[place : place + 1] = bytes([dice.randrange(256)])
            case 1:
                del out[place : place + dice.randint(1, 200)]
            case 2:
                out[place:place] = bytes(dice.choices(b',\t"\n<>{}[]:|\0\x8d\xff', k=4))
            case _:
                del out[place + 1 :]
    return bytes(out)


@pytest.mark.seconds
def test_damaged_files_make_a_catalog_or_are_refused_in_words(tmp_path: Path) -> None:
    dice = random.Random(20261123)
    feeds = sorted((FOLDER / "feeds").iterdir())
    for _ in range(150):
        whole = dice.choice(feeds)
        path = tmp_path / f"damaged{''.join(whole.suffixes)}"
        path.write_bytes(damaged(whole.read_bytes(), dice))
        try:
            found = suggest(path)
        except (NotAFeed, FeedHeld):
            continue
        if not found.missing:
            assert read_catalog(Drafted(found, HEAD).text, whole.name)


LOADED = {
    "prisjakt_offers.csv": {"price": "1144000.00", "shipping_fee": "49.00", "currency": "SEK"},
    "shop_api.json.gz": {"image_url": "https://cdn.api.example/0_0.jpg", "availability": "out_of_stock",
                         "category_path": ["디지털/가전", "음향가전", "이어폰"]},
}  # fmt: skip


@pytest.mark.parametrize("name", LOADED)
def test_feed_loads_with_the_draft_as_it_is(name: str, spark: SparkSession, tmp_path: Path) -> None:
    head = Head("new_shop", 1, HEAD.effective_from, base_url="https://a.example")
    text = Drafted(looked_at(name), head).text
    catalog = read_catalog(text, name)
    files = LocalFiles([FOLDER / "feeds" / name])
    raw = prepare(
        files, catalog.feeds["full"], wanted_columns(catalog, "full"), LocalParts(tmp_path)
    )
    rows = normalise(raw_frame(spark, [raw]), catalog, "full", PRODUCT).orderBy("_pos").collect()
    assert len(rows) == 12
    assert [row["_rejects"] for row in rows if row["_rejects"] or row["_warnings"]] == []
    first = {key: rows[0][key] for key in LOADED[name]}
    shown = {key: value if isinstance(value, list) else str(value) for key, value in first.items()}
    assert shown == LOADED[name]


def test_the_country_of_a_draft_is_that_of_its_delivery_fees() -> None:
    assert catalog_of("google_merchant.tsv").country == "US"
    assert catalog_of("google_rss.xml").country == "GB"
    assert catalog_of("naver_ep3.tsv").country == "KR"
