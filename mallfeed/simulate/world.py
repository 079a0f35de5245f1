"""The pipeline in simulated time, with the real rules of the ledger and the real dispatch, but simulated work.

simpy keeps the events and the clock. A run is written as the steps that it takes; everything that exists
only once (commits, warehouse transactions, the Lambda that dispatches) is a resource of simpy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from simpy import Environment, Event, Resource, Store

from mallfeed.ledger.apply_decision import settle
from mallfeed.ledger.operate import carry_out, drop
from mallfeed.ledger.states import BLOCKING
from mallfeed.plan.dispatch import DispatchOutcome, dispatch
from mallfeed.plan.gauges import gauges
from mallfeed.plan.limits import Limits
from mallfeed.simulate.arrivals import DAY_S, START, Arrival
from mallfeed.simulate.counting_ledger import CountedLedger
from mallfeed.simulate.figures import Measured, Quotas
from mallfeed.simulate.glue import RunFigures, SimulatedGlue
from mallfeed.simulate.run import Run, Services
from mallfeed.simulate.shared_resources import EvenlyShared, OneAtATime, Process

TIMER_S = 60.0
GIVES_UP_AFTER_DAYS = 3
"""Feeds that have not ended this long after the last day are reported as unfinished."""


@dataclass
class Lambdas:
    """How often and how long the two Lambda functions ran."""

    invocations: int = 0
    seconds: float = 0.0
    at_once: int = 0
    most_at_once: int = 0
    longest_s: dict[str, float] = field(default_factory=dict)


@dataclass
class World:
    """The whole pipeline, while the simulation runs and afterwards.

    Attributes
    ----------
    queue : (seconds after the start, waiting feeds that may be taken, open runs) at each minute
    products : mall → number of products in its largest feed
    blocked : ids of feeds that waited behind a held or failed one
    """

    sent: Sequence[Arrival]
    days: float
    limits: Limits
    measured: Measured
    quotas: Quotas
    seed: int
    runs_that_die: float
    person_after_s: float
    env: Environment = field(default_factory=Environment)
    lambdas: Lambdas = field(default_factory=Lambdas)
    queue: list[tuple[float, int, int]] = field(default_factory=list)
    blocked: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        env, measured = self.env, self.measured
        self.products = products_of(self.sent, measured)
        self.ledger = CountedLedger(measured, lambda: env.now)
        self.glue = SimulatedGlue(
            self._begin, lambda: env.now, self.quotas.glue_runs.most, self.quotas.glue_dpus.most
        )
        self.services = Services(
            env=env,
            clock=self.now,
            ledger=self.ledger,
            measured=measured,
            index=EvenlyShared(env, measured.index_docs_a_s(sum(self.products.values()))),
            table=OneAtATime(env),
            warehouse=OneAtATime(env),
            sent={one.record.feed_id: one for one in self.sent},
            runs_that_die=self.runs_that_die,
            chance=Random(f"{self.seed} runs"),  # noqa: S311
            products=self.products,
        )
        self._arrivals = Store(env)
        self._glue_runs: list[Event] = []
        self._dispatcher = Resource(env, capacity=1)
        self._done = env.event()
        self._entered = 0

    def now(self) -> datetime:
        """The time in the simulation."""
        return START + timedelta(seconds=self.env.now)

    def run(self, progress: Callable[[float], None] = lambda _: None) -> None:
        """Run until every feed has ended; `progress` is called with the simulated seconds, every hour."""
        self.env.process(self._send())
        for _ in range(self.measured.arrivals_at_once):
            self.env.process(self._feed_arrived())
        self.env.process(self._timer(progress))
        self.env.run(until=self._done)

    def _send(self) -> Process:
        for arrival in self.sent:
            yield self.env.timeout(max(0.0, arrival.at_s - self.env.now))
            self.env.process(self._event(arrival))

    def _event(self, arrival: Arrival) -> Process:
        yield self.env.timeout(self.measured.event_s)
        yield self._arrivals.put(arrival)

    def _feed_arrived(self) -> Process:
        """The Lambda behind the queue: enters a batch of feeds, then dispatches."""
        while True:
            first = yield self._arrivals.get()
            waiting = self._arrivals.items
            batch = [first, *waiting[: self.measured.batch - 1]]
            del waiting[: self.measured.batch - 1]
            calls = self.ledger.calls
            for arrival in batch:
                self._enter(arrival)
            malls = {arrival.record.mall_id for arrival in batch}
            self._dispatch(malls)
            yield from self._lambda("feed_arrived", self.ledger.calls - calls)

    def _enter(self, arrival: Arrival) -> None:
        """As `mallfeed.arrival.arrival.Arrivals` does, for a feed that its catalog knows."""
        record = self.ledger.enter(arrival.record)
        self._entered += 1
        if record.mode == "full":
            settle(self.ledger, record.mall_id, self.now())

    def _timer(self, progress: Callable[[float], None]) -> Process:
        end_s = self.days * DAY_S
        while True:
            self.queue.append((self.env.now, self._ready(), len(self.ledger.peek_open_plans())))
            if self.env.now % 3600 == 0:
                progress(self.env.now)
            late = self.env.now > end_s + GIVES_UP_AFTER_DAYS * DAY_S
            if self.env.now >= end_s and (late or self._settled()):
                self._done.succeed()
                return
            self.env.process(self._dispatch_runs())
            yield self.env.timeout(TIMER_S)

    def _ready(self) -> int:
        """The number of waiting feeds, without those that wait for their window."""
        now_s, sent = self.env.now, self.services.sent
        return sum(sent[feed_id].ready_s <= now_s for feed_id in self.ledger.waiting)

    def _settled(self) -> bool:
        """Whether nothing is under way: no feed, no plan, and no event, of a feed or of a run's end."""
        if self._entered < len(self.sent) or not self.ledger.is_settled():
            return False
        return all(run.triggered for run in self._glue_runs)

    def _dispatch_runs(self) -> Process:
        """The Lambda on the timer and on Glue's events, one at a time."""
        with self._dispatcher.request() as turn:
            yield turn
            calls = self.ledger.calls
            self.ledger.open_malls()  # read for the locks of dead maintenance runs
            self._dispatch(None)
            gauges(self.ledger, self.now())
            yield from self._lambda("dispatch_runs", self.ledger.calls - calls)

    def _dispatch(self, arrived: set[str] | None) -> None:
        outcome = dispatch(self.ledger, self.glue, self.limits, self.now, arrived=arrived)
        self._watch(outcome)

    def _watch(self, outcome: DispatchOutcome) -> None:
        """Note the feeds that wait behind held or failed ones, and send the person who will drop those."""
        for mall_id in outcome.blocked:
            self.blocked.update(self.ledger.waiting_of(mall_id))
        for feed_id in self.ledger.newly_blocking():
            self.env.process(self._person(feed_id))

    def _person(self, feed_id: str) -> Process:
        yield self.env.timeout(self.person_after_s)
        record = self.ledger.peek(feed_id)
        if record is not None and record.state in BLOCKING:
            carry_out(self.ledger, drop(record, "operator", "bad data", self.now()))

    def _lambda(self, name: str, calls: int) -> Process:
        seconds = self.measured.lambda_s + calls * self.measured.ledger_call_s
        lambdas = self.lambdas
        lambdas.invocations += 1
        lambdas.seconds += seconds
        lambdas.longest_s[name] = max(lambdas.longest_s.get(name, 0.0), seconds)
        lambdas.at_once += 1
        lambdas.most_at_once = max(lambdas.most_at_once, lambdas.at_once)
        yield self.env.timeout(seconds)
        lambdas.at_once -= 1

    def _begin(self, run: RunFigures) -> None:
        self._glue_runs.append(self.env.process(self._glue_run(run)))

    def _glue_run(self, run: RunFigures) -> Process:
        """A run from its start until the dispatch that Glue's event of its end calls."""
        work: Event = self.env.process(Run(self.services, run).work())
        state = yield work
        self.glue.ended(run, str(state))
        yield self.env.timeout(self.measured.event_s)
        yield from self._dispatch_runs()


def products_of(sent: Sequence[Arrival], measured: Measured) -> dict[str, float]:
    """Mall → number of products in the largest feed that it sends."""
    products: dict[str, float] = {}
    for one in sent:
        mall_id = one.record.mall_id
        products[mall_id] = max(products.get(mall_id, 0.0), measured.rows(one.record))
    return products
