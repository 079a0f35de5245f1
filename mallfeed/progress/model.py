"""What is told of a feed that a run works on."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class SinkProgress(BaseModel):
    """Documents (rows) that a sink has taken, of how many; `of` is None where that is not known."""

    model_config = ConfigDict(frozen=True)

    sent: int = 0
    of: int | None = None


class FeedProgress(BaseModel):
    """How far a run is with a feed. It holds for that run only: see `of_run`.

    Attributes
    ----------
    attempt : the feed's, so that a run thought dead does not write over its successor's
    steps : what is being done now (`mallfeed.progress.steps`); both sinks at once
    rows_read, share_read : so far; the share is of the feed's bytes, None where that is not known
    to_commit : products that the feed changes; None before it was compared with the table
    committed : of these, how many are in the table
    sinks : sink → what it has taken
    """

    model_config = ConfigDict(frozen=True)

    feed_id: str
    job_run_id: str
    attempt: int
    at: datetime
    steps: tuple[str, ...] = ()
    rows_read: int = 0
    share_read: float | None = None
    to_commit: int | None = None
    committed: int = 0
    sinks: dict[str, SinkProgress] = Field(default_factory=dict)

    def of_run(self, job_run_id: str | None) -> bool:
        """Whether it is told by the run that holds the feed now."""
        return job_run_id is not None and self.job_run_id == job_run_id
