"""The ledger's port. Two implementations pass one contract suite: DynamoDB and in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from mallfeed.ledger.model import FeedRecord, PlanRecord


class Ledger(Protocol):
    """Conditional writes of immutable records; reads by mall are strongly consistent."""

    def enter(self, record: FeedRecord) -> FeedRecord:
        """Put a new feed. Returns the stored one: the earlier record if it was already known.

        Raises TransitionRefused if its state is not one of `states.ENTRY`.
        """

    def feed(self, feed_id: str) -> FeedRecord | None:
        """One feed, strongly consistent (the feed id contains its mall); None if unknown."""

    def feeds_by_id(self, feed_ids: Sequence[str]) -> dict[str, FeedRecord]:
        """Feed id → feed, of those that are known; each strongly consistent, a hundred per call."""

    def feeds(self, mall_id: str) -> list[FeedRecord]:
        """The feeds that decisions about a mall need, in its total order (`order`); strongly consistent.

        These are all feeds that are WAITING, RUNNING, SYNCING, HELD or FAILED; the last published full
        feed; the last LOADED delta after it; and every LOADED delta after it that also comes after the
        first open or blocking feed. Reading them stays cheap however many feeds are closed.
        """

    def history(self, mall_id: str, limit: int = 100) -> list[FeedRecord]:
        """The newest feeds of a mall in any state, the last in its order first."""

    def sent_since(self, mall_id: str, since: Mapping[str, datetime]) -> set[str]:
        """The feed names in `since` of which the mall has sent a feed at that time or later.

        `mallfeed.ledger.sent_by_mall` says what counts. This stays cheap however many feeds the mall
        sends: it stops at the first match, and skips feeds whose upload began more than
        `LONGEST_UPLOAD` earlier, so it may overlook one of these.
        """

    def open_malls(self) -> set[str]:
        """Malls that have a feed in WAITING, RUNNING or SYNCING (may lag by moments)."""

    def open_feeds(self) -> list[FeedRecord]:
        """Feeds of all malls in WAITING, RUNNING or SYNCING, the earliest arrival first (may lag)."""

    def blocking_feeds(self) -> list[FeedRecord]:
        """Feeds of all malls in HELD or FAILED, the earliest arrival first (may lag)."""

    def recent(self, limit: int = 100) -> list[FeedRecord]:
        """The newest feeds of all malls by `arrived_at`, newest first (may lag by moments)."""

    def update(self, before: FeedRecord, after: FeedRecord) -> FeedRecord:
        """Replace `before` by `after`, with the revision raised by one; returns what was stored.

        Raises
        ------
        ConditionFailed : the stored revision is not `before.revision`.
        TransitionRefused : `mallfeed.ledger.states.TRANSITIONS` does not allow the change of state.
        """

    def note_moment(self, mall_id: str, moment: datetime) -> None:
        """Something of the mall's products begins or ends at this moment; an earlier one that is noted stays."""

    def settle_moment(self, mall_id: str, moment: datetime | None) -> None:
        """This is the mall's next moment, whatever is noted; None = there is none."""

    def moments(self, until: datetime) -> dict[str, datetime]:
        """Mall → its next moment, of those that have come; strongly consistent."""

    def start_plan(self, plan: PlanRecord, feeds: Sequence[FeedRecord]) -> list[FeedRecord]:
        """Enter the plan and move its feeds into it; returns the feeds that are in it now.

        Each feed goes WAITING → RUNNING (or stays SYNCING) with `plan_id` set, `job_run_id`
        cleared and `attempt` raised. A mall can be in one open plan only: the mall's lock item is
        part of the same transaction. A feed that has moved in the meantime, or whose mall is locked, is
        left out of the stored plan. Raises ConditionFailed if none is left; then nothing is entered.
        """

    def plan(self, plan_id: str) -> PlanRecord | None:
        """One plan, strongly consistent."""

    def open_plans(self) -> list[PlanRecord]:
        """Plans that are not CLOSED, oldest first (may lag by moments: confirm with a consistent read)."""

    def update_plan(self, before: PlanRecord, after: PlanRecord) -> PlanRecord:
        """Conditional replace; a plan that becomes CLOSED releases its malls' locks."""

    def lock_mall(self, mall_id: str, holder: str) -> bool:
        """Take the mall's lock for maintenance (reindex, rollback …); False if it is held."""

    def unlock_mall(self, mall_id: str, holder: str) -> None:
        """Release the lock; does nothing if `holder` does not hold it."""

    def lock_holder(self, mall_id: str) -> str | None:
        """Who holds the mall's lock (a plan id or a maintenance id), strongly consistent."""

    def lock_holders(self, mall_ids: Collection[str]) -> dict[str, str]:
        """Mall → who holds its lock, for those that are locked; strongly consistent, a hundred per call."""
