"""Reporting to malls and operators: the report in S3, and the FeedFinished event."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import State
from mallfeed.load.rejects import Rejects
from mallfeed.report.send import tell
from mallfeed.sinks.port import Refusal

LOG = logging.getLogger(__name__)

Distribution = Callable[[Sequence[str]], Mapping[str, dict[str, Any]]]
"""Mall ids → the distribution of each mall's products now, by mall id (`mallfeed.load.distribution`)."""


class S3Reporter:
    """`mallfeed.load.ports.Reporter` on S3 and EventBridge."""

    def __init__(
        self,
        rejects: Rejects,
        lake_bucket: str,
        event_bus: str,
        distribution: Distribution | None = None,
    ) -> None:
        self._rejects = rejects
        self._lake_bucket = lake_bucket
        self._event_bus = event_bus
        self._distribution = distribution
        self._spreads: Mapping[str, dict[str, Any]] = {}

    def coming(self, feeds: Sequence[FeedRecord]) -> None:
        """See the port. If prices and categories cannot be counted, the reports go out without them."""
        malls = [f.mall_id for f in feeds if f.counts.changed + f.counts.vanished]
        if self._distribution is None or not malls:
            return
        try:
            self._spreads = self._distribution(malls)
        except Exception:
            LOG.exception("prices and categories not counted", extra={"malls": malls})

    def finished(self, feed: FeedRecord, refused: Sequence[Refusal]) -> None:
        """Write the report and announce it. A failure is logged; it never makes the load fail."""
        try:
            tell(
                feed,
                self._lake_bucket,
                self._event_bus,
                rejects=self._examples(feed, "rejects", feed.counts.rejected),
                warnings=self._examples(feed, "warnings", feed.counts.warnings),
                refused=refused,
                distribution=self._spread(feed),
            )
        except Exception:
            LOG.exception("the report could not be written", extra={"feed_id": feed.feed_id})

    def _examples(self, feed: FeedRecord, kind: str, count: int) -> list[dict[str, Any]]:
        return self._rejects.examples(feed.feed_id, kind) if count else []

    def _spread(self, feed: FeedRecord) -> dict[str, Any] | None:
        """The distribution of the feed's mall, if the feed was loaded and changed something."""
        changed = feed.counts.changed + feed.counts.vanished
        if feed.state is not State.LOADED or not changed:
            return None
        return self._spreads.get(feed.mall_id)
