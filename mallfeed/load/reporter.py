"""Telling malls and operators: the report in S3, the FeedFinished event, progress in the log."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence

from mallfeed.aws.clients import client
from mallfeed.ledger.model import Counts, FeedRecord
from mallfeed.load.rejects import Rejects
from mallfeed.report.build import build_report
from mallfeed.report.read import write_report
from mallfeed.sinks.port import Refusal

LOG = logging.getLogger(__name__)
EVENT_SOURCE = "mallfeed"


class S3Reporter:
    """`mallfeed.load.ports.Reporter` on S3 and EventBridge."""

    def __init__(self, rejects: Rejects, lake_bucket: str, event_bus: str) -> None:
        self._rejects = rejects
        self._lake_bucket = lake_bucket
        self._event_bus = event_bus

    def finished(self, feed: FeedRecord, refused: Sequence[Refusal]) -> None:
        """Write the report and announce it. A report that fails is logged, never fails a load."""
        try:
            self._announce(feed, self._write(feed, refused))
        except Exception:
            LOG.exception("the report could not be written", extra={"feed_id": feed.feed_id})

    def progress(self, feed_id: str, stage: str, counts: Counts | None = None) -> None:
        """A line in the log."""
        known = {} if counts is None else counts.model_dump(exclude_defaults=True)
        LOG.info("feed at stage", extra={"feed_id": feed_id, "stage": stage, **known})

    def _write(self, feed: FeedRecord, refused: Sequence[Refusal]) -> str:
        rejects = self._rejects.examples(feed.feed_id, "rejects") if feed.counts.rejected else []
        warnings = self._rejects.examples(feed.feed_id, "warnings") if feed.counts.warnings else []
        return write_report(self._lake_bucket, build_report(feed, rejects, warnings, refused))

    def _announce(self, feed: FeedRecord, report: str) -> None:
        detail = {
            "mall": feed.mall_id,
            "run": feed.feed_id,
            "state": str(feed.state),
            "code": feed.code,
            "report": report,
        }
        entry = {
            "Source": EVENT_SOURCE,
            "DetailType": "FeedFinished",
            "Detail": json.dumps(detail, ensure_ascii=False),
            "EventBusName": self._event_bus,
        }
        client("events").put_events(Entries=[entry])
