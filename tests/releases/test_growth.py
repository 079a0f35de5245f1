"""A release with one more field on the stack that this checkout has made, and this checkout again.

Load; deploy the release of tomorrow (`tomorrow`), which grows the product table, the warehouse and the
index; load; go back; load. After each step both sinks and the product table hold what the feeds say, and what
did not change is not sent again. The mall whose catalog names the new field by then is held after going back,
and keeps what it had. The stack is left with this checkout. A longer proof (`make upgrade-test`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.local.clock import NEVER
from mallfeed.ledger.model import FeedRecord
from tests.local.walk import Way
from tests.local_parts import Parts
from tests.releases.deployed import documents, load, publish, sent_to_sinks
from tests.releases.shop import json_lines
from tests.releases.table_at import products_at
from tests.releases.tomorrow import tomorrow

pytestmark = [pytest.mark.stack, pytest.mark.upgrade, pytest.mark.timeout(1200)]

Sent = Mapping[str, tuple[int, str | None]]
"""Product id → price and colour."""
Held = dict[tuple[str, str], tuple[float, str | None]]
"""Mall and product id → price and colour."""

PAINTED, PLAIN = "painted_shop", "unpainted_shop"
STEPS = ("today", "tomorrow", "today again")
SENT: Mapping[str, Mapping[str, Sent]] = {
    "today": {
        PAINTED: {"a": (100, "red"), "b": (200, None), "c": (300, "blue"), "d": (400, "red")},
        PLAIN: {"a": (70, None), "b": (80, None)},
    },
    "tomorrow": {
        PAINTED: {"a": (100, "red"), "b": (200, None), "c": (350, "blue"), "d": (400, "red")},
        PLAIN: {"a": (70, None), "b": (80, None)},
    },
    "today again": {
        PAINTED: {"a": (110, "red"), "e": (500, "red")},
        PLAIN: {"a": (75, None), "c": (90, None)},
    },
}
"""Step → mall → its full feed."""
CHANGED = {
    "today": {PAINTED: {"a", "b", "c", "d"}, PLAIN: {"a", "b"}},
    "tomorrow": {PAINTED: {"a", "c", "d"}, PLAIN: set()},
    "today again": {PLAIN: {"a", "b", "c"}},
}
"""Step → mall whose feed is loaded → the products that are sent: with its colour a product is another one."""

_CATALOG = """\
mall: {mall}
version: {version}
effective_from: 2026-01-0{version}T00:00:00+09:00
owner: catalog-team@mallfeed.example
contact: feeds@shop.example

fields:
  product_id: product_id
  title: title
  price: price
  url: url
  category_path: category
{more}
feeds:
  full: {{default: true, format: json, json: {{layout: lines}}}}
"""


@dataclass(frozen=True)
class Step:
    """What a step's feeds became, and what was held then."""

    feeds: dict[str, FeedRecord]
    sent: dict[str, set[tuple[str, int]]]
    searched: Held
    queried: Held
    kept: Held


@pytest.fixture(scope="module")
def story(stack: Parts, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Step]:
    """All three steps."""
    folder = tmp_path_factory.mktemp("growth")
    release = tomorrow(folder / "release")
    way, malls = Way(stack), folder / "malls"
    for mall in (PAINTED, PLAIN):
        _write(malls, mall, 1)
    way.mallfeed("catalog", "publish", "--folder", str(malls))
    told = {"today": _step(way, "today")}
    try:
        stack.stack.deploy(release, MaintainSchedule=NEVER)
        _write(malls, PAINTED, 2, "  colour: colour\n")
        # backdated: in force before the feeds that have just been read
        publish(release, way, malls, "--backdate")
        told["tomorrow"] = _step(way, "tomorrow")
    finally:
        stack.stack.deploy(MaintainSchedule=NEVER)
    told["today again"] = _step(way, "today again")
    _forget(way, told["today again"].feeds[PAINTED])
    return told


def _write(malls: Path, mall: str, version: int, more: str = "") -> None:
    path = malls / mall / f"v{version}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_CATALOG.format(mall=mall, version=version, more=more), "utf-8")


def _forget(way: Way, held: FeedRecord) -> None:
    """Nothing that only tomorrow's release can read is left to the stack's other tests."""
    way.mallfeed("drop", held.feed_id, "--why", "test", "--yes")
    way.s3.delete_object(Bucket=way.lake, Key=f"catalogs/{PAINTED}/v2.yaml")


def _step(way: Way, step: str) -> Step:
    feeds = load(way, f"{step}.jsonl", {mall: _feed(sent) for mall, sent in SENT[step].items()})
    loaded = [one for one in feeds.values() if one.state == "LOADED"]
    has_grown = step != "today"
    snapshot = max(one.snapshot_id or 0 for one in loaded)
    kept = _kept(way, snapshot, has_grown)
    sent = sent_to_sinks(way, loaded)
    return Step(feeds, sent, _searched(way), _queried(way, has_grown), kept)


def _feed(sent: Sent) -> bytes:
    return json_lines(
        {
            "product_id": one,
            "title": f"사과 {one}",
            "price": price,
            "url": f"https://shop.example/{one}",
            "category": "식품",
            "colour": colour,
        }
        for one, (price, colour) in sent.items()
    )


def _searched(way: Way) -> Held:
    return {
        (one["mall_id"], one["product_id"]): (float(one["price"]), one.get("colour"))
        for hit in documents(way, PAINTED, PLAIN)
        for one in [hit["_source"]]
    }


def _queried(way: Way, has_grown: bool) -> Held:
    rows = way.sql(
        f"select mall_id, product_id, price, {'colour' if has_grown else 'null'} from products "
        "where mall_id in (%s, %s)", PAINTED, PLAIN,
    )  # fmt: skip
    return {(mall, product): (float(price), colour) for mall, product, price, colour in rows}


def _kept(way: Way, snapshot: int, has_grown: bool) -> Held:
    columns = ("price", *(["colour"] if has_grown else []))
    held = products_at(way.parts, [snapshot], columns)[snapshot]
    return {
        key: (float(row[0]), row[1] if has_grown else None)
        for key, row in held.items()
        if key[0] in (PAINTED, PLAIN)
    }


def expected(step: str) -> Held:
    """What the newest loaded feed of each mall says, in the eyes of the release that loaded it."""
    of_mall = {PAINTED: "tomorrow" if step == "today again" else step, PLAIN: step}
    return {
        (mall, product): (float(price), colour if of_mall[mall] == "tomorrow" else None)
        for mall, loaded in of_mall.items()
        for product, (price, colour) in SENT[loaded][mall].items()
    }


@pytest.mark.parametrize("step", STEPS)
def test_every_feed_that_the_release_can_read_is_loaded_at_the_first_try(
    story: dict[str, Step], step: str
) -> None:
    found = {mall: (one.state, one.attempt) for mall, one in story[step].feeds.items()}
    assert {mall for mall, end in found.items() if end == ("LOADED", 1)} == set(CHANGED[step])


def test_a_mall_whose_catalog_names_the_new_field_waits_for_the_release_that_knows_it(
    story: dict[str, Step],
) -> None:
    held = story["today again"].feeds[PAINTED]
    assert (held.state, held.code) == ("HELD", "catalog_unreadable")


@pytest.mark.parametrize("step", STEPS)
def test_table_and_both_sinks_hold_what_was_sent(story: dict[str, Step], step: str) -> None:
    wanted = expected(step)
    told = story[step]
    assert (told.kept, told.searched, told.queried) == (wanted, wanted, wanted)


@pytest.mark.parametrize("step", STEPS)
def test_what_did_not_change_is_not_sent_again(story: dict[str, Step], step: str) -> None:
    sent = {mall: {sink: n for sink, n in told if n} for mall, told in story[step].sent.items()}
    assert sent == {
        mall: dict.fromkeys(("opensearch", "redshift"), len(ids)) if ids else {}
        for mall, ids in CHANGED[step].items()
    }
