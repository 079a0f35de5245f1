"""A folder's signal that is uploaded once more over parts that made a feed before, over both ledgers."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest

from mallfeed.arrival import arrival
from mallfeed.ledger import moves
from mallfeed.ledger.apply_decision import settle
from mallfeed.ledger.dynamodb import DynamoLedger
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.port import Ledger
from mallfeed.ledger.states import State
from tests.twins.ledger_table import table_definition
from tests.unit.arrival.conftest import CATALOG, Mall, client
from tests.unit.arrival.test_arrival import load, outcome
from tests.unit.ledger.records import at

CHANGES = """
  changes:
    key_pattern: "changes/*/part-*"
    format: parquet
    mode: delta
    operation: {from: op}
    arrival: success_marker
"""


@pytest.fixture(params=["memory", "dynamodb"])
def shop(request: pytest.FixtureRequest, mall: Mall, aws: str) -> Mall:
    mall.publish(CATALOG + CHANGES.strip("\n"))
    ledger: Ledger = MemoryLedger()
    if request.param == "dynamodb":
        dynamodb = client("dynamodb", aws)
        table = f"ledger-{uuid4().hex[:8]}"
        dynamodb.create_table(**table_definition(table))
        ledger = DynamoLedger(dynamodb, table)
    mall.ledger = ledger  # type: ignore[assignment]
    mall.arrivals = mall.fresh_arrivals()
    return mall


def folder(shop: Mall, name: str) -> FeedRecord:
    shop.put(f"feeds/mall_a/{name}/part-0", name.encode())
    return signal(shop, name)


def signal(shop: Mall, name: str) -> FeedRecord:
    return shop.arrive(f"feeds/mall_a/{name}/_SUCCESS", b"")


@pytest.mark.parametrize("kind", ["daily", "changes"])
def test_a_loaded_feed_signalled_again_behind_a_newer_one_is_ignored(shop: Mall, kind: str) -> None:
    first = load(shop, folder(shop, f"{kind}/1"))
    load(shop, folder(shop, f"{kind}/2"))
    assert first.feed_id not in {one.feed_id for one in shop.ledger.feeds("mall_a")}
    again = signal(shop, f"{kind}/1")
    assert outcome(again) == ("IGNORED", "same_parts")
    assert f"{first.feed_id}, which is LOADED" in (again.message or "")


def test_so_is_a_superseded_one(shop: Mall) -> None:
    folder(shop, "daily/1")
    load(shop, folder(shop, "daily/2"))
    settle(shop.ledger, "mall_a", at(9))
    assert outcome(signal(shop, "daily/1")) == ("IGNORED", "same_parts")


def test_and_again_when_only_a_repeat_is_known(shop: Mall) -> None:
    first = load(shop, folder(shop, "daily/1"))
    assert outcome(signal(shop, "daily/1")) == ("IGNORED", "same_parts")
    shop.s3.delete_object(Bucket=shop.feeds, Key=first.key, VersionId=first.version_id)
    assert outcome(signal(shop, "daily/1")) == ("IGNORED", "same_parts")


def test_a_signal_over_other_parts_is_a_new_feed(shop: Mall) -> None:
    load(shop, folder(shop, "daily/1"))
    assert outcome(folder(shop, "daily/1")) == ("WAITING", None)


def test_a_manifest_that_names_other_parts_is_a_new_feed_until_it_is_repeated(shop: Mall) -> None:
    key = "feeds/mall_a/listed/manifest.json"
    for name in ("a.csv", "b.csv"):
        shop.put(f"feeds/mall_a/listed/{name}")
    one, both = (json.dumps({"files": names}).encode() for names in (["a.csv"], ["a.csv", "b.csv"]))
    load(shop, shop.arrive(key, one))
    second = shop.arrive(key, both)
    assert outcome(second) == ("WAITING", None)
    load(shop, second)
    assert outcome(shop.arrive(key, one)) == ("IGNORED", "same_parts")


def test_what_a_person_has_dropped_may_be_signalled_again(shop: Mall) -> None:
    first = folder(shop, "daily/1")
    assert outcome(signal(shop, "daily/1")) == ("IGNORED", "same_parts")
    shop.ledger.update(first, moves.moved(first, at(5), State.DROPPED, "test"))
    assert outcome(signal(shop, "daily/1")) == ("WAITING", None)


def test_so_many_older_signals_are_asked_for(shop: Mall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrival, "MOST_SIGNALS", 2)
    asked: list[int] = []
    real = shop.ledger.feeds_by_id

    def counting(ids: list[str]) -> dict[str, FeedRecord]:
        asked.append(len(ids))
        return real(ids)

    monkeypatch.setattr(shop.ledger, "feeds_by_id", counting)
    for _ in range(4):
        signal(shop, "daily/1")
    folder(shop, "daily/1")
    shop.arrive("feeds/mall_a/full_1.csv")
    assert asked == [2]
