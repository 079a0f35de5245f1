"""Which feeds are overdue, by the schedule of the catalog that is in effect now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mallfeed.catalog.model import Catalog
from mallfeed.errors import CatalogInvalid
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.plan.overdue_feeds import TURNS, ExpectedFeed, expected_feeds, in_turn, overdue
from tests.unit.ledger.records import delta, feed

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # noon in Seoul
DAILY = {"every_hours": 24}


def catalog(schedule: dict[str, Any], version: int = 1, start: str = "2026-11-01") -> Catalog:
    moment = start if "T" in start else f"{start}T00:00:00+09:00"
    return Catalog.model_validate(
        {
            "mall": "mall_a", "version": version, "effective_from": moment,
            "owner": "o", "contact": "c",
            "fields": {"product_id": "id", "title": "t", "price": "p", "url": "u", "category_path": "c"},
            "feeds": {"full": {"format": "csv", "schedule": schedule}},
        }
    )  # fmt: skip


def late(ledger: MemoryLedger, *versions: Catalog) -> tuple[ExpectedFeed, ...]:
    return overdue(["mall_a"], lambda _: versions, ledger.sent_since, NOW).late


def came(hours_ago: float, **changes: Any) -> MemoryLedger:
    """A ledger with one full feed that arrived this long ago."""
    ledger = MemoryLedger()
    moment = NOW - timedelta(hours=hours_ago)
    ledger.enter(feed(1, arrived_at=moment, **changes))
    return ledger


@pytest.mark.parametrize(
    ("schedule", "hours_ago", "is_late"),
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
        ({"daily_at": "11:30"}, 50.0, True),  # yesterday's did not come either
        ({"daily_at": "23:00"}, 13.1, False),  # last night's
        ({"daily_at": "23:00"}, 37.0, True),
        ({"daily_at": "03:00", "every_hours": 6}, 8.0, True),  # the stricter rule holds
        ({}, 10_000, False),
    ],
)
def test_a_feed_is_late_beyond_its_time_and_grace(
    schedule: dict[str, Any], hours_ago: float, is_late: bool
) -> None:
    found = late(came(hours_ago), catalog(schedule))
    assert [one.feed_name for one in found] == (["full"] if is_late else [])


def test_a_mall_that_never_sent_one_is_late_from_its_start_on() -> None:
    assert late(MemoryLedger(), catalog(DAILY))
    assert not late(MemoryLedger(), catalog(DAILY, start="2026-11-23"))
    morning = "2026-11-23T10:00:00+09:00"
    assert not late(MemoryLedger(), catalog({"daily_at": "03:00"}, start=morning))


def test_the_log_names_what_is_late_since_when_and_why() -> None:
    hourly, daily = (
        late(MemoryLedger(), catalog(rule))[0].message()
        for rule in ({"every_hours": 1.5}, {"daily_at": "03:00", "grace_minutes": 30})
    )
    assert hourly == (
        "mall_a: feed `full` is late, none has arrived since 2026-11-23T00:30+00:00; "
        "expected every 1.5 hours, 60 minutes of grace"
    )
    assert daily == (
        "mall_a: feed `full` is late, none has arrived since 2026-11-22T15:00+09:00; "
        "expected daily at 03:00 (Asia/Seoul), 30 minutes of grace"
    )


def test_a_feed_that_came_is_not_late_however_many_others_came_behind_it() -> None:
    ledger = came(20)
    for number in range(101):
        ledger.enter(delta(2 + number, arrived_at=NOW - timedelta(hours=19) + timedelta(minutes=10 * number)))  # fmt: skip
    assert not late(ledger, catalog(DAILY))


def test_what_an_operator_loads_again_is_not_what_the_mall_was_to_send() -> None:
    ledger = came(50)
    ledger.enter(feed(2, arrived_at=NOW, replay_of="mall_a-1"))
    assert late(ledger, catalog(DAILY))


def test_the_version_that_holds_now_says_what_is_due() -> None:
    old, new = catalog({}, 1), catalog(DAILY, 2, "2026-11-20")
    future = catalog({}, 3, "2026-12-01")
    assert late(MemoryLedger(), future, new, old)
    assert not late(MemoryLedger(), future)
    assert not late(MemoryLedger(), new, catalog({}, 3, "2026-11-21"))


def test_a_new_version_with_the_same_schedule_grants_no_delay_and_another_schedule_does() -> None:
    yesterday = "2026-11-23"
    assert late(MemoryLedger(), catalog(DAILY), catalog(DAILY, 2, yesterday))
    assert not late(MemoryLedger(), catalog({"every_hours": 12}), catalog(DAILY, 2, yesterday))


def test_each_mall_has_its_turn_once_in_ten_minutes_and_each_minute_its_share() -> None:
    malls = [f"mall_{number}" for number in range(1000)]
    turns = [in_turn(malls, NOW + timedelta(minutes=minute, seconds=59)) for minute in range(TURNS)]
    assert sorted(mall for turn in turns for mall in turn) == sorted(malls)
    assert all(50 < len(turn) < 150 for turn in turns)
    assert in_turn(malls, NOW + timedelta(minutes=TURNS)) == turns[0]


def test_all_malls_are_asked_though_one_cannot_be_and_only_those_that_expect_something() -> None:
    expecting = catalog(DAILY)
    silent, endless = catalog({}), catalog({"every_hours": 1e9})
    asked: list[str] = []

    def catalogs_of(mall_id: str) -> list[Catalog]:
        if mall_id == "mall_broken":
            raise CatalogInvalid([])
        return [{"mall_silent": silent, "mall_endless": endless}.get(mall_id, expecting)]

    def sent_since(mall_id: str, since: Mapping[str, datetime]) -> set[str]:
        asked.append(mall_id)
        assert since == {"full": NOW - timedelta(hours=25)}
        return set()

    malls = ["mall_silent", "mall_broken", "mall_endless", "mall_a", "mall_b"]
    found = overdue(malls, catalogs_of, sent_since, NOW)
    assert asked == ["mall_a", "mall_b"]
    assert len(found.late) == 2
    assert list(found.unread) == ["mall_broken", "mall_endless"]
    assert len(list(expected_feeds([expecting], NOW))) == 1
