"""A feed's report as plain data: rows read, loaded, changed and rejected, and warnings. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mallfeed.ledger.model import FeedRecord
from mallfeed.product.codes import message
from mallfeed.sinks.port import Refusal

REPORT_FORMAT = 2
EXAMPLES_PER_CODE = 20
"""How many rows are shown per code; all rejected rows are in the table `rejects`."""


def build_report(
    feed: FeedRecord,
    rejects: Sequence[dict[str, Any]],
    warnings: Sequence[dict[str, Any]],
    refused: Sequence[Refusal],
    distribution: dict[str, Any] | None = None,
    latest: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The report, ready for JSON.

    Parameters
    ----------
    rejects : row, code, field, value, raw of rejected rows
    warnings : row, code, field, value of cells that became null
    refused : documents that a sink refused
    distribution : of the mall's products after this feed (`mallfeed.report.distribution`); None
        if the feed changed none of them
    latest : the mall's newest report so far, for the state before this feed
    """
    before = _distribution_before(feed.feed_id, latest)
    return {
        "report_format": REPORT_FORMAT,
        "run": feed.feed_id,
        "mall": feed.mall_id,
        "state": str(feed.state),
        "code": feed.code,
        "message": feed.message,
        "figures_ko": feed.figures_ko,
        "feed": feed.feed_name,
        "key": feed.key,
        "version_id": feed.version_id,
        "bytes": feed.size_bytes,
        "arrived_at": feed.arrived_at,
        "feed_time": feed.feed_time,
        "zone": feed.zone,
        "finished_at": feed.finished_at,
        "catalog_version": feed.catalog_version,
        "mode": feed.mode,
        "counts": feed.counts.model_dump(),
        "rejects": [told(reject) for reject in rejects],
        "warnings": [told(warning) for warning in warnings],
        "refused_by_sinks": [
            {"product_id": r.product_id, "code": r.code, "reason": r.reason} for r in refused
        ],
        "distribution": distribution or before,
        "previous_distribution": before if distribution else None,
    }


def _distribution_before(run: str, latest: dict[str, Any] | None) -> dict[str, Any] | None:
    """The latest report's distribution; its previous one if that report is about this same feed."""
    if latest is None:
        return None
    name = "previous_distribution" if latest["run"] == run else "distribution"
    before: dict[str, Any] | None = latest.get(name)
    return before


def told(problem: dict[str, Any]) -> dict[str, Any]:
    """A reject or warning with its message in English and Korean."""
    code, field, value = problem["code"], problem["field"], problem["value"]
    return {
        **problem,
        "message": message(code, field, value, "en"),
        "message_ko": message(code, field, value, "ko"),
    }
