"""Groups waiting feeds into plans by workload: small ones share a run, a big one has its own.

Pure: the same candidates, limits and moment give the same plans.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mallfeed.ledger.model import FeedRecord, PlanRecord
from mallfeed.plan.limits import Limits
from mallfeed.plan.sizing import (
    ALONE_FROM_SECONDS,
    LEAST_WORKERS,
    RUN_SECONDS,
    estimated_seconds,
    workers_for,
)


@dataclass(frozen=True)
class Candidate:
    """A mall's next feed, and since when that mall waits to be served."""

    feed: FeedRecord
    since: datetime

    @property
    def seconds(self) -> float:
        """Its estimated length."""
        return estimated_seconds(self.feed)

    @property
    def rank(self) -> tuple[int, datetime, str]:
        """Sorts first what goes first: priority, then the mall that waits longest."""
        return (-self.feed.priority, self.since, self.feed.feed_id)


def candidate(feed: FeedRecord, feeds: Sequence[FeedRecord]) -> Candidate:
    """The mall waits since its feed arrived or since it was last served, whichever is later.

    So a mall that floods stands behind the others again after each of its feeds.
    """
    served = [other.started_at for other in feeds if other.started_at and other is not feed]
    return Candidate(feed, max([feed.arrived_at, *served]))


@dataclass
class _Group:
    members: list[Candidate] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, member: Candidate) -> None:
        self.members.append(member)
        self.seconds += member.seconds


def make_plans(
    candidates: Sequence[Candidate], limits: Limits, now: datetime, running: Sequence[PlanRecord]
) -> list[PlanRecord]:
    """Plans to start now, first things first, within the room that the running ones leave."""
    ranked = sorted(candidates, key=lambda one: one.rank)
    big = [one for one in ranked if one.seconds >= ALONE_FROM_SECONDS]
    small = [one for one in ranked if one.seconds < ALONE_FROM_SECONDS]
    groups = [_alone(one) for one in big]
    if not running or _gathered(small, limits, now):
        groups += _shared(small, limits)
    groups.sort(key=lambda group: min(one.rank for one in group.members))
    return _within_room(groups, limits, now, running)


def _gathered(small: Sequence[Candidate], limits: Limits, now: datetime) -> bool:
    """While something runs, small feeds wait for company; not for long, and not the urgent ones."""
    window = timedelta(seconds=limits.gather_seconds)
    return any(one.feed.priority > 0 or now - one.since >= window for one in small)


def _alone(one: Candidate) -> _Group:
    group = _Group()
    group.add(one)
    return group


def _shared(small: Sequence[Candidate], limits: Limits) -> list[_Group]:
    groups: list[_Group] = []
    for flex in (False, True):
        group = _Group()
        for one in small:
            if (one.feed.replay_of is not None) is not flex:
                continue
            full = group.seconds + one.seconds > RUN_SECONDS * 4
            if group.members and (full or len(group.members) >= limits.max_feeds):
                groups.append(group)
                group = _Group()
            group.add(one)
        if group.members:
            groups.append(group)
    return groups


def _within_room(
    groups: Sequence[_Group], limits: Limits, now: datetime, running: Sequence[PlanRecord]
) -> list[PlanRecord]:
    runs = limits.max_runs - len(running)
    workers = limits.max_workers - sum(plan.workers for plan in running)
    plans: list[PlanRecord] = []
    for group in groups:
        if len(plans) >= runs or workers < LEAST_WORKERS:
            break
        plan = _plan(group, min(workers, workers_for(group.seconds)), now)
        workers -= plan.workers
        plans.append(plan)
    return plans


def _plan(group: _Group, workers: int, now: datetime) -> PlanRecord:
    feeds = [member.feed for member in group.members]
    text = "\n".join(f"{feed.feed_id} {feed.attempt}" for feed in feeds)
    digest = hashlib.sha256(text.encode()).hexdigest()[:10]
    return PlanRecord(
        plan_id=f"{now:%Y%m%dt%H%M%S}-{digest}",
        feed_ids=tuple(feed.feed_id for feed in feeds),
        malls=tuple(feed.mall_id for feed in feeds),
        created_at=now,
        workers=workers,
        flex=all(feed.replay_of is not None for feed in feeds),
    )
