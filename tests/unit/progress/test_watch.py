"""The progress of a run and its reporters: throttled, best effort, never in the way of the run."""

from __future__ import annotations

import gzip
import json
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from mallfeed.progress.model import FeedProgress, SinkProgress
from mallfeed.progress.publisher import Publisher
from mallfeed.progress.reporters import (
    MOST_AT_ONCE,
    EventLogFile,
    FeedItems,
    Metrics,
    StepsFile,
    spans_of,
)
from mallfeed.progress.steps import Span
from mallfeed.progress.watch import RunWatch
from tests.unit.ledger.records import at, feed


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def watched(*mall_ids: str, clock: Clock | None = None) -> RunWatch:
    watch = RunWatch("jr_1", clock or Clock(), lambda: at(1))
    for mall in mall_ids:
        watch.claimed(feed(1, mall, attempt=2))
    return watch


def the_feed(mall: str = "mall_a") -> str:
    return feed(1, mall).feed_id


def test_a_feed_is_reported_from_its_first_row_to_its_last_document() -> None:
    watch, run = watched("mall_a"), the_feed()
    with watch.step("prepare", [run]):
        watch.read(run, 120, 400)
        (told,) = watch.feeds()
        assert (told.steps, told.rows_read, told.share_read) == (("prepare",), 120, 0.4)
    watch.compared(run, 300, 12)
    watch.committed(run, 300, 12)
    with watch.step("opensearch/i", [run]), watch.step("redshift", [run]):
        watch.sending("opensearch/i", {"mall_a": 12, "mall_b": 5})
        watch.sent("opensearch/i", {"mall_a": 7})
        watch.sending("redshift", {"mall_a": None})
        (told,) = watch.feeds()
    assert told == FeedProgress(
        feed_id=run, job_run_id="jr_1", attempt=2, at=at(1),
        steps=("opensearch/i", "redshift"), rows_read=300, share_read=1.0, to_commit=12,
        committed=12, sinks={"opensearch/i": SinkProgress(sent=7, of=12), "redshift": SinkProgress()},
    )  # fmt: skip
    assert watch.feeds()[0].steps == ()


def test_a_step_that_fails_has_ended_too() -> None:
    clock = Clock()
    watch = watched("mall_a", clock=clock)

    def fails() -> None:
        with watch.step("compare", [the_feed()]):
            clock.now = 3.0
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert watch.spans() == (Span("compare", (the_feed(),), 0.0, 3.0),)
    assert watch.feeds()[0].steps == ()


def test_what_goes_on_is_reported_as_far_as_it_is() -> None:
    clock = Clock()
    watch = watched("mall_a", clock=clock)
    with watch.step("commit", [the_feed()]):
        clock.now = 2.0
        assert watch.spans() == ()
        assert watch.spans_so_far() == (Span("commit", (the_feed(),), 0.0, 2.0),)


def test_a_label_that_cannot_be_set_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    @contextmanager
    def broken(step: str, feeds: Sequence[str]) -> Iterator[None]:
        raise RuntimeError("no Spark")
        yield

    watch = watched("mall_a")
    watch.around = broken
    with watch.step("commit", [the_feed()]):
        pass
    assert len(watch.spans()) == 1
    assert "continues without its label" in caplog.text


def test_feeds_that_are_not_of_the_run_are_passed_over() -> None:
    watch = watched("mall_a")
    with watch.step("commit", ["mall_z-0000000000000000"]):
        watch.read("mall_z-0000000000000000", 1, 1)
        watch.sent("redshift", {"mall_z": 1})
    assert [one.feed_id for one in watch.feeds()] == [the_feed()]


class Items:
    """A store that keeps what is written; some feeds belong to another run by now, or the store is down."""

    def __init__(self) -> None:
        self.written: list[FeedProgress] = []
        self.others: set[str] = set()
        self.down = False

    def write(self, progress: FeedProgress) -> bool:
        if self.down:
            raise OSError("no DynamoDB")
        self.written.append(progress)
        return progress.feed_id not in self.others


def test_only_news_is_written_and_a_few_feeds_at_a_time() -> None:
    malls = [f"mall_{n:03d}" for n in range(MOST_AT_ONCE + 5)]
    watch, store = watched(*malls), Items()
    items = FeedItems(store)  # type: ignore[arg-type]
    items.tell(watch, last=False)
    assert len(store.written) == MOST_AT_ONCE
    items.tell(watch, last=False)
    assert sorted(one.feed_id for one in store.written) == sorted(map(the_feed, malls))
    items.tell(watch, last=False)
    watch.read(the_feed(malls[3]), 7, 9)
    items.tell(watch, last=False)
    assert [one.rows_read for one in store.written[len(malls) :]] == [7]


def test_a_feed_that_has_a_successor_is_no_longer_reported() -> None:
    watch, store = watched("mall_a"), Items()
    store.others.add(the_feed())
    items = FeedItems(store)  # type: ignore[arg-type]
    for rows in (1, 2, 3):
        watch.read(the_feed(), rows, rows)
        items.tell(watch, last=False)
    assert [one.rows_read for one in store.written] == [1]


class Counted:
    """A reporter that counts, and fails on demand."""

    def __init__(self, every_s: float = 10.0, fails: bool = False) -> None:
        self.every_s, self.fails, self.told = every_s, fails, 0
        self.last = threading.Event()

    def tell(self, watch: RunWatch, last: bool) -> None:
        self.told += 1
        if last:
            self.last.set()
        if self.fails:
            raise RuntimeError("cannot tell")


def test_each_reporter_gets_a_turn_when_it_is_due_and_a_last_one() -> None:
    clock, often, seldom = Clock(), Counted(2.0), Counted(60.0)
    publisher = Publisher(watched(), [often, seldom], clock=clock)
    for second in range(60):
        clock.now = float(second)
        publisher.tick()
    assert (often.told, seldom.told) == (30, 1)
    publisher.tick(last=True)
    assert (often.told, seldom.told) == (31, 2)


def test_a_reporter_that_fails_is_logged_once_and_does_not_stop_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken, works = Counted(0.0, fails=True), Counted(0.0)
    with caplog.at_level(logging.WARNING), Publisher(watched(), [broken, works], every_s=0.001):
        pass
    assert broken.last.is_set()
    assert works.last.is_set()
    assert caplog.text.count("progress is not reported") == 1


def test_the_run_fails_by_its_own_faults_only() -> None:
    with pytest.raises(KeyError), Publisher(watched(), [Counted(fails=True)]):
        raise KeyError("the run's own")


class CloudWatch:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.data: list[dict[str, Any]] = []

    def put_metric_data(self, **given: Any) -> None:
        assert given["Namespace"] == "mallfeed"
        self.data += given["MetricData"]


def sums(data: list[dict[str, Any]]) -> dict[tuple[str, ...], float]:
    found: dict[tuple[str, ...], float] = {}
    for one in data:
        key = (one["MetricName"], *(d["Value"] for d in one.get("Dimensions", ())))
        found[key] = found.get(key, 0) + one["Value"]
    return found


def test_metrics_are_what_has_been_done_since_the_last_time() -> None:
    clock, cloudwatch = Clock(), CloudWatch()
    watch, metrics = watched("mall_a", "mall_b", clock=clock), Metrics(cloudwatch)
    watch.compared(the_feed("mall_a"), 100, 10)
    metrics.tell(watch, last=False)
    watch.compared(the_feed("mall_b"), 50, 5)
    for mall, changes in (("mall_a", 10), ("mall_b", 5)):
        watch.committed(the_feed(mall), 100 if mall == "mall_a" else 50, changes)
    watch.sent("opensearch/products-000001", {"mall_a": 10, "mall_b": 2})
    metrics.tell(watch, last=False)
    assert sums(cloudwatch.data) == {
        ("RowsRead",): 150, ("RowsCommitted",): 15, ("DocumentsSent", "opensearch"): 12,
    }  # fmt: skip
    with watch.step("redshift", [the_feed("mall_a")]):
        clock.now = 4.0
    before = len(cloudwatch.data)
    metrics.tell(watch, last=True)
    assert sums(cloudwatch.data[before:]) == {("StepSeconds", "redshift"): 4.0}


def test_the_spans_of_a_run_are_read_back_as_they_were() -> None:
    kept: dict[str, Any] = {}

    class S3:
        def put_object(self, **given: Any) -> None:
            kept.update(given)

    clock = Clock()
    watch = watched("mall_a", clock=clock)
    with watch.step("prepare", [the_feed()]):
        clock.now = 1.5
    StepsFile(S3(), "lake", {"plan_id": "p1", "workers": 2}).tell(watch, last=True)
    body = json.loads(kept["Body"])
    assert kept["Key"] == "profiles/jr_1/steps.json"
    assert (body["plan_id"], body["ended"]) == ("p1", True)
    assert spans_of(body) == list(watch.spans())


def test_sparks_event_log_is_sent_as_far_as_it_is_written(tmp_path: Path) -> None:
    kept: dict[str, Any] = {}

    class S3:
        def put_object(self, **given: Any) -> None:
            kept.update(given, Body=given["Body"].read())

    teller, watch = EventLogFile(S3(), "lake", tmp_path), watched("mall_a", clock=Clock())
    teller.tell(watch, last=False)
    assert kept == {}
    (tmp_path / ".local-1.inprogress.crc").write_bytes(b"sum")
    (tmp_path / "local-1.inprogress").write_bytes(b"{}\n" * 1000)
    teller.tell(watch, last=True)
    assert (kept["Bucket"], kept["Key"]) == ("lake", "profiles/jr_1/spark-events.json.gz")
    assert gzip.decompress(kept["Body"]) == b"{}\n" * 1000
