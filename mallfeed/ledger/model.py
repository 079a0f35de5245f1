"""What the ledger contains: one record per feed, one record per plan (one Glue run)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from mallfeed.ledger.identity import order_time
from mallfeed.ledger.states import SINK_REFUSED, UNCHANGED_BYTES, State
from mallfeed.table.counts import Counts

MOST_EARLY = timedelta(minutes=5)
"""How far after its upload the time of a feed's data may lie: clocks differ by that much. Later ones count as none."""


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


class Recent(NamedTuple):
    """What became of the rows of one of the mall's last loaded full feeds; `counts` has no codes."""

    feed_name: str
    counts: Counts


class HandedOn(NamedTuple):
    """What a feed in the table hands on to the mall's next ones: see the fields of FeedRecord of these names."""

    unnamed_slice: str | None
    only_slice: bool
    recent: tuple[Recent, ...]
    slice_orders: dict[str, str]
    slice_products: dict[str, int]


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
    exported_at: datetime | None = None  # what the upload says of its data's time; None = nothing
    feed_name: str | None = None
    format: str | None = None
    mode: Literal["full", "delta"] = "full"
    slice: str | None = None  # the part of the shop that it tells of; None = the whole shop
    has_stamps: bool = False  # rows of its mall say since when they hold, whatever comes first
    slices_by_row: bool = False  # its rows say to which slice they belong, and `slice` is None
    # Of a full feed in the table whose rows say their slices: slice → order of the newest such feed that had it.
    slice_orders: dict[str, str] = Field(default_factory=dict)
    # The slice to which products belong that the table holds without one (those of a release before slices);
    # known of a full feed that is in the table.
    unnamed_slice: str | None = None
    slice_products: dict[str, int] = Field(default_factory=dict)  # after it, in a mall of several
    # Products that it contained have gone silent since (`mallfeed.product.silence`): the same bytes bring them back.
    gone_silent: bool = False
    only_slice: bool = False  # no full feed of another slice had been published when it was loaded
    recent: tuple[Recent, ...] = ()  # the mall's last full feeds in the table, this one first
    catalog_version: int | None = None
    catalog_hash: str | None = None
    catalog_named: bool = False  # the version was named by a person or by the object's metadata
    state: State
    code: str | None = None  # why HELD / FAILED / IGNORED / SUPERSEDED
    message: str | None = None
    figures_ko: str | None = None  # those of the message, in Korean, for the mall
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
    drops_slice: bool = False  # a person has taken its slice off the shop: it has no products
    # The pipeline's own: at this moment something else begins to hold of the mall's products (a sale, their end).
    due_at: datetime | None = None
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
    def age(self) -> tuple[str, str]:
        """Sorts feeds by how new what they say is: by the time that the upload names, else that of the upload; then in
        the mall's order."""
        uploaded = self.order.partition("!")[0]
        return (uploaded if self.exported_at is None else order_time(self.exported_at), self.order)

    @property
    def is_by_person(self) -> bool:
        """Whether a person has asked for it: a replay, a rollback, a dropped slice. It counts from when they did."""
        return self.replay_of is not None or not (self.is_file or self.is_due)

    @property
    def is_file(self) -> bool:
        """Whether a file is read for it; a rollback and a dropped slice are made by a person, and what is due by
        the timer."""
        return self.rollback_to is None and not self.drops_slice and not self.is_due

    @property
    def is_due(self) -> bool:
        """Whether a moment has made it: it says nothing of products, so that it takes nothing's place in the mall's
        order, waits behind no held feed, and none waits behind it."""
        return self.due_at is not None

    @property
    def is_refused(self) -> bool:
        """Whether it is in the table, and a sink refused its data at the last try."""
        return self.state is State.SYNCING and self.code == SINK_REFUSED

    @property
    def is_backfill(self) -> bool:
        """Whether it may wait for cheap capacity. A replay may; a rollback may not, because shops show
        wrong data until it is done."""
        return self.replay_of is not None and self.is_file


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
