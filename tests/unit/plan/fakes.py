"""A scripted Glue: implements the RunStarter port and does what the test says."""

from __future__ import annotations

from collections.abc import Callable

from mallfeed.ledger.model import PlanRecord


class ScriptedRuns:
    """Runs that end when the test says so.

    `on_start` may raise to refuse a start, before (`started_then=False`) or after it took effect.
    """

    def __init__(self) -> None:
        self.plans: dict[str, PlanRecord] = {}
        self.states: dict[str, str] = {}
        self.stopped: list[str] = []
        self.refuse: Callable[[PlanRecord], None] | None = None
        self.lose_answer: Exception | None = None

    def start(self, plan: PlanRecord) -> str:
        if self.refuse is not None:
            self.refuse(plan)
        job_run_id = f"jr_{len(self.states) + 1}"
        self.plans[job_run_id] = plan
        self.states[job_run_id] = "RUNNING"
        if self.lose_answer is not None:
            raise self.lose_answer
        return job_run_id

    def status(self, job_run_id: str) -> str:
        return self.states.get(job_run_id, "GONE")

    def find(self, plan: PlanRecord) -> str | None:
        return next((run for run, one in self.plans.items() if one.plan_id == plan.plan_id), None)

    def stop(self, job_run_id: str) -> None:
        self.stopped.append(job_run_id)
        self.states[job_run_id] = "STOPPED"
