"""Good catalogs: all that the repository holds, and the shapes that YAML allows."""

from __future__ import annotations

from pathlib import Path

import pytest

from mallfeed.catalog.read import read_catalog

ROOT = Path(__file__).parents[3]
COMMITTED = sorted([*ROOT.glob("catalogs/*/v*.yaml"), *ROOT.glob("tests/local/malls/*/v*.yaml")])

TEXT = """mall: shop
version: 1
effective_from: 2026-01-01T00:00:00+09:00
owner: feeds
contact: md@shop.example
fields:
  product_id: id
  title: {type: constant, value: one}
  price: price
  url: {type: expression, sql: "concat('https://shop.example/', id)"}
feeds:
  full: {format: csv, fields: {category_path: [large, small]}}
  lines: {format: json, key_pattern: "*.jsonl", fields: {category_path: kind}}
"""


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_committed_catalogs_are_read(path: Path) -> None:
    catalog = read_catalog(path.read_text("utf-8"), str(path))
    assert (catalog.mall, f"v{catalog.version}") == (path.parent.name, path.stem)


def test_required_fields_may_be_mapped_in_any_way() -> None:
    catalog = read_catalog(TEXT, "v1.yaml")
    assert catalog.fields_of("full")["category_path"].sources == ("large", "small")
    assert catalog.fields_of("lines")["category_path"].sources == ("kind",)


def test_words_of_yaml_1_1_are_text() -> None:
    text = TEXT + "name: on\n"
    assert read_catalog(text, "v1.yaml").name == "on"


@pytest.mark.parametrize("written", ["0x1F", "1_000", "2026-01-01", "no", "'12'", '"12"'])
def test_what_is_no_plain_number_stays_text(written: str) -> None:
    text = TEXT + f"name: {written}\n"
    assert read_catalog(text, "v1.yaml").name == written.strip("'\"")


def test_a_published_catalog_that_names_a_retired_key_still_holds() -> None:
    feed = "full: {format: csv, capacity: {expected_rows: 120000, priority: 2}, "
    catalog = read_catalog(TEXT.replace("full: {format: csv, ", feed), "v1.yaml")
    assert catalog.feeds["full"].capacity.priority == 2
