"""Which feeds the Lambdas tell of: those that ended without a run of the job reporting on them.

Held on arrival, out of tries, overtaken by a newer full feed, byte for byte the published one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import datetime

from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.port import Ledger
from mallfeed.ledger.states import UNCHANGED_BYTES, State

LOG = logging.getLogger(__name__)

Tell = Callable[[FeedRecord], object]


def announce(
    ledger: Ledger, malls: Collection[str], since: datetime, tell: Tell, *, held: bool = False
) -> list[str]:
    """Tells of the malls' feeds that ended at or after `since`; returns their ids.

    `held` adds those that are HELD: on arrival nobody else tells of them, later the job has. What
    listens may hear of a feed more than once. A feed that cannot be told of is logged.
    """
    told = []
    for mall in sorted(malls):
        for feed in ledger.feeds(mall):
            if feed.finished_at is None or feed.finished_at < since or not _untold(feed, held):
                continue
            try:
                tell(feed)
                told.append(feed.feed_id)
            except Exception:
                LOG.exception("feed not announced", extra={"feed_id": feed.feed_id})
    return told


def _untold(feed: FeedRecord, held: bool) -> bool:
    if feed.state is State.IGNORED:
        # Markers and the parts of a folder are no feeds of their own.
        return feed.code == UNCHANGED_BYTES
    return feed.state in (State.FAILED, State.SUPERSEDED) or (held and feed.state is State.HELD)
