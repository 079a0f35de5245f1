"""Which feeds count as sent by their mall: the contract of `Ledger.sent_since`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import State

LONGEST_UPLOAD = timedelta(days=1)
"""A feed's position in its mall's order is the time at which its upload began, not its arrival."""


def is_sent_since(feed: FeedRecord, since: Mapping[str, datetime]) -> bool:
    """Whether this feed has one of these names, was sent by the mall, and arrived at that time or later.

    Its outcome does not matter, since faults are reported elsewhere. A feed that an operator loads
    again (a replay, a rollback) was not sent by the mall, and an ignored object is not a feed, except
    a full feed of unchanged bytes.
    """
    moment = since.get(feed.feed_name or "")
    ignored = feed.state is State.IGNORED and not feed.is_published_full
    return (
        moment is not None and not ignored and feed.replay_of is None and feed.arrived_at >= moment
    )
