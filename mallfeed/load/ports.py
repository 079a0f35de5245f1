"""The ports of loading: an engine that stages feeds, a reporter, a watch; and all ports of one run together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from mallfeed.ledger.claims import ClaimedFeeds
from mallfeed.ledger.endings import Endings
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.neighbours import Neighbours
from mallfeed.ledger.port import Ledger
from mallfeed.load.concurrency import SideBySide, threads
from mallfeed.plan.sizing import LEAST_WORKERS
from mallfeed.progress.steps import Span
from mallfeed.progress.watch import RunWatch
from mallfeed.sinks.port import Refusal, Sink
from mallfeed.table.counts import Counts
from mallfeed.table.port import Changes, Commit, Frame, ProductTable, Staged

Clock = Callable[[], datetime]


class FeedEngine(Protocol):
    """Reads, checks, normalises and compares feeds."""

    def suit(self, feeds: Sequence[FeedRecord]) -> None:
        """Fit the engine to all feeds of a run, those among them that only wait for a sink; called first."""

    def ahead(self, feeds: Sequence[tuple[FeedRecord, Neighbours]]) -> None:
        """Stage together as many of these feeds as possible, each with what is known of the mall's others.

        This is only a head start: `stage` does, or raises, whatever could not be done here.
        """

    def stage(self, feed: FeedRecord, neighbours: Neighbours) -> Staged:
        """The feed's change set, compared with the table as it is now.

        What later feeds of the mall have said stays over what this one says, so that the result is the same as
        loading all in order.

        Raises
        ------
        FeedHeld : the data must not be loaded as it is (undecodable, drift, guards …).
        """

    def vouch(self, staged: Staged, feed: FeedRecord, usual: Sequence[Counts]) -> None:
        """Raises FeedHeld if a guard of the catalog holds the feed back; `usual` are the counts of the mall's last
        full feeds of that name, newest first."""

    def keep_rejects(self, feed_ids: Sequence[str]) -> None:
        """Write the refused rows of staged feeds to the table `rejects`; repeating is harmless."""

    def next_moment(self, feed: FeedRecord, neighbours: Neighbours) -> datetime | None:
        """Of a feed that a moment has made, once it is in the table: the first moment behind its own at which
        something else begins to hold of one of the mall's products; None if there is none."""

    def counts(self, feed_id: str) -> Counts | None:
        """The counts of the feed when it was last staged; None if it never was."""


class LoadTable(ProductTable, Protocol):
    """The product table, and the commits that carry a mall's feeds."""

    def commits(self, mall_id: str, since: Commit, until: Commit) -> list[Commit]:
        """Commits after `since` up to `until` that carry a feed of this mall, oldest first.

        Raises SnapshotGone when `since` is not among the ancestors of `until`.
        """

    def slices(self, mall_id: str, at: Commit) -> dict[str | None, int]:
        """Slice → number of the mall's products in it at a snapshot; None: those that the table holds without one."""

    def served(self, staged: Staged, first: bool = False) -> Frame:
        """A change set as sinks apply it: what only stays in the table (`mallfeed.product.record.EXPIRED`) is deleted
        or, among a mall's first products, left out; so is what is TABLE_ONLY."""

    def nothing(self, mall_id: str, until: Commit) -> Changes:
        """The empty difference, which only moves the sink's cursor."""


class Reporter(Protocol):
    """Reports to the mall and the operators what became of a feed. Never makes a load fail."""

    def coming(self, feeds: Sequence[FeedRecord]) -> None:
        """All sinks hold these feeds: collect in one go what their reports are going to show."""

    def finished(self, feed: FeedRecord, refused: Sequence[Refusal]) -> None:
        """Write the feed's report, whatever its state, and announce it as an event."""


class Watch(Protocol):
    """Follows the progress of the run. Best effort: no call raises or changes a feed's state in the ledger.

    So a crash before or after any of these calls makes no difference to the next run.
    """

    def claimed(self, feed: FeedRecord) -> None:
        """The run has claimed this feed and works on it."""

    def step(self, name: str, feed_ids: Sequence[str]) -> AbstractContextManager[None]:
        """A context around one step (`mallfeed.progress.steps`) of these feeds."""

    def read(self, feed_id: str, rows: int, size_bytes: int) -> None:
        """So far this many rows and bytes of the feed have been read."""

    def compared(self, feed_id: str, rows: int, changes: int) -> None:
        """All rows were read, and this many products are going to change."""

    def committed(self, feed_id: str, rows: int, changes: int) -> None:
        """The table holds the feed, and this many products have changed."""

    def sending(self, sink: str, of: Mapping[str, int | None]) -> None:
        """The sink is about to receive mall → number of documents; None where it is not known."""

    def sent(self, sink: str, sent: Mapping[str, int]) -> None:
        """The sink has received mall → number of documents so far."""

    def spans(self) -> Sequence[Span]:
        """The steps that have ended."""


@dataclass(frozen=True)
class Loading:
    """The ports of one run.

    `sinks` is called when the sinks are needed, so that an index added in the meantime is loaded too.
    `endings` collects the records of the feeds that this run ended.
    """

    ledger: Ledger
    claims: ClaimedFeeds
    engine: FeedEngine
    table: LoadTable
    sinks: Callable[[], Sequence[Sink]]
    reporter: Reporter
    clock: Clock
    epoch: int = 0
    side_by_side: SideBySide = field(default_factory=lambda: threads(4))
    code_version: str = ""
    watch: Watch = field(default_factory=RunWatch)
    workers: int = LEAST_WORKERS
    endings: Endings = field(default_factory=Endings)


@dataclass(frozen=True)
class PlanOutcome:
    """The result of a run: the ids of its feeds by what became of them.

    `unfinished` holds (feed id, reason) of feeds that this run could not finish (a bug, a sink that is
    down). The dispatcher plans them again once Glue reports the run's terminal state.
    """

    loaded: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    unfinished: tuple[tuple[str, str], ...] = ()
