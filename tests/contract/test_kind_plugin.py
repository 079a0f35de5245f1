"""A package outside adds a kind: feeds are read with it, and it keeps the contract of all kinds."""

from __future__ import annotations

import json
from pathlib import Path

from tests.plugins.run import COLOUR, COLOURED_CATALOG, python

FEED = """id,name,price,url,category,색상,json
1,상품,1000,https://shop.example/1,가전,빨강,"{""c"": ""#0f0""}"
2,상품,1000,https://shop.example/2,가전,남 색,
3,상품,1000,https://shop.example/3,가전,알록달록,"{""c"": 7}"
"""


def test_a_feed_is_read_with_it(tmp_path: Path) -> None:
    catalog, feed = tmp_path / "v1.yaml", tmp_path / "feed.csv"
    catalog.write_text(COLOURED_CATALOG, "utf-8")
    feed.write_text(FEED, "utf-8")
    done = python(
        "mallfeed.cli.main", "catalog", "preview", str(catalog), "--feed", str(feed), "--json"
    )
    assert (done.returncode, done.stderr) == (0, "")
    seen = json.loads(done.stdout)
    attributes = [
        {c["field"]: c["canonical"] for c in row["cells"] if c["field"].startswith("attributes.")}
        for row in seen["rows"]
    ]
    assert attributes == [
        {"attributes.colour": "#FF0000", "attributes.inside": "#00FF00"},
        {"attributes.colour": "#000080"},
        {},
    ]
    warned = [(one["code"], one["field"], one["count"]) for one in seen["warnings"]]
    assert warned == [
        ("attribute_invalid", "attributes.colour", 1),
        ("attribute_invalid", "attributes.inside", 1),
    ]


def test_it_keeps_the_contract_of_all_kinds() -> None:
    test = str(COLOUR / "colour_contract.py")
    done = python("pytest", "-q", "-p", "no:cacheprovider", test)
    assert done.returncode == 0, done.stdout[-4000:]
    assert "7 passed" in done.stdout
