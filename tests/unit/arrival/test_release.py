"""Releasing a feed that was held on arrival: it is examined again."""

from __future__ import annotations

import pytest

from mallfeed.arrival.repick import repick
from mallfeed.catalog.store import S3CatalogStore
from mallfeed.errors import FeedHeld
from mallfeed.ledger import operate
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import State
from tests.unit.arrival.conftest import CATALOG, Mall
from tests.unit.ledger.records import at


def release(mall: Mall, record: FeedRecord, version: int | None = None) -> FeedRecord:
    pick = repick(mall.fresh_arrivals(), S3CatalogStore(mall.s3, mall.lake))
    operation = operate.release(record, "kim", "looked", at(9), pick, version)
    return operate.carry_out(mall.ledger, operation)


def test_a_mall_that_was_unknown_is_known_now(mall: Mall) -> None:
    held = mall.arrive("feeds/mall_b/full_1.csv")
    with pytest.raises(FeedHeld, match="no catalog of mall mall_b"):
        release(mall, held)
    mall.publish(CATALOG.replace("mall: mall_a", "mall: mall_b"), mall="mall_b")
    record = release(mall, held)
    assert (record.state, record.feed_name, record.catalog_version) == (State.WAITING, "full", 1)
    assert (record.feed_id, record.arrived_at) == (held.feed_id, held.arrived_at)
    assert not record.released
    assert [str(event.state) for event in record.events] == ["HELD", "WAITING"]


def test_a_folder_that_was_unknown_is_gathered_now(mall: Mall) -> None:
    mall.put("feeds/mall_b/daily/1/part-0")
    held = mall.arrive("feeds/mall_b/daily/1/_SUCCESS", b"")
    mall.publish(CATALOG.replace("mall: mall_a", "mall: mall_b"), mall="mall_b")
    record = release(mall, held)
    assert [part.key for part in record.parts] == ["feeds/mall_b/daily/1/part-0"]


def test_a_part_of_a_folder_that_was_held_can_only_be_dropped(mall: Mall) -> None:
    held = mall.arrive("feeds/mall_b/daily/1/part-0")
    mall.publish(CATALOG.replace("mall: mall_a", "mall: mall_b"), mall="mall_b")
    with pytest.raises(FeedHeld, match="Drop this feed"):
        release(mall, held)


def test_a_feed_time_that_cannot_be_read_gives_way_to_the_objects_own(mall: Mall) -> None:
    held = mall.arrive("feeds/mall_a/full_1.csv", feed_time="tomorrow")
    record = release(mall, held)
    assert record.feed_time == record.last_modified


def test_a_feed_time_ahead_of_time_gives_way_to_the_objects_own(mall: Mall) -> None:
    """Otherwise all later full feeds would be older than the published one."""
    held = mall.arrive("feeds/mall_a/full_1.csv", feed_time="2099-01-01T00:00:00Z")
    assert held.code == "feed_time_in_future"
    record = release(mall, held)
    assert record.feed_time == record.last_modified


def test_a_version_that_is_named_is_taken(mall: Mall) -> None:
    mall.publish(CATALOG.replace("version: 1", "version: 2").replace("2020-", "2025-"), version=2)
    held = mall.arrive("feeds/mall_a/full_1.csv", feed_time="2019-01-01T00:00:00Z")
    assert held.code == "no_catalog"
    with pytest.raises(FeedHeld, match="no catalog of mall mall_a is in force"):
        release(mall, held)
    record = release(mall, held, version=2)
    assert (record.catalog_version, record.catalog_named) == (2, True)


def test_what_the_job_held_is_picked_again_by_its_feed_time(mall: Mall) -> None:
    record = mall.arrive("feeds/mall_a/full_1.csv")
    held = mall.ledger.update(
        record, record.model_copy(update={"state": State.HELD, "code": "drift", "message": "m"})
    )
    mall.publish(CATALOG.replace("version: 1", "version: 2").replace("2020-", "2025-"), version=2)
    assert release(mall, held).catalog_version == 2


@pytest.mark.parametrize("key", ["feeds/mall_a/full_1.csv", "feeds/mall_a/daily/1/_SUCCESS"])
def test_what_holds_nothing_can_only_be_dropped(mall: Mall, key: str) -> None:
    mall.put("feeds/mall_a/daily/1/part-0", b"")
    held = mall.arrive(key, b"")
    assert held.code == "empty_object"
    with pytest.raises(FeedHeld, match="drop this feed"):
        release(mall, held)


def test_what_belongs_to_nobody_can_only_be_dropped(mall: Mall) -> None:
    with pytest.raises(FeedHeld, match="names no mall"):
        release(mall, mall.arrive("feeds/Mall/full_1.csv"))
