"""One feed in one run: what the run knows about it so far, and why it was stopped, if it was."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from mallfeed.errors import ClaimLost, FeedHeld, SinkRefused
from mallfeed.ledger.claims import ClaimedFeeds
from mallfeed.ledger.model import FeedRecord, Pace, Recent
from mallfeed.ledger.neighbours import Neighbours
from mallfeed.ledger.states import State
from mallfeed.sinks.port import FeedLoad, Refusal
from mallfeed.table.counts import Counts
from mallfeed.table.port import Commit, Staged

LOG = logging.getLogger(__name__)


@dataclass
class FeedInRun:
    """A feed that the run has claimed, and how far the run has come with it.

    Attributes
    ----------
    record : the feed's record in the ledger; at the end of the run its state says how the feed ended
    paces : the paces of the mall's last feeds
    recent : the mall's last full feeds
    usual : the counts of those of the same name, newest first
    neighbours : the mall's other feeds; None until they were examined
    staged : its change set
    commit : the commit that holds it, made by this run or an earlier one
    verdict : why it is to be held
    refused : its rows that a sink refused; None until every sink has been brought to the head
    why : why this run leaves it unfinished
    valid_at : of a feed that a moment has made, from when its prices hold: its moment, but not before the mall's last
        commit
    """

    record: FeedRecord
    paces: tuple[Pace, ...] = ()
    recent: tuple[Recent, ...] = ()
    usual: tuple[Counts, ...] = ()
    neighbours: Neighbours | None = None
    staged: Staged | None = None
    commit: Commit | None = None
    verdict: FeedHeld | None = None
    refused: tuple[Refusal, ...] | None = None
    why: str | None = None
    valid_at: datetime | None = None

    @property
    def feed_id(self) -> str:
        """The feed's id."""
        return self.record.feed_id

    @property
    def mall_id(self) -> str:
        """The feed's mall; a plan has at most one feed per mall."""
        return self.record.mall_id

    @property
    def is_to_be_staged(self) -> bool:
        """Whether the feed is to be staged: nothing of it is in the table yet."""
        return self.why is None and self.commit is None and self.record.state is not State.SYNCING

    @property
    def is_to_be_committed(self) -> bool:
        """Whether the feed was staged and passed its guards."""
        return self.why is None and self.staged is not None and self.verdict is None

    @property
    def is_judged(self) -> bool:
        """Whether all its rows have been read, by this run or by the run that committed it.

        That includes a feed held by its guards, but not one that could not be read to the end.
        """
        if self.verdict is not None:
            return "counts" in self.verdict.details
        return self.why is None and (self.staged is not None or self.commit is not None)

    @property
    def is_in_table(self) -> bool:
        """Whether the table holds the feed, so that the sinks are to be brought up to it."""
        return self.why is None and self.record.state is State.SYNCING

    def stops(self, error: Exception, claims: ClaimedFeeds) -> None:
        """Leave the feed as it is, and note the reason in the ledger for people and for the next run."""
        self.why = f"{type(error).__name__}: {_first_line(error)}"
        if isinstance(error, ClaimLost):
            return  # the feed is another run's now, so this run writes nothing into its record
        try:
            if isinstance(error, SinkRefused):
                claims.refused(self.feed_id, self.why)
            else:
                claims.note(self.feed_id, self.why)
        except Exception:
            about = {"feed_id": self.feed_id, "reason": self.why}
            LOG.warning("a failure could not be noted", extra=about, exc_info=True)

    def load(self) -> FeedLoad:
        """The feed's row of the warehouse's feed_loads."""
        feed = self.record
        committed_at = feed.committed_at or feed.arrived_at
        return FeedLoad(
            feed_id=feed.feed_id,
            mall_id=feed.mall_id,
            feed_name=feed.feed_name or "",
            catalog_version=feed.catalog_version or 0,
            catalog_hash=feed.catalog_hash or "",
            key=feed.key,
            size_bytes=feed.size_bytes,
            counts=feed.counts,
            started_at=feed.started_at or committed_at,
            committed_at=committed_at,
            seq=feed.seq or 0,
            mode=feed.mode,
            valid_at=self.valid_at or feed.due_at,
        )


@contextmanager
def apart(feeds: Sequence[FeedInRun], claims: ClaimedFeeds, doing: str) -> Iterator[None]:
    """An error in this block stops these feeds, and no others of the run; `doing` is for the log.

    This is the only place where a run catches unexpected errors. FeedHeld is expected while feeds are
    staged and guarded, so the caller catches it inside the block.
    """
    try:
        yield
    except Exception as error:
        about = {"feed_ids": [feed.feed_id for feed in feeds]}
        if isinstance(error, ClaimLost):
            LOG.warning("%s: %s", doing, error, extra=about)
        else:
            LOG.exception("%s failed", doing, extra=about)
        for feed in feeds:
            feed.stops(error, claims)


def rows_and_changes(counts: Counts) -> tuple[int, int]:
    """How many rows were read, and how many products change."""
    return counts.rows_read, counts.changed + counts.vanished


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:500]
