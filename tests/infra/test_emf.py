"""Metrics in the logs of functions reach CloudWatch, each once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infra.local.emf import LogMetrics, data

AT = datetime(2026, 12, 1, 12, tzinfo=UTC)


def _line(**values: Any) -> bytes:
    directive = {
        "Namespace": "mallfeed",
        "Dimensions": [["service"]],
        "Metrics": [{"Name": name, "Unit": "Count"} for name in values],
    }
    head = {"Timestamp": int(AT.timestamp() * 1000), "CloudWatchMetrics": [directive]}
    return json.dumps({"_aws": head, "service": "dispatch_runs", **values}).encode() + b"\n"


class CloudWatch:
    def __init__(self) -> None:
        self.put: list[tuple[str, float]] = []

    def put_metric_data(self, *, Namespace: str, MetricData: list[dict[str, Any]]) -> None:  # noqa: N803 - boto3's
        assert Namespace == "mallfeed"
        self.put += [(one["MetricName"], value) for one in MetricData for value in one["Values"]]


def test_a_metric_is_read_with_its_dimensions_and_time() -> None:
    ((namespace, datum),) = data(_line(FeedsHeld=[1.0, 2.0]))
    assert namespace == "mallfeed"
    assert datum == {
        "MetricName": "FeedsHeld",
        "Timestamp": AT,
        "Dimensions": [{"Name": "service", "Value": "dispatch_runs"}],
        "Values": [1.0, 2.0],
        "Unit": "Count",
    }


def test_what_is_no_metric_is_a_line_of_a_log() -> None:
    for line in (
        b"CloudWatchMetrics\n",
        b'{"_aws": {"CloudWatchMetrics": 1}}',
        b'["CloudWatchMetrics"]',
    ):
        assert list(data(line)) == []


def test_each_line_counts_once_and_one_that_is_being_written_counts_later(tmp_path: Path) -> None:
    cloudwatch, metrics, log = CloudWatch(), LogMetrics(tmp_path), tmp_path / "dispatch.log"
    whole, cut = _line(FeedsHeld=1.0), _line(FeedsHeld=2.0)
    log.write_bytes(b"a line\n" + whole + cut[:20])
    assert (metrics.put(cloudwatch), metrics.put(cloudwatch)) == (1, 0)
    with log.open("ab") as more:
        more.write(cut[20:])
    assert metrics.put(cloudwatch) == 1
    assert cloudwatch.put == [("FeedsHeld", 1.0), ("FeedsHeld", 2.0)]
