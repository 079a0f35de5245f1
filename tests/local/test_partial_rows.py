"""Deltas whose rows name a part of the product, through S3 into both sinks: what they do not name stays."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.request import urlopen

import pytest

from tests.local.stories import Ends, Story, loaded, story_of
from tests.local.walk import Way

pytestmark = [pytest.mark.stack, pytest.mark.meaning, pytest.mark.timeout(2400)]

SHOP = "partial_shop"


def product(number: int, **more: str) -> dict[str, str]:
    return {
        "id": f"D{number}", "title": f"델타시험 상품 {number}", "price": "10000",
        "url": f"https://d.example/{number}", "cat": "생활 > 잡화", "brand": "델타", **more,
    }  # fmt: skip


def jsonl(*records: dict[str, Any]) -> bytes:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records).encode()


FULL = jsonl(*(product(number) for number in range(5)))
CHANGES_PRICE = jsonl(
    {"id": "D0", "price": "9000", "op": "U"},
    {"id": "D1", "availability": "out_of_stock", "op": "U"},
)
CHANGES_PARTIAL = jsonl(
    {key: value for key, value in product(2, price="8000", op="U").items() if key != "brand"},
)
MORE = jsonl(
    {"id": "D3", "brand": None, "op": "U"},
    {"id": "D3", "price": "7000", "op": "U"},
    {"id": "D4", "title": "", "op": "U"},
    {"id": "D9", "price": "100", "op": "U"},
)
EXPORTED_EARLY = jsonl(*(product(number, brand="다른") for number in range(6)))
FIRST = {f"D{n}": (10000, "델타", None) for n in range(5)}


def in_warehouse(way: Way) -> dict[str, tuple[Any, ...]]:
    statement = "select product_id, price, brand, availability from products where mall_id = %s"
    rows = way.sql(statement, SHOP)
    return {row[0]: (int(row[1]), *row[2:]) for row in rows}


def in_index(way: Way) -> dict[str, tuple[Any, ...]]:
    url = f"{way.env['OPENSEARCH_URL']}/products/_search?size=100&q=mall_id:{SHOP}"
    with urlopen(url) as answer:  # noqa: S310
        found = [hit["_source"] for hit in json.load(answer)["hits"]["hits"]]
    return {
        one["product_id"]: (int(one["price"]), one.get("brand"), one.get("availability"))
        for one in found
    }


@story_of(SHOP)
def _rows_change_what_they_name(way: Way) -> Story:
    first = yield from loaded(way, SHOP, "full_1.jsonl", FULL)
    assert in_warehouse(way) == FIRST

    yield from loaded(way, SHOP, "changes_2.jsonl", CHANGES_PRICE)
    after_price = FIRST | {"D0": (9000, "델타", None), "D1": (10000, "델타", "out_of_stock")}
    assert in_warehouse(way) == in_index(way) == after_price, "two products changed, nothing else"

    yield from loaded(way, SHOP, "changes_3.jsonl", CHANGES_PARTIAL)
    after_partial = after_price | {"D2": (8000, "델타", None)}
    assert in_warehouse(way) == in_index(way) == after_partial, "the brand is kept"

    report = yield from loaded(way, SHOP, "changes_4.jsonl", MORE)
    after_more = after_partial | {"D3": (7000, None, None)}
    assert in_warehouse(way) == in_index(way) == after_more
    told = {one["code"]: one["row"] for one in report["rejects"]}
    assert told == {"title_missing": "3", "product_unknown": "4"}

    history = (
        "select price from product_price_history where mall_id = %s and product_id = %s order by 1"
    )
    assert way.sql(history, SHOP, "D0") == [(9000,), (10000,)]
    assert way.sql(history, SHOP, "D4") == [(10000,)], "a row that is refused changes no price"

    exported = datetime.fromisoformat(first["feed_time"]) + timedelta(seconds=1)
    report = yield from loaded(
        way, SHOP, "full_5.jsonl", EXPORTED_EARLY, feed_time=exported.isoformat()
    )
    newer = {
        "D0": (9000, "다른", None), "D1": (10000, "다른", "out_of_stock"), "D2": (8000, "다른", None),
        "D3": (7000, None, None), "D4": (10000, "다른", None), "D5": (10000, "다른", None),
    }  # fmt: skip
    assert in_warehouse(way) == in_index(way) == newer, (
        "what deltas have said since its export stays"
    )
    assert report["counts"]["warning_codes"] == {"older_than_known": 4}

    yield from loaded(way, SHOP, "full_6.jsonl", FULL)
    assert in_warehouse(way) == in_index(way) == FIRST, "a full feed names all"


def test_rows_of_a_delta_change_what_they_name(ends: Ends) -> None:
    assert ends.well(SHOP)
