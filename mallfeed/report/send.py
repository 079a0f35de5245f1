"""Reports the outcome of a feed to its mall: the report into S3, FeedFinished onto the event bus.

Without Spark: the job, the Lambdas and the command line all report through here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mallfeed.aws.clients import client
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import State
from mallfeed.report.build import build_report
from mallfeed.report.events import emit
from mallfeed.report.read import read_report, write_report
from mallfeed.sinks.port import Refusal

Problems = Sequence[dict[str, Any]]


def tell(
    feed: FeedRecord,
    lake_bucket: str,
    event_bus: str,
    *,
    rejects: Problems = (),
    warnings: Problems = (),
    refused: Sequence[Refusal] = (),
    distribution: dict[str, Any] | None = None,
) -> str:
    """Write the feed's report and announce it; returns its URI. May be repeated.

    Examples that are not given are taken from the feed's report so far: a feed that was held and is
    then dropped still shows why it was held.
    """
    latest = read_report(lake_bucket, feed.mall_id, "latest")
    so_far = read_report(lake_bucket, feed.mall_id, feed.feed_id) or {}
    counts = feed.counts
    report = build_report(
        feed,
        rejects or (so_far.get("rejects", ()) if counts.rejected else ()),
        warnings or (so_far.get("warnings", ()) if counts.warnings else ()),
        refused,
        distribution,
        latest,
    )
    # A feed that a newer or an equal one replaces is not what the mall wants to see first.
    aside = feed.state in (State.SUPERSEDED, State.IGNORED) and latest is not None
    uri = write_report(lake_bucket, report, latest=not (aside or feed.is_due))
    if not feed.is_due:  # the mall has sent nothing, and has nothing to do
        emit(client("events"), event_bus, "FeedFinished", finished_detail(feed, uri))
    return uri


def finished_detail(feed: FeedRecord, report: str | None) -> dict[str, object]:
    """The detail of FeedFinished: what a mall's own systems, or a mail, need to know."""
    return {
        "mall": feed.mall_id,
        "run": feed.feed_id,
        "state": str(feed.state),
        "code": feed.code,
        "message": feed.message,
        "counts": feed.counts.model_dump(),
        "report": report,
        "page": None if report is None else report.removesuffix("report.json") + "report.html",
    }
