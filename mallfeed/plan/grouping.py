"""Groups waiting feeds into plans by workload: small ones share a run, a big one gets its own.

Pure: the same candidates, limits and moment give the same plans.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mallfeed.ledger.model import FeedRecord, Pace, PlanRecord
from mallfeed.plan.limits import Limits
from mallfeed.plan.pace import last_paces
from mallfeed.plan.sizing import (
    ALONE_FROM_SECONDS,
    LEAST_WORKERS,
    RUN_SECONDS,
    estimated_seconds,
    worker_type_for,
    workers_for,
)

FEWER_AFTER_A_DEATH = 20
"""After a feed's run has died once, the feed shares its next run with this many times fewer: 10 instead of 200."""


@dataclass(frozen=True)
class Candidate:
    """A mall's next feed.

    Attributes
    ----------
    since : since when the mall has been waiting to be served
    paces : how long its last feeds took
    priority : higher goes first
    """

    feed: FeedRecord
    since: datetime
    paces: tuple[Pace, ...] = ()
    priority: int = 0

    @property
    def seconds(self) -> float:
        """How long the feed is estimated to take, in seconds on two workers."""
        return estimated_seconds(self.feed, self.paces)

    @property
    def is_alone(self) -> bool:
        """Whether others would wait for it: it is long, or was too costly to be read among them."""
        return self.feed.alone or self.seconds >= ALONE_FROM_SECONDS

    @property
    def rank(self) -> tuple[int, datetime, str]:
        """The sort key, lowest first: by priority, then by how long the mall has waited."""
        return (-self.priority, self.since, self.feed.feed_id)


def candidate(feed: FeedRecord, feeds: Sequence[FeedRecord], limits: Limits) -> Candidate:
    """The candidate for a mall's next feed, given all feeds of the mall.

    The mall has been waiting since the feed arrived, or since it was last served, whichever is later.
    So a mall that sends very many feeds queues behind the others again after each of them. Its
    priority is the one set by an operator, or else the one in its catalog.
    """
    served = [other.started_at for other in feeds if other.started_at and other is not feed]
    since = max([feed.arrived_at, *served])
    priority = limits.priorities.get(feed.mall_id, feed.priority)
    return Candidate(feed, since, last_paces(feeds), priority)


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
    """The plans to start now, the most urgent first, within the capacity that the running ones leave."""
    ranked = sorted(candidates, key=lambda one: one.rank)
    big = [one for one in ranked if one.is_alone]
    small = [one for one in ranked if not one.is_alone]
    groups = [_alone(one) for one in big]
    if not running or _gathered(small, limits, now):
        groups += _shared(small, limits)
    groups.sort(key=lambda group: min(one.rank for one in group.members))
    return _within_room(groups, limits, now, running)


def _gathered(small: Sequence[Candidate], limits: Limits, now: datetime) -> bool:
    """Whether small feeds have waited long enough for others to share a run with; urgent ones do not wait."""
    window = timedelta(seconds=limits.gather_seconds)
    return any(one.priority > 0 or now - one.since >= window for one in small)


def _alone(one: Candidate) -> _Group:
    group = _Group()
    group.add(one)
    return group


def company(feed: FeedRecord, limits: Limits) -> int:
    """How many feeds, including this one, may be in its run at most.

    A feed that breaks its run costs all feeds in it a try. So after a first failure it shares a run
    with few, and on its last try it runs alone: one bad feed never makes others FAILED. A feed that a
    sink has refused runs alone too.
    """
    if feed.is_refused:
        return 1
    if feed.tries == 0:
        return limits.max_feeds
    if feed.tries >= limits.max_tries - 1:
        return 1
    return max(1, limits.max_feeds // FEWER_AFTER_A_DEATH)


def _shared(small: Sequence[Candidate], limits: Limits) -> list[_Group]:
    """Groups of small feeds that share a run; backfills, and feeds after a failure, get groups of their own.

    Within each of these kinds, the groups follow the order of `small`.
    """
    kinds: dict[tuple[bool, int], list[_Group]] = {}
    for one in small:
        most = company(one.feed, limits)
        groups = kinds.setdefault((one.feed.is_backfill, most), [_Group()])
        full = groups[-1].seconds + one.seconds > RUN_SECONDS
        if groups[-1].members and (full or len(groups[-1].members) >= most):
            groups.append(_Group())
        groups[-1].add(one)
    return [group for groups in kinds.values() for group in groups]


def _within_room(
    groups: Sequence[_Group], limits: Limits, now: datetime, running: Sequence[PlanRecord]
) -> list[PlanRecord]:
    runs = limits.max_runs - len(running)
    workers = limits.max_workers - sum(plan.dpus for plan in running)
    plans: list[PlanRecord] = []
    for place, group in enumerate(groups):
        left = runs - len(plans)
        if left < 1 or workers < LEAST_WORKERS:
            break
        most = _most_workers(workers, left, len(groups) - place)
        plan = _plan(group, most, now)
        workers -= plan.dpus
        plans.append(plan)
    return plans


def _most_workers(workers: int, runs: int, waiting: int) -> int:
    """How many of the free `workers` one run may take, if `runs` more may start and `waiting` groups wait.

    The minimum is reserved for each run that may still start, so that a big feed does not shut the
    others out; the rest is shared by the groups that wait now.
    """
    spare = max(0, workers - LEAST_WORKERS * runs)
    return min(workers, LEAST_WORKERS + spare // min(runs, waiting))


def _plan(group: _Group, most: int, now: datetime) -> PlanRecord:
    worker_type, workers = worker_type_for(min(most, workers_for(group.seconds)))
    feeds = [member.feed for member in group.members]
    text = "\n".join(f"{feed.feed_id} {feed.attempt}" for feed in feeds)
    digest = hashlib.sha256(text.encode()).hexdigest()[:10]
    return PlanRecord(
        plan_id=f"{now:%Y%m%dt%H%M%S}-{digest}",
        feed_ids=tuple(feed.feed_id for feed in feeds),
        malls=tuple(feed.mall_id for feed in feeds),
        created_at=now,
        worker_type=worker_type,
        workers=workers,
        flex=all(feed.is_backfill for feed in feeds),
    )
