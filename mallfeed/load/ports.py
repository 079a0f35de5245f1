"""What loading needs: an engine that stages feeds, a reporter, a watch; and all ports of a run together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from mallfeed.ledger.claims import ClaimedFeeds
from mallfeed.ledger.endings import Endings
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.port import Ledger
from mallfeed.load.concurrency import SideBySide, threads
from mallfeed.plan.sizing import LEAST_WORKERS
from mallfeed.progress.steps import Span
from mallfeed.progress.watch import RunWatch
from mallfeed.sinks.port import Refusal, Sink
from mallfeed.table.counts import Counts
from mallfeed.table.port import Changes, Commit, ProductTable, Staged

Clock = Callable[[], datetime]


class FeedEngine(Protocol):
    """Reads, checks, normalises and compares feeds."""

    def ahead(self, feeds: Sequence[tuple[FeedRecord, Sequence[str]]]) -> None:
        """These are going to be staged, (feed, later deltas) each: do for several what can be.

        It is no more than a head start: what does not come off is for `stage` to do, or to raise.
        """

    def stage(self, feed: FeedRecord, later_deltas: Sequence[str]) -> Staged:
        """The feed's change set against the table as it is now.

        `later_deltas` are loaded deltas that come after this feed in the mall's order: products
        that they touch are left as they are, which is the fold of all of them in order.

        Raises
        ------
        FeedHeld : the data must not be loaded as it is (undecodable, drift, guards …).
        """

    def vouch(self, staged: Staged, feed: FeedRecord) -> None:
        """Raises FeedHeld where the catalog's guards hold the feed back."""

    def keep_rejects(self, feed_ids: Sequence[str]) -> None:
        """Write the refused rows of staged feeds to the table `rejects`; repeating is harmless."""

    def counts(self, feed_id: str) -> Counts | None:
        """The counts of a feed as it was staged last; None when it never was."""


class LoadTable(ProductTable, Protocol):
    """The product table, and which of its commits carry a mall's feeds."""

    def commits(self, mall_id: str, since: Commit, until: Commit) -> list[Commit]:
        """Commits after `since` up to `until` that carry a feed of this mall, oldest first.

        Raises SnapshotGone when `since` is not among the ancestors of `until`.
        """

    def nothing(self, mall_id: str, until: Commit) -> Changes:
        """The empty difference: only the cursor moves."""


class Reporter(Protocol):
    """Tells the mall and the operators what became of a feed. Never makes a load fail."""

    def coming(self, feeds: Sequence[FeedRecord]) -> None:
        """These are in all sinks: gather for all at once what their reports are going to show."""

    def finished(self, feed: FeedRecord, refused: Sequence[Refusal]) -> None:
        """Write the feed's report, whatever its state, and announce it."""


class Watch(Protocol):
    """Sees how far the run is. Best effort: no call raises, none is a move in the ledger.

    So a crash before or after any of them changes nothing of what the next run finds.
    """

    def claimed(self, feed: FeedRecord) -> None:
        """The run works on this feed."""

    def step(self, name: str, feed_ids: Sequence[str]) -> AbstractContextManager[None]:
        """Around a step (`mallfeed.progress.steps`) of these feeds."""

    def read(self, feed_id: str, rows: int, size_bytes: int) -> None:
        """So many rows have been taken out of so many of the feed's bytes."""

    def compared(self, feed_id: str, rows: int, changes: int) -> None:
        """All rows were read; so many products are to be changed."""

    def committed(self, feed_id: str, rows: int, changes: int) -> None:
        """The table holds the feed; so many products were changed."""

    def sending(self, sink: str, of: Mapping[str, int | None]) -> None:
        """The sink is about to get mall → so many documents; None where that is not known."""

    def sent(self, sink: str, sent: Mapping[str, int]) -> None:
        """The sink has taken mall → so many documents so far."""

    def spans(self) -> Sequence[Span]:
        """The steps that have ended."""


@dataclass(frozen=True)
class Loading:
    """The ports of one run.

    `sinks` is called when they are needed, so that an index added meanwhile is loaded too;
    `endings` has what the ledger noted of the feeds that this run ended.
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
    """What a run did with its plan: feed ids by what became of them.

    `unfinished` are feeds that this run could not bring to an end (a bug, a sink that is down):
    the dispatcher takes them up again once Glue reports the run's terminal state.
    """

    loaded: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    unfinished: tuple[tuple[str, str], ...] = ()
