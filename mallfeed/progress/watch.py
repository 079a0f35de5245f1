"""The progress of a run: its `Watch`, kept in memory for the reporters.

Nothing here waits or raises: a run must not fail, or become slower, because it is watched.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from mallfeed.ledger.model import FeedRecord
from mallfeed.progress.model import FeedProgress, SinkProgress
from mallfeed.progress.steps import Span

LOG = logging.getLogger(__name__)

Around = Callable[[str, Sequence[str]], AbstractContextManager[object]]
"""What else to do around a step: (step, feed ids) → a context."""


@dataclass
class _Feed:
    attempt: int
    mall_id: str
    size_bytes: int
    steps: list[str] = field(default_factory=list)
    rows_read: int = 0
    share_read: float | None = None
    to_commit: int | None = None
    committed: int = 0
    sinks: dict[str, SinkProgress] = field(default_factory=dict)
    change: int = 0


def _now() -> datetime:
    return datetime.now(UTC)


class RunWatch:
    """`mallfeed.load.ports.Watch`; thread-safe.

    `around` can be set to do something around each step (labels for Spark's jobs).
    """

    def __init__(
        self,
        job_run_id: str = "",
        clock: Callable[[], float] = time.time,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self.job_run_id = job_run_id
        self.around: Around | None = None
        self._clock = clock
        self._now = now
        self._feeds: dict[str, _Feed] = {}
        self._spans: list[Span] = []
        self._going: dict[int, Span] = {}
        self._number = 0
        self._change = 0
        self._guard = threading.Lock()

    def claimed(self, feed: FeedRecord) -> None:
        """See the port."""
        with self._guard:
            self._feeds.setdefault(feed.feed_id, _Feed(feed.attempt, feed.mall_id, feed.size_bytes))
            self._touch(self._feeds[feed.feed_id])

    @contextmanager
    def step(self, name: str, feed_ids: Sequence[str]) -> Iterator[None]:
        """See the port."""
        number = self._begin(name, feed_ids)
        try:
            with self._surroundings(name, feed_ids):
                yield
        finally:
            self._end(number)

    def read(self, feed_id: str, rows: int, size_bytes: int) -> None:
        """See the port."""
        with self._guard:
            if (feed := self._feeds.get(feed_id)) is not None:
                feed.rows_read = rows
                feed.share_read = (
                    min(1.0, size_bytes / feed.size_bytes) if feed.size_bytes else None
                )
                self._touch(feed)

    def compared(self, feed_id: str, rows: int, changes: int) -> None:
        """See the port."""
        with self._guard:
            if (feed := self._feeds.get(feed_id)) is not None:
                feed.rows_read, feed.share_read, feed.to_commit = rows, 1.0, changes
                self._touch(feed)

    def committed(self, feed_id: str, rows: int, changes: int) -> None:
        """See the port."""
        with self._guard:
            if (feed := self._feeds.get(feed_id)) is not None:
                feed.rows_read, feed.to_commit, feed.committed = rows, changes, changes
                self._touch(feed)

    def sending(self, sink: str, of: Mapping[str, int | None]) -> None:
        """See the port."""
        with self._guard:
            for feed in self._feeds.values():
                if feed.mall_id in of:
                    feed.sinks[sink] = SinkProgress(of=of[feed.mall_id])
                    self._touch(feed)

    def sent(self, sink: str, sent: Mapping[str, int]) -> None:
        """See the port."""
        with self._guard:
            for feed in self._feeds.values():
                if feed.mall_id in sent:
                    before = feed.sinks.get(sink, SinkProgress())
                    feed.sinks[sink] = SinkProgress(sent=sent[feed.mall_id], of=before.of)
                    self._touch(feed)

    def spans(self) -> tuple[Span, ...]:
        """See the port."""
        with self._guard:
            return tuple(self._spans)

    def spans_so_far(self) -> tuple[Span, ...]:
        """The spans that have ended, and the running ones as if they ended now."""
        with self._guard:
            now = self._clock()
            going = (replace(one, end_s=max(one.begin_s, now)) for one in self._going.values())
            return (*self._spans, *going)

    def feeds(self) -> list[FeedProgress]:
        """The progress of each feed; those that changed longest ago come first."""
        with self._guard:
            in_order = sorted(self._feeds.items(), key=lambda pair: pair[1].change)
            return [self._progress(feed_id, feed) for feed_id, feed in in_order]

    def _touch(self, feed: _Feed) -> None:
        self._change += 1
        feed.change = self._change

    def _progress(self, feed_id: str, feed: _Feed) -> FeedProgress:
        return FeedProgress(
            feed_id=feed_id,
            job_run_id=self.job_run_id,
            attempt=feed.attempt,
            at=self._now(),
            steps=tuple(feed.steps),
            rows_read=feed.rows_read,
            share_read=feed.share_read,
            to_commit=feed.to_commit,
            committed=feed.committed,
            sinks=dict(feed.sinks),
        )

    def _begin(self, name: str, feed_ids: Sequence[str]) -> int:
        whose = feed_ids[0] if len(feed_ids) == 1 else f"{len(feed_ids)} feeds"
        LOG.info("%s: %s", whose, name, extra={"step": name, "feeds": list(feed_ids)})
        with self._guard:
            for feed in map(self._feeds.get, feed_ids):
                if feed is not None:
                    feed.steps.append(name)
                    self._touch(feed)
            self._number += 1
            now = self._clock()
            self._going[self._number] = Span(name, tuple(feed_ids), now, now)
            return self._number

    def _end(self, number: int) -> None:
        with self._guard:
            span = self._going.pop(number)
            self._spans.append(replace(span, end_s=max(span.begin_s, self._clock())))
            for feed in map(self._feeds.get, span.feeds):
                if feed is not None and span.step in feed.steps:
                    feed.steps.remove(span.step)
                    self._touch(feed)

    def _surroundings(self, name: str, feed_ids: Sequence[str]) -> AbstractContextManager[object]:
        stack = ExitStack()
        if self.around is not None:
            try:
                stack.enter_context(self.around(name, feed_ids))
            except Exception:
                LOG.exception("step %s continues without its label", name)
        return stack
