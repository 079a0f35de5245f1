"""What is reported about a feed that a run works on."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class SinkProgress(BaseModel):
    """Documents (rows) that a sink has accepted, out of `of`, which is None if it is not known."""

    model_config = ConfigDict(frozen=True)

    sent: int = 0
    of: int | None = None


class FeedProgress(BaseModel):
    """How far a run is with a feed. It applies to that run only: see `of_run`.

    Attributes
    ----------
    attempt : the feed's, so that a run believed dead does not overwrite its successor's
    steps : the current steps (`mallfeed.progress.steps`); both sinks at the same time
    rows_read, share_read : so far; the share is of the feed's bytes, None if it is not known
    to_commit : products that the feed changes; None before it has been compared with the table
    committed : of these, how many are in the table
    sinks : sink → what it has accepted
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
        """Whether it was reported by the run that holds the feed now."""
        return job_run_id is not None and self.job_run_id == job_run_id
