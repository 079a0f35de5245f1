"""Metrics that functions write into their logs: CloudWatch Logs takes them out, and so does the local stack.

Source: Amazon CloudWatch User Guide, "Specification: Embedded metric format". A line that is not of that format is a line of a log.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_MARK = b'"CloudWatchMetrics"'
_AT_ONCE = 500
Datum = dict[str, Any]


class LogMetrics:
    """The metrics in the logs of a folder, each line once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, int] = {}

    def put(self, cloudwatch: Any) -> int:
        """Put those that were logged since the last call; returns how many data."""
        found: dict[str, list[Datum]] = defaultdict(list)
        for log in sorted(self._folder.glob("*.log")):
            for line in self._new_lines(log):
                for namespace, datum in data(line):
                    found[namespace].append(datum)
        for namespace, all_data in found.items():
            for start in range(0, len(all_data), _AT_ONCE):
                some = all_data[start : start + _AT_ONCE]
                cloudwatch.put_metric_data(Namespace=namespace, MetricData=some)
        return sum(map(len, found.values()))

    def _new_lines(self, log: Path) -> Iterator[bytes]:
        with log.open("rb") as stream:
            stream.seek(self._read.get(log, 0))
            for line in stream:
                if not line.endswith(b"\n"):
                    break  # it is still being written
                self._read[log] = self._read.get(log, 0) + len(line)
                if _MARK in line:
                    yield line


def data(line: bytes) -> Iterator[tuple[str, Datum]]:
    """Namespace and datum of each metric in a line, once per set of dimensions; none if it is of another format."""
    try:
        content = json.loads(line)
        head = content["_aws"]
        at = datetime.fromtimestamp(head["Timestamp"] / 1000, UTC)
        for directive in head["CloudWatchMetrics"]:
            for names in directive["Dimensions"]:
                dimensions = [{"Name": name, "Value": str(content[name])} for name in names]
                for metric in directive["Metrics"]:
                    values = content[metric["Name"]]
                    several = [
                        float(one) for one in (values if isinstance(values, list) else [values])
                    ]
                    datum: Datum = {
                        "MetricName": metric["Name"], "Timestamp": at, "Dimensions": dimensions,
                        "Values": several, "Unit": metric.get("Unit", "None"),
                    }  # fmt: skip
                    yield directive["Namespace"], datum
    except (KeyError, TypeError, ValueError):
        return
