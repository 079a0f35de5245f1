"""A report as data."""

from __future__ import annotations

from typing import Any

from mallfeed.report.build import REPORT_FORMAT, build_report
from tests.unit.ledger.records import feed

KEYS = {
    "report_format", "run", "mall", "state", "code", "message", "figures_ko", "feed", "key", "version_id", "bytes",
    "arrived_at", "feed_time", "zone", "finished_at", "catalog_version", "mode", "counts", "rejects",
    "warnings", "refused_by_sinks", "distribution", "previous_distribution",
}  # fmt: skip


def test_a_report_of_format_2_has_these_keys() -> None:
    """Readers of report.json rely on its keys: they may be added, but not removed without a new format."""
    built: dict[str, Any] = build_report(feed(1), (), (), ())
    assert (REPORT_FORMAT, set(built)) == (2, KEYS)
