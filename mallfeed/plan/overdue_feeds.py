"""Feeds that a catalog expects but that have not arrived: for a metric, an alarm and the log."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import takewhile
from zlib import crc32
from zoneinfo import ZoneInfo

from mallfeed.catalog.feed_spec import Schedule
from mallfeed.catalog.in_force import begun
from mallfeed.catalog.model import Catalog
from mallfeed.errors import MallfeedError

TURNS = 10
"""Each mall is checked once in this many minutes: minutes do not matter here, and each check costs reads."""

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class ExpectedFeed:
    """A feed of a catalog that must have arrived by now.

    Attributes
    ----------
    since : a feed that arrived at this time or later is on time; if there is none, it is late
    rule : the catalog's schedule in words
    """

    mall_id: str
    feed_name: str
    since: datetime
    rule: str

    def message(self) -> str:
        """One line for the log: which feed is late, since when, and by which rule."""
        return (
            f"{self.mall_id}: feed `{self.feed_name}` is late, none has arrived since "
            f"{self.since.isoformat(timespec='minutes')}; expected {self.rule}"
        )


@dataclass(frozen=True)
class Overdue:
    """The result of checking malls for overdue feeds.

    Attributes
    ----------
    late : feeds that are overdue
    unread : mall → why it could not be checked (its catalog, a schedule beyond all dates, the ledger)
    """

    late: tuple[ExpectedFeed, ...]
    unread: dict[str, Exception]


def in_turn(malls: Iterable[str], minute: datetime) -> list[str]:
    """The malls that are to be checked in this minute; each gets its turn once in TURNS minutes."""
    turn = int(minute.timestamp() // 60) % TURNS
    return [mall_id for mall_id in malls if crc32(mall_id.encode()) % TURNS == turn]


def overdue(
    malls: Iterable[str],
    catalogs_of: Callable[[str], Iterable[Catalog]],
    sent_since: Callable[[str, Mapping[str, datetime]], Collection[str]],
    now: datetime,
) -> Overdue:
    """The overdue feeds of these malls. A mall that cannot be checked does not keep the others from it.

    `catalogs_of` returns a mall's published versions; `sent_since` is the ledger's, and is called only
    if the version that is in effect now expects a feed.
    """
    late: list[ExpectedFeed] = []
    unread: dict[str, Exception] = {}
    for mall_id in malls:
        try:
            expected = list(expected_feeds(catalogs_of(mall_id), now))
            if expected:
                sent = sent_since(mall_id, {one.feed_name: one.since for one in expected})
                late += [one for one in expected if one.feed_name not in sent]
        except (MallfeedError, OverflowError) as error:
            unread[mall_id] = error
    return Overdue(tuple(late), unread)


def expected_feeds(versions: Iterable[Catalog], now: datetime) -> Iterator[ExpectedFeed]:
    """The feeds that must have arrived by now, grace included, according to the version in effect now."""
    newest_first = begun(versions, now)
    if not newest_first:
        return
    catalog = newest_first[0]
    for name, spec in catalog.feeds.items():
        expected_from = _expected_from(newest_first, name)
        since = _since(spec.schedule, expected_from, catalog.timezone, now)
        if since is not None:
            rule = _rule(spec.schedule, catalog.timezone)
            yield ExpectedFeed(catalog.mall, name, since, rule)


def _expected_from(newest_first: Sequence[Catalog], name: str) -> datetime:
    """Since when the feed has had its present schedule; a new version that keeps it changes nothing."""
    schedule = newest_first[0].feeds[name].schedule
    alike = takewhile(
        lambda one: name in one.feeds and one.feeds[name].schedule == schedule, newest_first
    )
    return min(one.effective_from for one in alike)


def _since(
    schedule: Schedule, expected_from: datetime, zone: str, now: datetime
) -> datetime | None:
    """Since when a feed must have arrived, by the stricter rule; None while no feed is due."""
    by_now = now - timedelta(minutes=schedule.grace_minutes)
    limits = []
    if schedule.every_hours is not None:
        since = by_now - timedelta(hours=schedule.every_hours)
        if since > expected_from:
            limits.append(since)
    if schedule.daily_at is not None:
        due = _latest(schedule.daily_at, zone, by_now)
        if due > expected_from:
            # A feed up to half a day early counts for this day; yesterday's that came late does not.
            limits.append(due - _DAY / 2)
    return max(limits, default=None)


def _rule(schedule: Schedule, zone: str) -> str:
    """The schedule in words."""
    rules = []
    if schedule.every_hours is not None:
        rules.append(f"every {schedule.every_hours:g} hours")
    if schedule.daily_at is not None:
        rules.append(f"daily at {schedule.daily_at} ({zone})")
    return f"{' and '.join(rules)}, {schedule.grace_minutes} minutes of grace"


def _latest(daily_at: str, zone: str, now: datetime) -> datetime:
    """The last moment at which it was this time of day in the zone."""
    there = now.astimezone(ZoneInfo(zone))
    hour, minute = map(int, daily_at.split(":"))
    today = datetime.combine(there.date(), time(hour, minute), tzinfo=ZoneInfo(zone))
    return today if today <= there else today - _DAY
