"""Glue in simulated time: implements the RunStarter port; `Run` says what each run does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mallfeed.ledger.model import PlanRecord
from mallfeed.plan.runs import RunNotStarted

LEAST_BILLED_S = 60.0
"""Glue bills a run by the second, with a minimum of one minute."""


@dataclass
class RunFigures:
    """One Glue run; times are seconds after the start of the simulation."""

    job_run_id: str
    plan: PlanRecord
    asked_s: float
    begun_s: float | None = None
    ended_s: float | None = None
    state: str = "STARTING"

    def until_s(self, now_s: float) -> float:
        """When the run ended; now, if it goes on."""
        return now_s if self.ended_s is None else self.ended_s

    def billed_dpu_s(self, now_s: float) -> float:
        """The DPU-seconds that Glue bills for the run, up to now if it goes on."""
        if self.begun_s is None:
            return 0.0
        return max(LEAST_BILLED_S, self.until_s(now_s) - self.begun_s) * self.plan.dpus


class SimulatedGlue:
    """Starts runs as far as the account's quotas allow.

    `begin` is called to start a run, which sets its times and its state as it proceeds.
    """

    def __init__(
        self,
        begin: Callable[[RunFigures], None],
        now_s: Callable[[], float],
        most_runs: float,
        most_dpus: float,
    ) -> None:
        self._begin = begin
        self._now_s = now_s
        self._most_runs = most_runs
        self._most_dpus = most_dpus
        self.runs: dict[str, RunFigures] = {}
        self._live: dict[str, RunFigures] = {}
        self.most_at_once = 0
        self.most_dpus_at_once = 0
        self.refused = 0

    def start(self, plan: PlanRecord) -> str:
        """See the port."""
        dpus = sum(run.plan.dpus for run in self._live.values()) + plan.dpus
        if len(self._live) + 1 > self._most_runs or dpus > self._most_dpus:
            self.refused += 1
            raise RunNotStarted("the account's quota of Glue runs or DPUs is used up", busy=True)
        run = RunFigures(f"jr_{len(self.runs) + 1:06d}", plan, self._now_s())
        self.runs[run.job_run_id] = self._live[run.job_run_id] = run
        self.most_at_once = max(self.most_at_once, len(self._live))
        self.most_dpus_at_once = max(self.most_dpus_at_once, dpus)
        self._begin(run)
        return run.job_run_id

    def ended(self, run: RunFigures, state: str) -> None:
        """Note that the run has ended, in this state."""
        run.state, run.ended_s = state, self._now_s()
        del self._live[run.job_run_id]

    def status(self, job_run_id: str) -> str:
        """See the port."""
        return self.runs[job_run_id].state if job_run_id in self.runs else "GONE"

    def find(self, plan: PlanRecord) -> str | None:
        """See the port."""
        found = (r for r in self.runs.values() if r.plan.plan_id == plan.plan_id)
        return next((run.job_run_id for run in found), None)

    def stop(self, job_run_id: str) -> None:
        """Does nothing: runs are only stopped if another dispatcher started one, and here is just one."""
