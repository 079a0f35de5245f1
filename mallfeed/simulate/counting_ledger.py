"""The ledger in memory, which counts what its calls would use in DynamoDB."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from math import ceil

from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.model import FeedRecord, PlanRecord
from mallfeed.ledger.states import BLOCKING, OPEN, State
from mallfeed.simulate.figures import Measured


class CountedLedger(MemoryLedger):
    """Counts calls to DynamoDB (`calls`), read and write units, and the feeds that are WAITING now.

    Units are counted as `mallfeed.ledger.dynamodb` uses them: a feed's record is written to the table and
    to the indices that contain it, in a transaction at twice the price. Reads by mall are consistent,
    reads of the indices are not.
    """

    def __init__(self, measured: Measured, now_s: Callable[[], float]) -> None:
        super().__init__()
        self._kb = measured.item_kb
        self._copies = measured.item_copies
        self._now_s = now_s
        self.calls = 0
        self.read_units = 0.0
        self.write_units = 0.0
        self.hot_by_minute: defaultdict[int, float] = defaultdict(float)
        """Minute → write units in the one partition of `recent`, which has all feeds."""
        self.states: dict[str, State] = {}
        self.waiting: set[str] = set()
        self._blocking: list[str] = []

    def enter(self, record: FeedRecord) -> FeedRecord:
        """See the port."""
        self._read(1)
        stored = super().enter(record)
        self._entered(stored)
        return stored

    def feed(self, feed_id: str) -> FeedRecord | None:
        """See the port."""
        self._read(1)
        return super().feed(feed_id)

    def feeds_by_id(self, feed_ids: Sequence[str]) -> dict[str, FeedRecord]:
        """See the port: one call per hundred."""
        self._read(ceil(len(feed_ids) / 100), len(feed_ids))
        return super().feeds_by_id(feed_ids)

    def feeds(self, mall_id: str) -> list[FeedRecord]:
        """See the port: one query each for the unsettled feeds, the last full feed and the last delta."""
        found = super().feeds(mall_id)
        self._read(3, len(found))
        return found

    def moments(self, until: datetime) -> dict[str, datetime]:
        """See the port: one query, of small items of all malls."""
        self._read(1)
        return super().moments(until)

    def open_malls(self) -> set[str]:
        """See the port: reads the index page by page, one megabyte each."""
        found = super().open_malls()
        self._index(len(found))
        return found

    def open_feeds(self) -> list[FeedRecord]:
        """See the port."""
        found = super().open_feeds()
        self._index(len(found))
        return found

    def blocking_feeds(self) -> list[FeedRecord]:
        """See the port."""
        found = super().blocking_feeds()
        self._index(len(found))
        return found

    def update(self, before: FeedRecord, after: FeedRecord) -> FeedRecord:
        """See the port."""
        stored = super().update(before, after)
        self._entered(stored)
        return stored

    def start_plan(self, plan: PlanRecord, feeds: Sequence[FeedRecord]) -> list[FeedRecord]:
        """See the port: transactions of 49 feeds, each with its mall's lock."""
        calls = self.calls
        moved = super().start_plan(plan, feeds)
        self.calls = calls + ceil(len(moved) / 49)
        # A transaction costs twice as much: `update` has counted half of it; add that again, and the locks.
        self.write_units += len(moved) * (self._kb * self._copies + 2) + 4
        return moved

    def plan(self, plan_id: str) -> PlanRecord | None:
        """See the port."""
        self._read(1)
        return super().plan(plan_id)

    def open_plans(self) -> list[PlanRecord]:
        """See the port: the index, then the plans themselves."""
        found = super().open_plans()
        self._read(1 + ceil(len(found) / 100), len(found))
        return found

    def update_plan(self, before: PlanRecord, after: PlanRecord) -> PlanRecord:
        """See the port."""
        stored = super().update_plan(before, after)
        self.calls += 1
        self.write_units += 4
        return stored

    def unlock_mall(self, mall_id: str, holder: str) -> None:
        """See the port."""
        super().unlock_mall(mall_id, holder)
        self.calls += 1
        self.write_units += 1

    def peek(self, feed_id: str) -> FeedRecord | None:
        """The feed; no call is counted, nor in the methods below."""
        return super().feed(feed_id)

    def waiting_of(self, mall_id: str) -> list[str]:
        """Ids of the mall's WAITING feeds."""
        return [f.feed_id for f in super().feeds(mall_id) if f.state is State.WAITING]

    def newly_blocking(self) -> list[str]:
        """Ids of the feeds that have been held or have failed since the last call."""
        found, self._blocking = self._blocking, []
        return found

    def is_settled(self) -> bool:
        """Whether nothing is left to do: no feed is open or blocks, and no plan is open.

        The last feed of a plan ends before its run does, and the plan stays open until a dispatch sees
        that the run has ended.
        """
        return not self._unsettled and not self._open_plans

    def peek_open_plans(self) -> list[PlanRecord]:
        """The plans that are not CLOSED."""
        return super().open_plans()

    def _entered(self, stored: FeedRecord) -> None:
        self.calls += 1
        copies = self._copies if stored.state in OPEN else self._copies - 1
        self.write_units += self._kb * copies
        self.hot_by_minute[int(self._now_s() // 60)] += self._kb
        before = self.states.get(stored.feed_id)
        if stored.state in BLOCKING and before not in BLOCKING:
            self._blocking.append(stored.feed_id)
        self.states[stored.feed_id] = stored.state
        if stored.state is State.WAITING:
            self.waiting.add(stored.feed_id)
        else:
            self.waiting.discard(stored.feed_id)

    def _read(self, calls: int, items: int = 1) -> None:
        self.calls += calls
        self.read_units += max(calls, items * self._kb / 4)

    def _index(self, items: int) -> None:
        self.calls += 1 + int(items * self._kb / 1000)
        self.read_units += max(0.5, items * self._kb / 8)
