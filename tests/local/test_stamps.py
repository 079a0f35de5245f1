"""Rows that say since when they hold, through S3 into both sinks: what is older never replaces what is newer."""

from __future__ import annotations

import json
from typing import Any
from urllib.request import urlopen

import pytest

from tests.local.stories import Ends, Story, loaded, story_of
from tests.local.test_partial_rows import jsonl
from tests.local.walk import Way

pytestmark = [pytest.mark.stack, pytest.mark.meaning, pytest.mark.timeout(2400)]

SHOP = "stamps_shop"
DAY = "2026-11-02T"


def product(name: str, stamp: str, **more: str) -> dict[str, str]:
    return {
        "id": name, "title": f"시각 {name}", "price": "10000", "url": f"https://t.example/{name}",
        "cat": "생활", "brand": "시각", "op": "U", "updated_at": f"{DAY}{stamp}:00", **more,
    }  # fmt: skip


def part(name: str, stamp: str, **more: str) -> dict[str, str]:
    return {"id": name, "op": "U", "updated_at": f"{DAY}{stamp}:00", **more}


def in_warehouse(way: Way) -> dict[str, tuple[Any, ...]]:
    rows = way.sql("select product_id, price, brand from products where mall_id = %s", SHOP)
    return {row[0]: (int(row[1]), row[2]) for row in rows}


def in_index(way: Way) -> dict[str, tuple[Any, ...]]:
    url = f"{way.env['OPENSEARCH_URL']}/products/_search?size=100&q=mall_id:{SHOP}"
    with urlopen(url) as answer:  # noqa: S310
        found = [hit["_source"] for hit in json.load(answer)["hits"]["hits"]]
    return {one["product_id"]: (int(one["price"]), one.get("brand")) for one in found}


@story_of(SHOP)
def _what_is_older_never_replaces_what_is_newer(way: Way) -> Story:
    full = jsonl(product("A", "09:00"), product("B", "09:00"), product("C", "09:00"))
    yield from loaded(way, SHOP, "full_1.jsonl", full)
    first = dict.fromkeys("ABC", (10000, "시각"))
    assert in_warehouse(way) == in_index(way) == first

    newer = jsonl(
        part("A", "10:00", price="9000"), {"id": "B", "op": "D", "updated_at": f"{DAY}10:00:00"}
    )
    yield from loaded(way, SHOP, "changes_2.jsonl", newer)
    after = {"A": (9000, "시각"), "C": (10000, "시각")}
    assert in_warehouse(way) == in_index(way) == after

    older = jsonl(part("A", "09:30", price="8000", brand="다른"), product("B", "09:30"))
    report = yield from loaded(way, SHOP, "changes_3.jsonl", older)
    after |= {"A": (9000, "다른")}
    assert in_warehouse(way) == in_index(way) == after, "a delete is a value too"
    assert report["counts"]["warning_codes"] == {"older_than_known": 2}

    stale = jsonl(product("A", "09:00"), product("B", "09:00"), product("C", "11:00", price="7000"))
    report = yield from loaded(way, SHOP, "full_4.jsonl", stale)
    after |= {"C": (7000, "시각")}
    assert in_warehouse(way) == in_index(way) == after, "uploaded last, and older"
    assert report["counts"]["products_before"] == 2

    yield from loaded(
        way, SHOP, "full_5.jsonl", jsonl(product("A", "12:00"), product("B", "12:00"))
    )
    last = dict.fromkeys("AB", (10000, "시각"))
    assert in_warehouse(way) == in_index(way) == last, "a newer row brings it back"


def test_what_is_older_never_replaces_what_is_newer(ends: Ends) -> None:
    assert ends.well(SHOP)
