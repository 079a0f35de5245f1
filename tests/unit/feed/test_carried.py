"""Which source columns a record carries: what it names, be it a blank."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from mallfeed.catalog.feed_spec import FeedSpec
from mallfeed.feed.prepare import LocalFiles, LocalParts, prepare
from mallfeed.feed.raw import BOOKKEEPING, CARRIED
from mallfeed.reading.raw_columns import carried
from mallfeed.reading.records import carries, steps
from mallfeed.reading.wanted import Wanted


@pytest.mark.parametrize(
    ("record", "path", "says"),
    [
        ({"price": 1}, "price", True),
        ({"price": None}, "price", True),
        ({"price": ""}, "price", True),
        ({}, "price", False),
        ({"price": {"sale": 1}}, "price.sale", True),
        ({"price": {"sale": None}}, "price.sale", True),
        ({"price": {"list": 1}}, "price.sale", False),
        ({"price": None}, "price.sale", True),
        ({"price": 12}, "price.sale", True),
        ({"price": {}}, "price.sale", False),
        ({"images": []}, "images[0].url", True),
        ({"images": [{"url": "a"}]}, "images[1].url", True),
        ({"images": [{"alt": "a"}]}, "images[0].url", False),
        ({"images": {"url": "a"}}, "images[0].url", True),
        ({"alt": "a"}, "images[0].url", False),
        ({"a.b": 1}, "a.b", True),
    ],
)
def test_a_record_names_what_it_has_a_key_for(
    record: dict[str, Any], path: str, says: bool
) -> None:
    assert carries(record, path, steps(path)) is says


def prepared(tmp_path: Path, spec: FeedSpec, body: str, wanted: Wanted) -> list[str | None]:
    file = tmp_path / "feed.txt"
    file.write_text(body, "utf-8")
    raw = prepare(LocalFiles([file]), spec, wanted, LocalParts(tmp_path / "out"))
    place = BOOKKEEPING.index(CARRIED)
    return [one for uri in raw.uris for one in pq.read_table(uri).column(place).to_pylist()]


def test_of_json_each_record_says_what_it_carries(tmp_path: Path) -> None:
    records = [{"id": "1", "price": 9}, {"id": "2", "brand": None}]
    body = "\n".join(map(json.dumps, records))
    wanted = Wanted(("id", "price", "brand"), everything=False, carried=True)
    found = prepared(tmp_path, FeedSpec(format="json"), body, wanted)
    assert found == [carried(["id", "price"]), carried(["id", "brand"])]


def test_of_csv_the_header_says_it(tmp_path: Path) -> None:
    wanted = Wanted(("id", "price", "brand"), everything=False, carried=True)
    found = prepared(tmp_path, FeedSpec(format="csv"), "id,price\n1,9\n2,\n", wanted)
    assert found == [carried(["id", "price"])] * 2


def test_where_nobody_asks_nothing_is_said(tmp_path: Path) -> None:
    wanted = Wanted(("id", "price"), everything=False)
    assert prepared(tmp_path, FeedSpec(format="csv"), "id,price\n1,9\n", wanted) == [None]
    assert prepared(tmp_path, FeedSpec(format="json"), '{"id":"1"}', wanted) == [None]
