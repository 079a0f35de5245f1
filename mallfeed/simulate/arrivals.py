"""The feeds that the malls of a profile send: a list made in advance; the same seed makes the same list."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from zoneinfo import ZoneInfo

from mallfeed.arrival.key import key_of
from mallfeed.ledger.identity import feed_id, order_key
from mallfeed.ledger.model import FeedRecord, Part
from mallfeed.ledger.states import State
from mallfeed.ledger.window import opens_at
from mallfeed.simulate.profile import MallClass, Profile, ProfileFeed

START = datetime(2026, 11, 23, tzinfo=ZoneInfo("Asia/Seoul"))
"""Midnight of a Monday: second 0 of a simulation."""
DAY_S = 86_400.0
BUCKET = "feeds"
_SIZE_WAVERS = 0.05  # sigma between the deliveries of one feed; zero if all malls' sizes are equal


@dataclass(frozen=True)
class Arrival:
    """One feed that is going to arrive.

    Attributes
    ----------
    at_s : when, in seconds after the start
    class_name : the class of its mall
    changed : share of its rows that change a product
    held : whether it will be held for its content
    """

    at_s: float
    record: FeedRecord
    class_name: str
    changed: float
    held: bool

    @cached_property
    def ready_s(self) -> float:
        """When it may be taken, in seconds after the start: at its arrival, or when its window opens next."""
        opening = opens_at(self.record.window, self.record.zone, self.record.arrived_at)
        return self.at_s if opening is None else (opening - START).total_seconds()


@dataclass
class _Sender:
    """One feed of one mall, with its state from one delivery to the next."""

    mall_id: str
    kind: MallClass
    feed: ProfileFeed
    random: Random
    size_mb: float = field(init=False)
    number: int = 0
    bytes_before: tuple[int, str] | None = None

    def __post_init__(self) -> None:
        size = self.feed.size
        self.size_mb = size.median_mb * math.exp(self.random.gauss(0, 1) * size.sigma)

    def arrivals(self, days: float) -> list[Arrival]:
        return [self._arrival(at_s) for at_s in sorted(_times(self.feed, days, self.random))]

    def _arrival(self, at_s: float) -> Arrival:
        self.number += 1
        again = self.random.random() < self.feed.same_bytes
        held = self.random.random() < self.feed.held
        wavers = min(_SIZE_WAVERS, self.feed.size.sigma)
        wavered = self.size_mb * math.exp(self.random.gauss(0, 1) * wavers)
        if self.bytes_before is None or not again:
            etag = f"{self.mall_id}-{self.feed.name}-{self.number}"
            self.bytes_before = (max(1, round(wavered * 1_000_000)), etag)
        record = self._record(START + timedelta(seconds=at_s), *self.bytes_before)
        return Arrival(at_s, record, self.kind.name, self.feed.changed, held)

    def _record(self, at: datetime, size_bytes: int, etag: str) -> FeedRecord:
        ending = f"{self.feed.format}.gz" if self.feed.packed else self.feed.format
        key = key_of(self.mall_id, f"{self.feed.name}-{self.number:06d}.{ending}")
        identity = feed_id(self.mall_id, BUCKET, key, "v1")
        return FeedRecord(
            feed_id=identity,
            mall_id=self.mall_id,
            bucket=BUCKET,
            key=key,
            version_id="v1",
            etag=etag,
            size_bytes=size_bytes,
            parts=(Part(key=key, version_id="v1", size_bytes=size_bytes, etag=etag),),
            last_modified=at.replace(microsecond=0),
            order=order_key(at.replace(microsecond=0), key, 0, identity),
            arrived_at=at,
            feed_time=at,
            feed_name=self.feed.name,
            format=self.feed.format,
            mode=self.feed.mode,
            catalog_version=1,
            catalog_hash=self.kind.name,
            state=State.WAITING,
            priority=self.kind.priority,
            window=self.kind.window,
        )


def arrivals(profile: Profile, malls: int, days: float, seed: int) -> list[Arrival]:
    """All feeds of this many malls, in the order in which they arrive.

    Each feed of each mall has its own random numbers. So a mall sends the same feeds whatever happens to
    other malls, and with or without grouping.
    """
    feeds: list[Arrival] = []
    for mall_id, kind in mall_classes(profile, malls):
        for feed in kind.feeds:
            random = Random(f"{seed} {mall_id} {feed.name}")  # noqa: S311
            feeds += _Sender(mall_id, kind, feed, random).arrivals(days)
    return sorted(feeds, key=lambda one: (one.at_s, one.record.feed_id))


def mall_classes(profile: Profile, malls: int) -> Iterator[tuple[str, MallClass]]:
    """Every mall with its class; the malls are divided among the classes by largest remainder."""
    exact = [one.share * malls for one in profile.malls]
    counts = [math.floor(number) for number in exact]
    by_rest = sorted(range(len(exact)), key=lambda i: (counts[i] - exact[i], i))
    for place in by_rest[: max(0, malls - sum(counts))]:
        counts[place] += 1
    kinds = [kind for kind, count in zip(profile.malls, counts, strict=True) for _ in range(count)]
    return ((f"mall_{number:05d}", kind) for number, kind in enumerate(kinds[:malls], start=1))


def _times(feed: ProfileFeed, days: float, random: Random) -> Iterator[float]:
    """Seconds at which the feed arrives, within `days`, in any order."""
    end_s = days * DAY_S
    if feed.arrives == "nightly":
        yield from _nightly(feed, end_s, random)
    elif feed.arrives == "through_the_day":
        gap_s = DAY_S / feed.a_day
        at_s = random.random() * gap_s
        while at_s < end_s:
            yield at_s
            at_s += gap_s
    else:
        yield from _bursts(feed, end_s, random)


def _nightly(feed: ProfileFeed, end_s: float, random: Random) -> Iterator[float]:
    hours, minutes = map(int, feed.at.split(":"))
    peak_s = hours * 3600 + minutes * 60
    for day in range(math.ceil(end_s / DAY_S)):
        for _ in range(_rounded(feed.a_day, random)):
            at_s = peak_s + random.gauss(0, 1) * feed.spread_minutes * 60
            # A peak around midnight wraps to the other end of the day, so that it keeps its feeds.
            at_s = day * DAY_S + at_s % DAY_S
            if at_s < end_s:
                yield at_s


def _bursts(feed: ProfileFeed, end_s: float, random: Random) -> Iterator[float]:
    for _ in range(_rounded(feed.a_day / feed.burst * end_s / DAY_S, random)):
        begin_s = random.random() * end_s
        for _ in range(feed.burst):
            at_s = begin_s + random.random() * feed.burst_minutes * 60
            if at_s < end_s:
                yield at_s


def _rounded(expected: float, random: Random) -> int:
    """The number rounded up or down at random, so that the mean of many calls is the number itself."""
    return math.floor(expected) + (random.random() < expected % 1)
