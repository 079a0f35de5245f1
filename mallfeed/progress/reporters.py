"""The reporters of a run: one item per feed for `mallfeed put --wait` and `runs --watch`, the spans of
its steps for `mallfeed run --profile`, and metrics."""

from __future__ import annotations

import gzip
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mallfeed.progress.model import FeedProgress
from mallfeed.progress.publisher import EVERY_S
from mallfeed.progress.steps import Span, step_seconds
from mallfeed.progress.store import DynamoProgress
from mallfeed.progress.watch import RunWatch

MOST_AT_ONCE = 25
"""At most this many feeds are written in one turn; with 200 in a run, each is written within a few turns."""
NAMESPACE = "mallfeed"
_METRICS_PER_CALL = 100
_FAST = 3
"""gzip's level: a log shrinks to a twentieth; a higher level would take longer and gain little."""
_CHUNK_BYTES = 1024 * 1024


class FeedItems:
    """Writes an item for each feed whose progress has changed."""

    every_s = EVERY_S

    def __init__(self, store: DynamoProgress) -> None:
        self._store = store
        self._reported: dict[str, FeedProgress] = {}
        self._not_ours: set[str] = set()

    def tell(self, watch: RunWatch, last: bool) -> None:
        """See Teller. A feed on which a later attempt reports is not reported any more."""
        moved = [one for one in watch.feeds() if self._is_news(one)]
        for progress in moved if last else moved[:MOST_AT_ONCE]:
            if not self._store.write(progress):
                self._not_ours.add(progress.feed_id)
            self._reported[progress.feed_id] = progress

    def _is_news(self, progress: FeedProgress) -> bool:
        before = self._reported.get(progress.feed_id)
        if progress.feed_id in self._not_ours:
            return False
        return before is None or before.model_copy(update={"at": progress.at}) != progress


class StepsFile:
    """`profiles/<Glue run>/steps.json` in the lake bucket: the spans of the steps so far."""

    every_s = 15.0

    def __init__(self, s3: Any, lake_bucket: str, facts: Mapping[str, Any]) -> None:
        self._s3 = s3
        self._bucket = lake_bucket
        self.facts = dict(facts)

    def tell(self, watch: RunWatch, last: bool) -> None:
        """See Teller. Running steps are reported too, since a run may be killed during one."""
        spans = watch.spans_so_far()
        body = {
            **self.facts,
            "job_run_id": watch.job_run_id,
            "ended": last,
            "spans": [[one.step, list(one.feeds), one.begin_s, one.end_s] for one in spans],
        }
        self._s3.put_object(
            Bucket=self._bucket,
            Key=steps_key(watch.job_run_id),
            Body=json.dumps(body).encode(),
            ContentType="application/json",
        )


class EventLogFile:
    """`profiles/<Glue run>/spark-events.json.gz` in the lake bucket: Spark's event log so far."""

    every_s = 120.0
    """Each turn sends the whole log again: if a run is killed, the last minutes are missing."""

    def __init__(self, s3: Any, lake_bucket: str, folder: Path) -> None:
        self._s3 = s3
        self._bucket = lake_bucket
        self._folder = folder

    def tell(self, watch: RunWatch, last: bool) -> None:  # noqa: ARG002
        """See Teller. Sends nothing before Spark has begun its log."""
        for written in self._folder.iterdir():  # one file, and its hidden checksums
            if written.name.startswith("."):
                continue
            with written.open("rb") as plain, tempfile.TemporaryFile() as packed:
                with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=_FAST) as stream:
                    shutil.copyfileobj(plain, stream, _CHUNK_BYTES)
                packed.seek(0)
                self._s3.put_object(
                    Bucket=self._bucket, Key=event_log_key(watch.job_run_id), Body=packed
                )


def event_log_key(job_run_id: str) -> str:
    """Where a run's event log is in the lake bucket: JSON lines, gzipped."""
    return f"profiles/{job_run_id}/spark-events.json.gz"


def steps_key(job_run_id: str) -> str:
    """Where a run's spans are in the lake bucket."""
    return f"profiles/{job_run_id}/steps.json"


def spans_of(body: Mapping[str, Any]) -> list[Span]:
    """The spans in a steps.json."""
    return [Span(step, tuple(feeds), begin, end) for step, feeds, begin, end in body["spans"]]


class Metrics:
    """RowsRead, RowsCommitted and DocumentsSent (by `sink`) as they grow; at the end StepSeconds (by `step`)."""

    every_s = 60.0

    def __init__(self, cloudwatch: Any) -> None:
        self._cloudwatch = cloudwatch
        self._sent: Counter[tuple[str, str]] = Counter()

    def tell(self, watch: RunWatch, last: bool) -> None:
        """See Teller."""
        now = _counted(watch.feeds())
        grown = {name: now[name] - self._sent[name] for name in now if now[name] > self._sent[name]}
        data = [_metric(*name, "Count", value) for name, value in grown.items()]
        if last:
            seconds = step_seconds(watch.spans())
            data += [
                _metric("StepSeconds", _family(step), "Seconds", value)
                for step, value in seconds.items()
            ]
        for at in range(0, len(data), _METRICS_PER_CALL):
            self._cloudwatch.put_metric_data(
                Namespace=NAMESPACE, MetricData=data[at : at + _METRICS_PER_CALL]
            )
        self._sent |= now


def _counted(feeds: list[FeedProgress]) -> Counter[tuple[str, str]]:
    """(metric, value of its dimension) → how many so far."""
    counts: Counter[tuple[str, str]] = Counter()
    for feed in feeds:
        counts["RowsRead", ""] += feed.rows_read
        counts["RowsCommitted", ""] += feed.committed
        for name, sink in feed.sinks.items():
            counts["DocumentsSent", _family(name)] += sink.sent
    return counts


def _family(name: str) -> str:
    """`opensearch` of `opensearch/products-000002`: indices come and go, metrics stay."""
    return name.partition("/")[0]


_DIMENSION = {"DocumentsSent": "sink", "StepSeconds": "step"}


def _metric(name: str, value_of: str, unit: str, value: float) -> dict[str, Any]:
    metric: dict[str, Any] = {"MetricName": name, "Unit": unit, "Value": value}
    if name in _DIMENSION:
        metric["Dimensions"] = [{"Name": _DIMENSION[name], "Value": value_of}]
    return metric
