"""Feeds that their catalog expects and that have not come: for a metric, an alarm and the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from mallfeed.catalog.model import Catalog, FeedSpec, Schedule
from mallfeed.errors import MallfeedError
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import UNCHANGED_BYTES, State

EVERY = timedelta(minutes=10)
"""How often it is worth asking: lateness is told in minutes, and each mall costs some reads."""

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class LateFeed:
    """A feed that is overdue.

    Attributes
    ----------
    due : when it was expected; `now` lies beyond that and the grace
    newest : when one of its kind arrived last; None = never
    """

    mall_id: str
    feed_name: str
    due: datetime
    newest: datetime | None

    def message(self) -> str:
        """One line for the log."""
        last = f"the last one came {self.newest.isoformat()}" if self.newest else "none ever came"
        return f"{self.mall_id}: feed `{self.feed_name}` was due {self.due.isoformat()}; {last}"


@dataclass(frozen=True)
class Overdue:
    """What was found when all malls were asked.

    Attributes
    ----------
    late : feeds that are overdue
    unread : mall → why it could not be asked (its catalog, the ledger)
    """

    late: tuple[LateFeed, ...]
    unread: dict[str, MallfeedError]


def overdue(
    malls: Iterable[str],
    catalogs_of: Callable[[str], Iterable[Catalog]],
    arrivals_of: Callable[[str], Iterable[FeedRecord]],
    now: datetime,
) -> Overdue:
    """All malls' overdue feeds; one that cannot be asked keeps no other from being asked.

    `catalogs_of` gives a mall's published versions, `arrivals_of` its newest feeds; the latter is asked
    only where the version that holds now expects something.
    """
    late: list[LateFeed] = []
    unread: dict[str, MallfeedError] = {}
    for mall_id in malls:
        try:
            catalog = holding(catalogs_of(mall_id), now)
            if catalog is not None and any(map(expects, catalog.feeds.values())):
                late += late_feeds(catalog, arrivals_of(mall_id), now)
        except MallfeedError as error:
            unread[mall_id] = error
    return Overdue(tuple(late), unread)


def is_time(now: datetime) -> bool:
    """Whether this tick of a timer that runs each minute is one of those that ask."""
    return int(now.timestamp() // 60) % int(EVERY.total_seconds() // 60) == 0


def expects(spec: FeedSpec) -> bool:
    """Whether a catalog says when this feed is due."""
    return spec.schedule.every_hours is not None or spec.schedule.daily_at is not None


def holding(versions: Iterable[Catalog], now: datetime) -> Catalog | None:
    """The version that holds now: the newest whose effective_from has come."""
    come = [one for one in versions if one.effective_from <= now]
    return max(come, key=lambda one: (one.effective_from, one.version), default=None)


def late_feeds(
    catalog: Catalog, arrivals: Iterable[FeedRecord], now: datetime
) -> Iterator[LateFeed]:
    """The mall's overdue feeds; `arrivals` are its newest feeds, in any order and state.

    A feed that arrived counts whatever became of it: what is wrong with it is told elsewhere. A mall
    that never sent one is overdue from the catalog's effective_from on.
    """
    known = list(arrivals)
    for name, spec in catalog.feeds.items():
        newest = max(
            (f.arrived_at for f in known if f.feed_name == name and _counts(f)), default=None
        )
        due = _due(spec.schedule, newest, catalog, now)
        if due is not None and now > due + timedelta(minutes=spec.schedule.grace_minutes):
            yield LateFeed(catalog.mall, name, due, newest)


def _counts(feed: FeedRecord) -> bool:
    return feed.state is not State.IGNORED or feed.code == UNCHANGED_BYTES


def _due(
    schedule: Schedule, newest: datetime | None, catalog: Catalog, now: datetime
) -> datetime | None:
    """When the next one was or is due, by whichever rule is the earlier one."""
    since = newest or catalog.effective_from
    found = []
    if schedule.every_hours is not None:
        found.append(since + timedelta(hours=schedule.every_hours))
    if schedule.daily_at is not None:
        due = _latest(schedule.daily_at, catalog.timezone, now)
        # Half a day before counts for this day; yesterday's that came late does not.
        if newest is None or newest < due - _DAY / 2:
            found.append(max(due, catalog.effective_from))
    return min(found, default=None)


def _latest(daily_at: str, zone: str, now: datetime) -> datetime:
    """The last moment at which it was this time of day in the zone."""
    there = now.astimezone(ZoneInfo(zone))
    hour, minute = map(int, daily_at.split(":"))
    today = datetime.combine(there.date(), time(hour, minute), tzinfo=ZoneInfo(zone))
    return today if today <= there else today - _DAY
