"""Which feeds are overdue, by the schedule of the catalog that holds now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mallfeed.catalog.model import Catalog
from mallfeed.errors import CatalogInvalid
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import UNCHANGED_BYTES, State
from mallfeed.plan.due import holding, is_time, late_feeds, overdue
from tests.unit.ledger.records import feed

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # noon in Seoul


def catalog(schedule: dict[str, Any], version: int = 1, start: str = "2026-11-01") -> Catalog:
    return Catalog.model_validate(
        {
            "mall": "mall_a", "version": version, "effective_from": f"{start}T00:00:00+09:00",
            "owner": "o", "contact": "c",
            "fields": {"product_id": "id", "title": "t", "price": "p", "url": "u", "category_path": "c"},
            "feeds": {"full": {"format": "csv", "schedule": schedule}},
        }
    )  # fmt: skip


def came(hours_ago: float, **changes: Any) -> FeedRecord:
    return feed(1, arrived_at=NOW - timedelta(hours=hours_ago), **changes)


@pytest.mark.parametrize(
    ("schedule", "hours_ago", "late"),
    [
        ({"every_hours": 24}, 24.5, False),  # within the grace of an hour
        ({"every_hours": 24}, 25.5, True),
        ({"every_hours": 24, "grace_minutes": 0}, 24.5, True),
        ({"every_hours": 1}, 0.5, False),
        ({"daily_at": "03:00"}, 8.9, False),  # came at 03:06
        ({"daily_at": "03:00"}, 9.2, False),  # came at 02:48, a little early
        ({"daily_at": "03:00"}, 33.0, True),  # yesterday's only
        ({"daily_at": "03:00"}, 25.0, True),  # yesterday's, late: not today's
        ({"daily_at": "11:30"}, 25.0, False),  # due half an hour ago: within the grace
        ({"daily_at": "23:00"}, 13.1, False),  # last night's
        ({"daily_at": "23:00"}, 37.0, True),
        ({}, 10_000, False),
    ],
)
def test_a_feed_is_late_beyond_its_time_and_grace(
    schedule: dict[str, Any], hours_ago: float, late: bool
) -> None:
    found = list(late_feeds(catalog(schedule), [came(hours_ago)], NOW))
    assert [one.feed_name for one in found] == (["full"] if late else [])


def test_a_mall_that_never_sent_one_is_late_from_its_start_on() -> None:
    (late,) = late_feeds(catalog({"every_hours": 24}), [], NOW)
    assert late.newest is None
    assert late.due == datetime(2026, 11, 1, 15, tzinfo=UTC)
    assert "none ever came" in late.message()
    assert not list(late_feeds(catalog({"every_hours": 24}, start="2026-11-23"), [], NOW))


def test_a_held_or_unchanged_feed_has_come_and_a_marker_has_not() -> None:
    daily = catalog({"every_hours": 1})
    assert not list(late_feeds(daily, [came(1, state=State.HELD)], NOW))
    unchanged = came(1, state=State.IGNORED, code=UNCHANGED_BYTES)
    assert not list(late_feeds(daily, [unchanged], NOW))
    marker = came(1, state=State.IGNORED, code="part_of_folder")
    assert len(list(late_feeds(daily, [marker], NOW))) == 1
    assert len(list(late_feeds(daily, [came(1, feed_name="summary")], NOW))) == 1


def test_the_version_that_holds_now_says_what_is_due() -> None:
    old, new = catalog({}, 1), catalog({}, 2, "2026-11-20")
    future = catalog({}, 3, "2026-12-01")
    assert holding([future, new, old], NOW) == new
    assert holding([future], NOW) is None


def test_ten_minutes_are_often_enough() -> None:
    asked = [is_time(NOW + timedelta(minutes=minute)) for minute in range(30)]
    assert asked.count(True) == 3


def test_all_malls_are_asked_though_one_cannot_be_and_only_those_that_expect_something() -> None:
    expecting = catalog({"every_hours": 24})
    silent = catalog({})
    asked: list[str] = []

    def catalogs_of(mall_id: str) -> list[Catalog]:
        if mall_id == "mall_broken":
            raise CatalogInvalid([])
        return [silent] if mall_id == "mall_silent" else [expecting]

    def arrivals_of(mall_id: str) -> list[FeedRecord]:
        asked.append(mall_id)
        return []

    malls = ["mall_silent", "mall_broken", "mall_a", "mall_b"]
    found = overdue(malls, catalogs_of, arrivals_of, NOW)
    assert asked == ["mall_a", "mall_b"]
    assert len(found.late) == 2
    assert list(found.unread) == ["mall_broken"]
