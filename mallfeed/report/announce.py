"""Reports on feeds that no run of the job reports on, because a Lambda ended them."""

from __future__ import annotations

import logging
from collections.abc import Callable

from mallfeed.ledger.endings import Endings
from mallfeed.ledger.model import FeedRecord

LOG = logging.getLogger(__name__)

Tell = Callable[[FeedRecord], object]


def announce(endings: Endings, tell: Tell) -> list[str]:
    """Reports the feeds that this process has ended; returns the ids of those that were reported.

    A feed that cannot be reported is logged, and does not stop the others.
    """
    reported = []
    for feed in endings.take():
        try:
            tell(feed)
            reported.append(feed.feed_id)
        except Exception:
            LOG.exception("feed not announced", extra={"feed_id": feed.feed_id})
    return reported
