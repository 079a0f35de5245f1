"""What the ledger contains: one record per feed, one record per plan (one Glue run)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from mallfeed.ledger.states import SINK_REFUSED, UNCHANGED_BYTES, State
from mallfeed.table.counts import Counts


class Part(BaseModel):
    """One object version of which a feed consists (see `mallfeed.ledger.identity.ObjectPart`)."""

    model_config = ConfigDict(frozen=True)

    key: str
    version_id: str
    size_bytes: int
    etag: str


class Event(BaseModel):
    """One line of a feed's story, for `mallfeed run`."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    state: State
    note: str
    by: str = "mallfeed"


class Pace(NamedTuple):
    """How long a loaded feed took; `seconds` are its own, as two workers would take them.

    `megabytes` are as the reader sees them, uncompressed.
    """

    format: str
    mode: str
    megabytes: float
    seconds: float


class Measured(NamedTuple):
    """The durations that a run measured when it loaded a feed: see FeedRecord.steps and .paces."""

    steps: dict[str, float]
    paces: tuple[Pace, ...]


class FeedRecord(BaseModel):
    """A feed in the ledger. Immutable: every change is a conditional write of a new record.

    `revision` rises with every write and is what the conditional write compares.
    """

    model_config = ConfigDict(frozen=True)

    feed_id: str
    mall_id: str
    bucket: str
    key: str
    version_id: str
    etag: str
    size_bytes: int
    parts: tuple[Part, ...]
    last_modified: datetime
    order: str
    arrived_at: datetime
    feed_time: datetime
    feed_name: str | None = None
    format: str | None = None
    mode: Literal["full", "delta"] = "full"
    catalog_version: int | None = None
    catalog_hash: str | None = None
    catalog_named: bool = False  # the version was named by a person or by the object's metadata
    state: State
    code: str | None = None  # why HELD / FAILED / IGNORED / SUPERSEDED
    message: str | None = None
    released: bool = False  # a person has released it: guards do not hold it again
    alone: bool = (
        False  # released though it was too costly: a run of its own, read without a budget
    )
    attempt: int = 0  # how often it was put into a plan
    tries: int = 0  # failed attempts before the commit
    committing: bool = False  # a run was about to commit it: it may be in the table already
    sync_tries: int = 0  # runs that ended before both sinks had the committed feed
    plan_id: str | None = None
    job_run_id: str | None = None  # the claim
    not_before: datetime | None = None  # backoff
    counts: Counts = Counts()
    snapshot_id: int | None = None
    seq: int | None = None
    started_at: datetime | None = None
    committed_at: datetime | None = None
    finished_at: datetime | None = None
    replay_of: str | None = None
    rollback_to: int | None = None  # the snapshot whose state of the mall this feed restores
    # Its own seconds by step, in the run that loaded it.
    steps: dict[str, float] = Field(default_factory=dict)
    paces: tuple[Pace, ...] = ()  # of the mall's last loaded feeds, this one's first
    code_version: str | None = None  # of the code that loaded it (before that: that entered it)
    priority: int = 0  # from its catalog's capacity: higher goes first
    window: str | None = None  # HH:MM-HH:MM in `zone`: when it may be taken; None = always
    zone: str = "Asia/Seoul"
    events: tuple[Event, ...] = ()
    revision: int = 0

    @property
    def is_published_full(self) -> bool:
        """Whether the mall's state may start from it: a full feed whose data is in the table."""
        unchanged = self.state is State.IGNORED and self.code == UNCHANGED_BYTES
        return self.mode == "full" and (self.state is State.LOADED or unchanged)

    @property
    def is_refused(self) -> bool:
        """Whether it is in the table, and a sink refused its data at the last try."""
        return self.state is State.SYNCING and self.code == SINK_REFUSED

    @property
    def is_backfill(self) -> bool:
        """Whether it may wait for cheap capacity. A replay may; a rollback may not, because shops show
        wrong data until it is done."""
        return self.replay_of is not None and self.rollback_to is None


class PlanRecord(BaseModel):
    """A plan: the feeds of one Glue run, at most one per mall."""

    model_config = ConfigDict(frozen=True)

    plan_id: str
    feed_ids: tuple[str, ...]
    malls: tuple[str, ...]
    created_at: datetime
    worker_type: Literal["G.1X", "G.2X"] = "G.1X"
    workers: int = 2  # of that type
    flex: bool = False
    job_run_id: str | None = None
    state: Literal["STARTING", "STARTED", "CLOSED"] = "STARTING"
    outcome: str | None = None  # Glue's terminal state, or why it never started
    revision: int = 0

    @property
    def dpus(self) -> int:
        """The DPUs of the run, for limits and costs: a G.1X worker has one, a G.2X worker two."""
        return self.workers * (2 if self.worker_type == "G.2X" else 1)
