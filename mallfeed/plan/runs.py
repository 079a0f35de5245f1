"""The port to Glue runs, in the terms of dispatch."""

from __future__ import annotations

from typing import Protocol

from mallfeed.errors import MallfeedError
from mallfeed.ledger.model import PlanRecord

TERMINAL = frozenset({"STOPPED", "SUCCEEDED", "FAILED", "TIMEOUT", "ERROR", "EXPIRED", "GONE"})
"""Glue's states in which a run has ended. GONE is ours: Glue does not know the run."""


class RunNotStarted(MallfeedError):
    """The run was certainly not started; `busy` if for lack of capacity (concurrency, throttling)."""

    def __init__(self, reason: str, busy: bool) -> None:
        super().__init__(reason)
        self.busy = busy


class RunStarter(Protocol):
    """Starts Glue runs, and reports their states."""

    def start(self, plan: PlanRecord) -> str:
        """Writes the plan file and starts a run; returns its id.

        Raises RunNotStarted if certainly nothing was started, Transient if that is unknown.
        """

    def status(self, job_run_id: str) -> str:
        """The run's state according to Glue; GONE if Glue does not know the run."""

    def find(self, plan: PlanRecord) -> str | None:
        """The id of the run whose --plan argument is this plan; None if there is none."""

    def stop(self, job_run_id: str) -> None:
        """Asks the run to stop; does nothing if it has ended."""
