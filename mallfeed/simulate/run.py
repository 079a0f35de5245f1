"""A Glue run in simulated time: the steps of `mallfeed.load.run_plan`, with durations from the size model.

The moves in the ledger are those of the job (`ClaimedFeeds`); only the work between them is simulated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from simpy import Environment

from mallfeed.errors import FeedHeld
from mallfeed.ledger.claims import ClaimedFeeds
from mallfeed.ledger.model import FeedRecord
from mallfeed.simulate.arrivals import Arrival
from mallfeed.simulate.counting_ledger import CountedLedger
from mallfeed.simulate.figures import Measured
from mallfeed.simulate.glue import RunFigures
from mallfeed.simulate.shared_resources import EvenlyShared, OneAtATime, Process
from mallfeed.table.counts import Counts
from mallfeed.table.port import Commit


@dataclass
class Services:
    """The services that all runs share, and what the runs leave in them.

    Attributes
    ----------
    sent : feed id → its arrival
    products : mall → products in its largest feed
    searchable_s : feed id → when its changes became searchable, seconds after the start
    """

    env: Environment
    clock: Callable[[], datetime]
    ledger: CountedLedger
    measured: Measured
    index: EvenlyShared
    table: OneAtATime
    warehouse: OneAtATime
    sent: Mapping[str, Arrival]
    runs_that_die: float
    chance: Random
    products: Mapping[str, float]
    searchable_s: dict[str, float] = field(default_factory=dict)
    loads: dict[str, int] = field(default_factory=dict)
    documents: float = 0.0

    def changed(self, feed: FeedRecord) -> float:
        """The number of the feed's rows that change a product."""
        return self.measured.rows(feed) * self.sent[feed.feed_id].changed


class Run:
    """One run at work."""

    def __init__(self, services: Services, figures: RunFigures) -> None:
        self._services = services
        self._measured = services.measured
        self._figures = figures
        self._claims = ClaimedFeeds(
            services.ledger, figures.plan.plan_id, figures.job_run_id, services.clock
        )
        plan = figures.plan
        dpus_of_executors = plan.dpus * (plan.workers - 1) // plan.workers
        self._cores = dpus_of_executors * services.measured.cores_a_worker
        self._feeds: list[FeedRecord] = []

    def work(self) -> Process:
        """Claim, stage, hold, commit and synchronise; returns the state in which Glue ends the run."""
        services, wait = self._services, self._services.env.timeout
        yield wait(self._measured.glue_start_s)
        self._figures.begun_s, self._figures.state = services.env.now, "RUNNING"
        yield wait(self._measured.spark_start_s)
        self._claim()
        dies = services.chance.random() < services.runs_that_die
        share = services.chance.random() if dies else 1.0
        yield wait(share * stage_s(self._feeds, self._measured, self._cores))
        if dies:
            return "FAILED"
        self._hold()
        if self._feeds:
            yield from self._commit()
            sinks = [self._index(), self._warehouse()]
            yield services.env.all_of([services.env.process(sink) for sink in sinks])
            yield wait(self._measured.report_s)
            self._finish()
        return "SUCCEEDED"

    def _claim(self) -> None:
        claimed = self._claims.claim_all(self._figures.plan.feed_ids).values()
        self._feeds = [feed for feed in claimed if feed is not None]

    def _hold(self) -> None:
        sent = self._services.sent
        for feed in self._feeds:
            if sent[feed.feed_id].held:
                held = FeedHeld("guard_vanished", "too many products vanished")
                self._claims.hold(feed.feed_id, held)
        self._feeds = [feed for feed in self._feeds if not sent[feed.feed_id].held]

    def _commit(self) -> Process:
        services = self._services
        for feed in self._feeds:
            self._claims.committing(feed.feed_id)
        products = sum(services.products[feed.mall_id] for feed in self._feeds)
        core_s = products / 1000 * self._measured.merge_core_s_a_1000_products
        yield services.env.timeout(core_s / self._cores)
        yield from services.table.use(self._measured.commit_s)
        commit = Commit("table", services.table.times, services.table.times)
        for feed in self._feeds:
            self._claims.synced(feed.feed_id, commit, Counts(changed=int(services.changed(feed))))

    def _index(self) -> Process:
        services = self._services
        yield services.env.timeout(self._measured.index_start_s)
        documents = sum(map(services.changed, self._feeds))
        services.documents += documents
        yield from services.index.use(documents)
        for feed in self._feeds:
            services.searchable_s.setdefault(feed.feed_id, services.env.now)

    def _warehouse(self) -> Process:
        rows = sum(map(self._services.changed, self._feeds))
        seconds = self._measured.warehouse_s + rows / 1000 * self._measured.warehouse_s_a_1000_rows
        yield from self._services.warehouse.use(seconds)

    def _finish(self) -> None:
        loads = self._services.loads
        for feed in self._feeds:
            self._claims.loaded(feed.feed_id)
            loads[feed.feed_id] = loads.get(feed.feed_id, 0) + 1


def stage_s(feeds: Sequence[FeedRecord], measured: Measured, cores: int) -> float:
    """Seconds of staging: whichever is longest of all feeds' work on the shared cores, the splitting in
    the driver's threads, and the longest single feed."""
    if not feeds:
        return 0.0
    split = [measured.split_s(feed) for feed in feeds]
    work = [measured.stage_core_s(feed) / cores for feed in feeds]
    at_once = min(measured.feeds_side_by_side, measured.cores_a_worker)
    longest = max(one + other for one, other in zip(split, work, strict=True))
    return max(sum(work), sum(split) / at_once, longest)
