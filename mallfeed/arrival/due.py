"""What is due enters the ledger: the timer makes a feed of each mall whose next moment has come."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from mallfeed.ledger.due import due_feed
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.port import Ledger
from mallfeed.ledger.states import State


def enter_due(ledger: Ledger, now: datetime) -> list[FeedRecord]:
    """Enter what is due; returns the feeds, in whatever state they are by now.

    Safe at any moment, and any number of times: a moment makes one feed only. The moment stays noted until that
    feed is in the table.
    """
    entered = []
    for mall_id, moment in sorted(ledger.moments(now).items()):
        last = _last_in_table(ledger, mall_id)
        if last is not None:  # else its first feed is about to be committed
            entered.append(_entered(ledger, moment, last, now))
    return entered


def _entered(ledger: Ledger, moment: datetime, last: FeedRecord, now: datetime) -> FeedRecord:
    """The moment's feed that is not loaded yet. One that is loaded has taken its note away; so what is noted again
    came after it: of a rollback, or of a feed that was judged by a clock behind (`mallfeed local tick --at`)."""
    feeds = (ledger.enter(due_feed(moment, last, now, again)) for again in count())
    return next(feed for feed in feeds if feed.state is not State.LOADED)


def _last_in_table(ledger: Ledger, mall_id: str) -> FeedRecord | None:
    """The newest feed of the mall that is, or may be, in the table."""
    feeds = ledger.feeds(mall_id)
    in_table = [one for one in feeds if one.committed_at is not None or one.is_published_full]
    return max(in_table, key=lambda one: one.order, default=None)
