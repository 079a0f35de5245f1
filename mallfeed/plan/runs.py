"""The port to Glue runs, in words that dispatch understands."""

from __future__ import annotations

from typing import Protocol

from mallfeed.errors import MallfeedError
from mallfeed.ledger.model import PlanRecord

TERMINAL = frozenset({"STOPPED", "SUCCEEDED", "FAILED", "TIMEOUT", "ERROR", "EXPIRED", "GONE"})
"""Glue's states after which a run does nothing any more; GONE = Glue does not know the run."""


class RunNotStarted(MallfeedError):
    """The run was certainly not started; `busy` = for want of room (concurrency, throttling)."""

    def __init__(self, reason: str, busy: bool) -> None:
        super().__init__(reason)
        self.busy = busy


class RunStarter(Protocol):
    """Starts Glue runs and tells how they are."""

    def start(self, plan: PlanRecord) -> str:
        """Writes the plan file and starts a run; returns its id.

        Raises RunNotStarted when surely nothing was started, Transient when that is not known.
        """

    def status(self, job_run_id: str) -> str:
        """Glue's state of the run; GONE when Glue does not know it."""

    def find(self, plan: PlanRecord) -> str | None:
        """The run whose --plan argument is this plan, if there is one."""

    def stop(self, job_run_id: str) -> None:
        """Asks the run to stop; nothing happens when it has ended."""
