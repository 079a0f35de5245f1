"""A report of a loaded feed, with values that a mall should not have sent."""

from __future__ import annotations

from typing import Any

import pytest

from mallfeed.report.build import told
from mallfeed.table.counts import Counts
from tests.spark_session import forgive_py4j_sockets, session_fixture

spark = pytest.fixture(scope="session")(session_fixture)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Warnings that Spark's client cannot help."""
    forgive_py4j_sockets(items)


NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><style>*{display:none}</style>",
    "javascript:alert(1)",
    "=HYPERLINK(\"http://evil\",\"x\")",
    "\u202egpj.exe",
    "a\0b\x1b[31m",
    "\ud800",
    "' onmouseover='x",
    "{{7*7}} ${x} %s",
)  # fmt: skip


@pytest.fixture
def report() -> dict[str, Any]:
    problems = [
        told({"row": str(n), "code": "price_not_a_number", "field": "price", "value": v, "raw": v})
        for n, v in enumerate(NASTY, 2)
    ]
    spread = {
        "products": 1234,
        "currency": "KRW",
        "prices": {"1000": 200, "10000": 1034},
        "categories": {"<b>뷰티</b>": 1000},
        "categories_other": 234,
    }
    counts = Counts(
        rows_read=12345,
        accepted=12335,
        rejected=10,
        changed=1234,
        warnings=1,
        reject_codes={"price_not_a_number": 10},
        warning_codes={"image_url_invalid": 1, "<i>made up</i>": 1},
    )
    return {
        "report_format": 2,
        "run": "hanbok-20260131",
        "mall": "hanbok",
        "state": "LOADED",
        "code": None,
        "message": None,
        "key": "feeds/hanbok/<svg onload=alert(1)>.csv",
        "bytes": 1234567,
        "feed_time": "2026-01-31T09:00:00+09:00",
        "counts": counts.model_dump(),
        "rejects": problems,
        "warnings": [],
        "refused_by_sinks": [{"product_id": "<u>1", "code": "x", "reason": "<script>"}],
        "distribution": spread,
        "previous_distribution": {**spread, "prices": {"100": 10, "10000": 1034}},
    }
