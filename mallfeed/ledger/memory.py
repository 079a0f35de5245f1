"""The ledger in memory, with the contract of the one in DynamoDB: for tests of order and faults, and for
simulations. Feeds are found by mall and by kind of state, as with DynamoDB's indices."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from mallfeed.errors import ConditionFailed
from mallfeed.ledger.bounds import bounded
from mallfeed.ledger.endings import Endings
from mallfeed.ledger.feeds_for_decision import relevant
from mallfeed.ledger.model import FeedRecord, PlanRecord
from mallfeed.ledger.moves import into_plan
from mallfeed.ledger.sent_by_mall import is_sent_since
from mallfeed.ledger.states import BLOCKING, OPEN, UNSETTLED, State, check_entry, check_transition


class MemoryLedger:
    """Implements `mallfeed.ledger.port.Ledger`; thread-safe.

    `endings` collects the feeds that are ended by writes of this ledger.
    """

    def __init__(self, endings: Endings | None = None) -> None:
        self._endings = endings or Endings()
        self._feeds: dict[str, FeedRecord] = {}
        self._malls: defaultdict[str, dict[str, FeedRecord]] = defaultdict(dict)
        self._unsettled: dict[str, FeedRecord] = {}
        self._plans: dict[str, PlanRecord] = {}
        self._open_plans: dict[str, PlanRecord] = {}
        self._locks: dict[str, str] = {}
        self._moments: dict[str, datetime] = {}
        self._guard = threading.RLock()

    def enter(self, record: FeedRecord) -> FeedRecord:
        """See the port."""
        check_entry(record.feed_id, record.state)
        with self._guard:
            known = self._feeds.get(record.feed_id)
            if known is not None:
                return known
            stored = self._store(bounded(record).model_copy(update={"revision": 1}))
        self._endings.note(stored)
        return stored

    def feed(self, feed_id: str) -> FeedRecord | None:
        """See the port."""
        return self._feeds.get(feed_id)

    def feeds_by_id(self, feed_ids: Sequence[str]) -> dict[str, FeedRecord]:
        """See the port."""
        with self._guard:
            return {one: self._feeds[one] for one in feed_ids if one in self._feeds}

    def feeds(self, mall_id: str) -> list[FeedRecord]:
        """See the port."""
        return relevant(self._of_mall(mall_id))

    def history(self, mall_id: str, limit: int = 100) -> list[FeedRecord]:
        """See the port."""
        return sorted(self._of_mall(mall_id), key=lambda f: f.order, reverse=True)[:limit]

    def sent_since(self, mall_id: str, since: Mapping[str, datetime]) -> set[str]:
        """See the port."""
        feeds = self._of_mall(mall_id)
        return {feed.feed_name for feed in feeds if feed.feed_name and is_sent_since(feed, since)}

    def open_malls(self) -> set[str]:
        """See the port."""
        with self._guard:
            return {feed.mall_id for feed in self._unsettled.values() if feed.state in OPEN}

    def open_feeds(self) -> list[FeedRecord]:
        """See the port."""
        return self._in(OPEN)

    def blocking_feeds(self) -> list[FeedRecord]:
        """See the port."""
        return self._in(BLOCKING)

    def recent(self, limit: int = 100) -> list[FeedRecord]:
        """See the port."""
        with self._guard:
            feeds = list(self._feeds.values())
        return sorted(feeds, key=lambda f: (f.arrived_at, f.feed_id), reverse=True)[:limit]

    def update(self, before: FeedRecord, after: FeedRecord) -> FeedRecord:
        """See the port."""
        check_transition(before.feed_id, before.state, after.state)
        with self._guard:
            self._same_revision(before)
            after = bounded(after).model_copy(update={"revision": before.revision + 1})
            stored = self._store(after)
        if stored.state is not before.state:
            self._endings.note(stored)
        return stored

    def note_moment(self, mall_id: str, moment: datetime) -> None:
        """See the port."""
        with self._guard:
            self._moments[mall_id] = min(moment, self._moments.get(mall_id, moment))

    def settle_moment(self, mall_id: str, moment: datetime | None) -> None:
        """See the port."""
        with self._guard:
            self._moments.pop(mall_id, None)
            if moment is not None:
                self._moments[mall_id] = moment

    def moments(self, until: datetime) -> dict[str, datetime]:
        """See the port."""
        with self._guard:
            return {mall: moment for mall, moment in self._moments.items() if moment <= until}

    def start_plan(self, plan: PlanRecord, feeds: Sequence[FeedRecord]) -> list[FeedRecord]:
        """See the port."""
        with self._guard:
            if plan.plan_id in self._plans:
                raise ConditionFailed(f"plan {plan.plan_id} already exists")
            by_mall = {feed.mall_id: feed for feed in reversed(feeds)}
            free = [feed for feed in feeds if by_mall[feed.mall_id] is feed and self._free(feed)]
            moved = [self.update(feed, into_plan(feed, plan)) for feed in free]
            if not moved:
                raise ConditionFailed(
                    f"plan {plan.plan_id}: every feed of it has moved in the meantime"
                )
            for feed in moved:
                self._locks[feed.mall_id] = plan.plan_id
            self._store_plan(
                plan.model_copy(
                    update={
                        "feed_ids": tuple(feed.feed_id for feed in moved),
                        "malls": tuple(feed.mall_id for feed in moved),
                        "revision": 1,
                    }
                )
            )
            return moved

    def plan(self, plan_id: str) -> PlanRecord | None:
        """See the port."""
        return self._plans.get(plan_id)

    def open_plans(self) -> list[PlanRecord]:
        """See the port."""
        with self._guard:
            plans = list(self._open_plans.values())
        return sorted(plans, key=lambda plan: (plan.created_at, plan.plan_id))

    def update_plan(self, before: PlanRecord, after: PlanRecord) -> PlanRecord:
        """See the port."""
        with self._guard:
            stored = self._plans.get(before.plan_id)
            if stored is None or stored.revision != before.revision:
                raise ConditionFailed(f"plan {before.plan_id} has moved in the meantime")
            if after.state == "CLOSED":
                for mall_id in before.malls:
                    self.unlock_mall(mall_id, before.plan_id)
            return self._store_plan(after.model_copy(update={"revision": before.revision + 1}))

    def lock_mall(self, mall_id: str, holder: str) -> bool:
        """See the port."""
        with self._guard:
            return self._locks.setdefault(mall_id, holder) == holder

    def unlock_mall(self, mall_id: str, holder: str) -> None:
        """See the port."""
        with self._guard:
            if self._locks.get(mall_id) == holder:
                del self._locks[mall_id]

    def lock_holder(self, mall_id: str) -> str | None:
        """See the port."""
        return self._locks.get(mall_id)

    def lock_holders(self, mall_ids: Collection[str]) -> dict[str, str]:
        """See the port."""
        with self._guard:
            return {mall: self._locks[mall] for mall in mall_ids if mall in self._locks}

    def _of_mall(self, mall_id: str) -> list[FeedRecord]:
        with self._guard:
            return list(self._malls[mall_id].values()) if mall_id in self._malls else []

    def _store(self, record: FeedRecord) -> FeedRecord:
        self._feeds[record.feed_id] = record
        self._malls[record.mall_id][record.feed_id] = record
        if record.state in UNSETTLED:
            self._unsettled[record.feed_id] = record
        else:
            self._unsettled.pop(record.feed_id, None)
        return record

    def _store_plan(self, plan: PlanRecord) -> PlanRecord:
        self._plans[plan.plan_id] = plan
        if plan.state == "CLOSED":
            self._open_plans.pop(plan.plan_id, None)
        else:
            self._open_plans[plan.plan_id] = plan
        return plan

    def _in(self, states: frozenset[State]) -> list[FeedRecord]:
        with self._guard:
            feeds = [feed for feed in self._unsettled.values() if feed.state in states]
        return sorted(feeds, key=lambda f: (f.arrived_at, f.feed_id))

    def _free(self, feed: FeedRecord) -> bool:
        stored = self._feeds.get(feed.feed_id)
        same = stored is not None and stored.revision == feed.revision
        return same and feed.mall_id not in self._locks

    def _same_revision(self, before: FeedRecord) -> None:
        stored = self._feeds.get(before.feed_id)
        if stored is None or stored.revision != before.revision:
            raise ConditionFailed(f"feed {before.feed_id} has moved in the meantime")
