"""Reporting: files under the run and as the latest, the event, and what an earlier report had."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from mallfeed.aws.clients import client
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import State
from mallfeed.report.read import read_report
from mallfeed.report.send import tell
from mallfeed.table.counts import Counts
from tests.moto_process import moto_as_aws

LAKE = "lake-of-reports"
AT = datetime(2026, 1, 31, tzinfo=UTC)
SPREAD = {"products": 2, "currency": "KRW", "prices": {"1000": 2}, "categories": {"뷰티": 2}}
REJECT = {"row": "7", "code": "title_missing", "field": "title", "value": None, "raw": "7,,"}


@pytest.fixture(scope="module")
def queue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with moto_as_aws(tmp_path_factory.mktemp("moto") / "moto.log"):
        client("s3").create_bucket(
            Bucket=LAKE,
            CreateBucketConfiguration={"LocationConstraint": client("s3").meta.region_name},
        )
        made: str = client("sqs").create_queue(QueueName="told")["QueueUrl"]
        answer = client("sqs").get_queue_attributes(QueueUrl=made, AttributeNames=["QueueArn"])
        pattern = {"source": ["mallfeed"], "detail-type": ["FeedFinished"]}
        client("events").put_rule(Name="told", EventPattern=json.dumps(pattern))
        target = {"Id": "q", "Arn": answer["Attributes"]["QueueArn"]}
        client("events").put_targets(Rule="told", Targets=[target])
        yield made


def _feed(run: str, state: State, mall: str = "hanbok", **more: Any) -> FeedRecord:
    return FeedRecord(
        feed_id=run, mall_id=mall, bucket="feeds", key=f"feeds/{mall}/a.csv", version_id="1",
        etag="e", size_bytes=10, parts=(), last_modified=AT, order=run, arrived_at=AT,
        feed_time=AT, state=state, **more,
    )  # fmt: skip


def test_a_feed_held_on_arrival_has_all_three_files_and_an_event(queue: str) -> None:
    feed = _feed("r1", State.HELD, "held", code="empty_object", message="no byte in it")
    assert tell(feed, LAKE, "default") == f"s3://{LAKE}/reports/held/r1/report.json"
    listed = client("s3").list_objects_v2(Bucket=LAKE, Prefix="reports/held/")["Contents"]
    names = ("rejects.csv", "report.html", "report.json")
    expected = [f"reports/held/{run}/{name}" for run in ("latest", "r1") for name in names]
    assert [one["Key"] for one in listed] == expected
    (message,) = client("sqs").receive_message(QueueUrl=queue)["Messages"]
    detail = json.loads(message["Body"])["detail"]
    assert (detail["mall"], detail["run"], detail["state"]) == ("held", "r1", "HELD")
    assert detail["code"] == "empty_object"
    assert detail["counts"]["rows_read"] == 0
    assert detail["page"] == f"s3://{LAKE}/reports/held/r1/report.html"


@pytest.mark.usefixtures("queue")
def test_the_next_feed_finds_what_was_before_it_even_when_reported_twice() -> None:
    before, after = {**SPREAD, "products": 1}, SPREAD
    tell(_feed("r1", State.LOADED), LAKE, "default", distribution=before)
    tell(_feed("r2", State.HELD, code="drift"), LAKE, "default")
    for _ in range(2):
        tell(_feed("r3", State.LOADED), LAKE, "default", distribution=after)
    report = read_report(LAKE, "hanbok", "latest")
    assert report is not None
    assert report["distribution"] == after
    assert report["previous_distribution"] == before


@pytest.mark.usefixtures("queue")
def test_a_dropped_feed_still_shows_why_it_was_held() -> None:
    counts = Counts(rows_read=1, rejected=1, reject_codes={"title_missing": 1})
    held = _feed("r1", State.HELD, "drops", code="guard_rejected", counts=counts)
    tell(held, LAKE, "default", rejects=[REJECT])
    tell(held.model_copy(update={"state": State.DROPPED}), LAKE, "default")
    report = read_report(LAKE, "drops", "r1")
    assert report is not None
    assert report["state"] == "DROPPED"
    assert [one["row"] for one in report["rejects"]] == ["7"]


@pytest.mark.usefixtures("queue")
def test_an_overtaken_feed_has_its_report_and_the_newest_stays_the_latest() -> None:
    tell(_feed("r2", State.LOADED, "late"), LAKE, "default")
    tell(_feed("r1", State.SUPERSEDED, "late", code="newer_full"), LAKE, "default")
    own, latest = read_report(LAKE, "late", "r1"), read_report(LAKE, "late", "latest")
    assert (own or {})["state"] == "SUPERSEDED"
    assert (latest or {})["run"] == "r2"


@pytest.mark.usefixtures("queue")
def test_there_is_no_report_before_the_first() -> None:
    assert read_report(LAKE, "nobody", "latest") is None
