"""Dispatch: look after running plans, then start waiting feeds.

Two dispatches may run at the same time, and one may die at any moment. They are called after arrivals,
on Glue's state-change events and on a timer. They look only at the ledger and at Glue, never into the
event, so that a lost or repeated event makes no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

from mallfeed.errors import ConditionFailed, Transient
from mallfeed.ledger.apply_decision import settle
from mallfeed.ledger.identity import mall_of
from mallfeed.ledger.model import PlanRecord
from mallfeed.ledger.port import Ledger
from mallfeed.plan.grouping import Candidate, candidate, make_plans
from mallfeed.plan.limits import Limits
from mallfeed.plan.recover import look_after, start_run
from mallfeed.plan.runs import RunNotStarted, RunStarter

MOST_LOOKS = 5
"""How often one dispatch looks for malls whose feeds arrived while it was looking at the others."""
FEW_OTHERS = 20
"""After an arrival, at most this many other waiting malls are looked at; if more wait, the timer ranks all."""


@dataclass
class DispatchOutcome:
    """What a dispatch did.

    Attributes
    ----------
    closed, started : plans that were closed or started
    running : plans that are still running
    waiting : mall → why none of its feeds was started
    blocked : mall → id of the HELD or FAILED feed that blocks it
    failures : errors, for the log and an alarm; a later dispatch tries again
    """

    closed: list[PlanRecord] = field(default_factory=list)
    started: list[PlanRecord] = field(default_factory=list)
    running: list[PlanRecord] = field(default_factory=list)
    waiting: dict[str, str] = field(default_factory=dict)
    blocked: dict[str, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def summary(self) -> dict[str, object]:
        """Ids and counts for the log, ready for JSON."""
        return {
            "closed": {plan.plan_id: plan.outcome for plan in self.closed},
            "started": {plan.plan_id: len(plan.feed_ids) for plan in self.started},
            "running": [plan.plan_id for plan in self.running],
            "waiting": dict(self.waiting),
            "blocked": dict(self.blocked),
            "failures": list(self.failures),
        }


def dispatch(
    ledger: Ledger,
    runs: RunStarter,
    limits: Limits,
    clock: Callable[[], datetime],
    arrived: Collection[str] | None = None,
    due: Collection[str] = (),
) -> DispatchOutcome:
    """Looks after all open plans, then starts waiting feeds within the limits.

    `arrived` names the malls whose feeds have just arrived. They queue with all other waiting malls.
    While something is running and many malls wait, nothing is started here: within a minute the timer
    looks at all of them. So a burst of arrivals stays cheap, and none overtakes a mall that has waited
    longer. `due` names malls of which something has just begun or ended. Malls of a running plan are skipped: they are locked until it closes.
    """
    outcome = DispatchOutcome()
    for plan in ledger.open_plans():
        _look_after(ledger, runs, plan, limits, clock(), outcome)
    if len(outcome.running) >= limits.max_runs:
        return outcome
    in_plans = {mall_of(feed_id) for plan in outcome.running for feed_id in plan.feed_ids}
    if arrived is not None and outcome.running:
        own = set(arrived) - in_plans
        others = ledger.open_malls() - in_plans - own if own else set()
        if not own or len(others) > FEW_OTHERS:
            return outcome
    waiting = _waiting(ledger, {*(arrived or ()), *due}, in_plans, limits, clock, outcome)
    candidates = _free(ledger, waiting, outcome)
    for plan in make_plans(candidates, limits, clock(), outcome.running):
        _start(ledger, runs, plan, candidates, limits, clock(), outcome)
    return outcome


def _waiting(
    ledger: Ledger,
    arrived: Collection[str],
    in_plans: set[str],
    limits: Limits,
    clock: Callable[[], datetime],
    outcome: DispatchOutcome,
) -> list[Candidate]:
    """The next feed of each mall that has open feeds and is in no plan.

    Malls that have just got a feed are named in `arrived`: the index of open feeds may not have them yet.
    """
    next_feeds: list[Candidate] = []
    looked_at = in_plans
    # Looking at two hundred malls takes seconds, in which more feeds may arrive for the same run.
    for _ in range(MOST_LOOKS):
        malls = {*arrived, *ledger.open_malls()} - looked_at
        if not malls:
            break
        each = (_next_of(ledger, mall, limits, clock(), outcome) for mall in sorted(malls))
        next_feeds += [one for one in each if one is not None]
        looked_at = looked_at | malls
    return next_feeds


def _free(ledger: Ledger, candidates: list[Candidate], outcome: DispatchOutcome) -> list[Candidate]:
    """The candidates whose mall is not locked by maintenance, or by a plan that has just been stored.

    The others could not start, and would take up room that these can use.
    """
    holders = ledger.lock_holders([one.feed.mall_id for one in candidates])
    outcome.waiting |= {mall: f"locked by {holder}" for mall, holder in holders.items()}
    return [one for one in candidates if one.feed.mall_id not in holders]


def _look_after(
    ledger: Ledger,
    runs: RunStarter,
    plan: PlanRecord,
    limits: Limits,
    now: datetime,
    outcome: DispatchOutcome,
) -> None:
    try:
        after = look_after(ledger, runs, plan, limits, now)
    except (RunNotStarted, Transient) as error:
        outcome.failures.append(f"plan {plan.plan_id}: {error}")
        after = ledger.plan(plan.plan_id) or plan
    (outcome.closed if after.state == "CLOSED" else outcome.running).append(after)


def _next_of(
    ledger: Ledger, mall_id: str, limits: Limits, now: datetime, outcome: DispatchOutcome
) -> Candidate | None:
    try:
        decision, feeds, _ = settle(ledger, mall_id, now)
    except Transient as error:  # an error with one mall must not stop the others
        outcome.failures.append(f"mall {mall_id}: {error}")
        return None
    if decision.blocked_by is not None:
        outcome.blocked[mall_id] = decision.blocked_by.feed_id
    if decision.next is None:
        outcome.waiting[mall_id] = decision.why
        return None
    return candidate(decision.next, feeds, limits)


def _start(
    ledger: Ledger,
    runs: RunStarter,
    plan: PlanRecord,
    candidates: list[Candidate],
    limits: Limits,
    now: datetime,
    outcome: DispatchOutcome,
) -> None:
    in_plan = set(plan.feed_ids)
    chosen = [one.feed for one in candidates if one.feed.feed_id in in_plan]
    try:
        ledger.start_plan(plan, chosen)
    except ConditionFailed:
        return  # another dispatcher took them, or the malls were locked just now
    except Transient as error:
        # If the plan was stored after all but gets no run, it is treated as a lost start later.
        outcome.failures.append(f"plan {plan.plan_id}: {error}")
        return
    stored = ledger.plan(plan.plan_id)
    if stored is None:  # pragma: no cover - it has just been written
        return
    try:
        outcome.started.append(start_run(ledger, runs, stored, limits, now))
    except (RunNotStarted, Transient) as error:
        outcome.failures.append(f"plan {plan.plan_id}: {error}")
