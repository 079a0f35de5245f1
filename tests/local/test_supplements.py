"""Files that add values to products of other feeds, through S3 into both sinks: primary → supplement → primary."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from mallfeed.ledger.states import State
from tests.local.stories import Ends, Story, loaded, story_of
from tests.local.test_partial_rows import jsonl
from tests.local.walk import MALLS, Way

pytestmark = [pytest.mark.stack, pytest.mark.meaning, pytest.mark.timeout(2400)]

SHOP = "supplement_shop"
ONE, TWO = "8801234567893", "4006381333931"


def product(name: str, **more: str) -> dict[str, str]:
    return {
        "id": name, "title": f"보충 {name}", "price": "10000", "url": f"https://s.example/{name}",
        "cat": "생활", "brand": "보충", **more,
    }  # fmt: skip


def in_warehouse(way: Way) -> dict[str, tuple[Any, ...]]:
    rows = way.sql("select product_id, brand, gtin from products where mall_id = %s", SHOP)
    return {row[0]: tuple(row[1:]) for row in rows}


def in_index(way: Way) -> dict[str, tuple[Any, ...]]:
    url = f"{way.env['OPENSEARCH_URL']}/products/_search?size=100&q=mall_id:{SHOP}"
    with urlopen(url) as answer:  # noqa: S310
        found = [hit["_source"] for hit in json.load(answer)["hits"]["hits"]]
    return {one["product_id"]: (one.get("brand"), one.get("gtin")) for one in found}


@story_of(SHOP)
def _supplements_lie_over_what_primary_feeds_say(way: Way) -> Story:
    yield from loaded(way, SHOP, "full_1.jsonl", jsonl(product("A"), product("B")))
    refused = {"id": "B", "barcode": "none"}  # of which no value is left: it gives nothing
    gtins = jsonl({"id": "A", "barcode": ONE}, refused, {"id": "C", "barcode": TWO})
    report = yield from loaded(way, SHOP, "gtins_1.jsonl", gtins)
    first = {"A": ("보충", ONE), "B": ("보충", None)}
    assert in_warehouse(way) == in_index(way) == first, "nothing is made that no primary feed has"
    counts = report["counts"]
    told = {name: counts[name] for name in ("accepted", "changed", "given", "waiting", "vanished")}
    assert told == {"accepted": 3, "changed": 1, "given": 2, "waiting": 1, "vanished": 0}

    full = jsonl(product("A", title="새 이름"), product("B", brand="다른"), product("C"))
    yield from loaded(way, SHOP, "full_2.jsonl", full)
    after = {"A": ("보충", ONE), "B": ("다른", None), "C": ("보충", TWO)}
    assert in_warehouse(way) == in_index(way) == after, (
        "a full feed leaves them, and what waited is there"
    )

    text = "op,id,brand,category\nU,B,바른,가전 > TV\nU,X,바른,\n"
    yield from loaded(way, SHOP, "corrections_1.csv", text.encode())
    corrected = after | {"B": ("바른", None)}
    assert in_warehouse(way) == in_index(way) == corrected

    yield from loaded(way, SHOP, "gtins_2.jsonl", jsonl({"id": "C", "barcode": TWO}))
    assert in_index(way) == corrected | {"A": ("보충", None)}, "what is absent is taken back"

    lines = (MALLS / SHOP / "v1.yaml").read_text("utf-8").split("  corrections:")[0]
    lines = lines.replace("version: 1", "version: 2").replace("2026-01-01", "2026-01-02")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / SHOP / "v2.yaml"
        path.parent.mkdir()
        path.write_text(lines, "utf-8")
        said = way.mallfeed("catalog", "publish", "--folder", folder, "--backdate")
    assert f"`mallfeed slice drop {SHOP} +corrections --why TEXT`" in said
    listed = json.loads(way.mallfeed("slice", "list", SHOP, "--json"))
    assert {one["slice"]: (one["products"], one["sent"]) for one in listed} == {
        "full": (3, True), "+gtins": (1, True), "+corrections": (2, False),
    }  # fmt: skip

    def dropped() -> str:
        words = ("+corrections", "--why", "over", "--yes", "--json")
        return str(json.loads(way.mallfeed("slice", "drop", SHOP, *words))["run"])

    feed = yield dropped
    assert feed.state is State.LOADED
    last = {"A": ("보충", None), "B": ("다른", None), "C": ("보충", TWO)}
    assert in_warehouse(way) == in_index(way) == last, "as its primary feed says"


def test_supplements_lie_over_what_primary_feeds_say(ends: Ends) -> None:
    assert ends.well(SHOP)
