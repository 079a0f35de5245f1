"""From one catalog version to the next at a set time: feeds before it, at it, after it, and a late one."""

from __future__ import annotations

import pytest

from mallfeed.ledger.model import FeedRecord
from tests.local.walk import Way, csv

pytestmark = [pytest.mark.stack, pytest.mark.meaning, pytest.mark.timeout(1200)]

NEW = "goods_no"
"""How version 2 names the ids; it holds from 2026-06-01T00:00:00+09:00 on."""

# Their keys are in their order: moto tells times in whole seconds only.
FEEDS: dict[str, tuple[str, str, bytes]] = {
    "before": (
        "1_full.csv", "2026-05-31T12:00:00+09:00",
        csv({"a": ("사과", 1000), "b": ("배", 2000), "c": ("감", 3000)}),
    ),
    "at": (
        "2_changes.csv", "2026-06-01T00:00:00+09:00",
        csv({"a": ("사과", 1100, "U"), "d": ("귤", 4000, "I")}, NEW, op=True),
    ),
    "after": (
        "3_changes.csv", "2026-06-01T09:00:00+09:00",
        csv({"b": ("", "", "D"), "d": ("귤", 4400, "U")}, NEW, op=True),
    ),
    "late": (
        "4_changes.csv", "2026-05-31T23:59:59+09:00",
        csv({"c": ("단감", 3300, "U"), "e": ("포도", 5000, "I")}, op=True),
    ),
    "not its time's": (
        "5_changes.csv", "2026-06-02T00:00:00+09:00", csv({"a": ("사과", 1, "U")}, op=True),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def feeds(way: Way) -> dict[str, FeedRecord]:
    """All of them put one after the other, and closed."""
    runs = {}
    with way.gathered(["turning_shop"]) as told:
        for name, (key, feed_time, body) in FEEDS.items():
            runs[name] = way.put("turning_shop", key, body, feed_time=feed_time)
            told(runs[name])
    closed = way.closed([run for name, run in runs.items() if name != "not its time's"])
    found = {name: closed[run] for name, run in runs.items() if run in closed}
    return found | {"not its time's": way.in_state(runs["not its time's"], "HELD")}


def test_each_feed_is_read_with_the_version_of_its_own_time(feeds: dict[str, FeedRecord]) -> None:
    versions = {name: feed.catalog_version for name, feed in feeds.items()}
    assert versions == {"before": 1, "at": 2, "after": 2, "late": 1, "not its time's": 2}
    loaded = {name: feed.state for name, feed in feeds.items() if feed.state == "LOADED"}
    assert set(loaded) == {"before", "at", "after", "late"}


def test_what_shoppers_find_is_all_of_them_in_order(way: Way, feeds: dict[str, FeedRecord]) -> None:
    assert way.both("turning_shop") == {
        "a": ("사과", 1100), "c": ("단감", 3300), "d": ("귤", 4400), "e": ("포도", 5000),
    }  # fmt: skip


def test_feed_of_the_old_columns_names_the_version_that_fits(
    way: Way, feeds: dict[str, FeedRecord]
) -> None:
    held = feeds["not its time's"]
    assert held.code == "drift"
    assert "goods_no           - (renamed to id?)" in (held.message or "")
    assert "Catalog v1 fits these columns" in (held.message or "")
    way.mallfeed("release", held.feed_id, "--catalog", "v1", "--why", "old export", "--yes")
    assert way.closed([held.feed_id])[held.feed_id].catalog_version == 1
    assert way.both("turning_shop")["a"] == ("사과", 1)
