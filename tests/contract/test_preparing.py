"""Preparing ahead: it starts before Spark does, has the same outcome as without, and leaves nothing behind."""

from __future__ import annotations

import gzip
import io
import threading
from collections.abc import Iterator
from typing import Any

import pyarrow.parquet as pq
import pytest

from mallfeed.aws.clients import client
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.read import read_catalog
from mallfeed.errors import FeedHeld
from mallfeed.ledger.model import FeedRecord, Part
from mallfeed.load.preparing import Preparing
from mallfeed.pipeline.loading import preparing_of
from mallfeed.progress.watch import RunWatch
from mallfeed.reading.budget import USUAL, Allowance, Budget
from mallfeed.settings import Settings
from tests.moto_process import moto_as_aws
from tests.unit.ledger.records import feed

LAKE, FEEDS = "lake-of-preparing", "feeds-of-preparing"
CATALOG = """
mall: mall_a
version: 1
effective_from: 2026-01-01T00:00:00+09:00
owner: feeds
contact: md@example.com
fields: {product_id: id, title: title, price: price, url: url, category_path: category}
feeds: {full: {format: csv}}
"""
GOOD = "id,title,price,url,category\n1,가방,1000,https://shop.kr/1,패션\n".encode()


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with moto_as_aws(tmp_path_factory.mktemp("moto") / "moto.log"):
        made = client("s3")
        where = {"LocationConstraint": made.meta.region_name}
        for bucket in (LAKE, FEEDS):
            made.create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
        versions = {"Status": "Enabled"}
        made.put_bucket_versioning(Bucket=FEEDS, VersioningConfiguration=versions)
        yield made


def arrived(s3: Any, number: int, body: bytes, **more: Any) -> FeedRecord:
    key = f"feeds/mall_a/{number:04d}.csv"
    version = s3.put_object(Bucket=FEEDS, Key=key, Body=body)["VersionId"]
    part = Part(key=key, version_id=version, size_bytes=len(body), etag="e")
    about = {"attempt": 1, "feed_name": "full", "catalog_version": 1, **more}
    return feed(number, bucket=FEEDS, key=key, version_id=version, parts=(part,)).model_copy(
        update={"feed_id": f"mall_a-{number}", **about}
    )


class Asked:
    """The catalog; records who reads it, which is the first thing that preparing does."""

    def __init__(self) -> None:
        self.by: list[tuple[str, str]] = []

    def __call__(self, record: FeedRecord) -> Catalog:
        self.by.append((record.feed_id, threading.current_thread().name))
        return read_catalog(CATALOG, "mall_a/v1.yaml")


def test_a_feed_begun_ahead_is_prepared_once_in_another_thread(s3: Any) -> None:
    asked, record = Asked(), arrived(s3, 1, GOOD)
    preparing = Preparing(LAKE, asked)
    with preparing.ahead([record]):
        raw = preparing.of(record)
    assert (raw.rows, raw.columns[0]) == (1, "id")
    (uri,) = raw.uris
    assert uri.startswith(f"s3://{LAKE}/staging/mall_a-1/a1/frame/")
    ((_, thread),) = asked.by
    assert thread != threading.current_thread().name


def test_what_is_wrong_with_a_feed_is_reported_where_it_is_staged(s3: Any) -> None:
    good = arrived(s3, 2, GOOD)
    bad = arrived(s3, 3, b"id,title\n1,x\n")
    preparing = Preparing(LAKE, Asked())
    with preparing.ahead([bad, good]):
        assert preparing.of(good).rows == 1
        with pytest.raises(FeedHeld, match="category"):
            preparing.of(bad)


def test_a_costly_feed_is_held_its_neighbours_are_read_and_once_released_it_is_read_too(
    s3: Any,
) -> None:
    good = arrived(s3, 6, GOOD)
    costly = arrived(s3, 7, gzip.compress(GOOD) + gzip.compress(b"", mtime=0) * 50)
    budget = Budget({"members": Allowance(40, 0)})
    preparing = Preparing(LAKE, Asked(), budget=budget)
    with preparing.ahead([costly, good]):
        assert preparing.of(good).rows == 1
        with pytest.raises(FeedHeld, match="more than 40 packed members") as held:
            preparing.of(costly)
    assert held.value.code == "too_costly"
    alone = costly.model_copy(update={"alone": True, "attempt": 2})
    assert Preparing(LAKE, Asked(), budget=budget).of(alone).rows == 1


def test_the_operator_sets_the_budget_and_a_slip_leaves_the_usual_one(
    s3: Any, caplog: pytest.LogCaptureFixture
) -> None:
    about = dict.fromkeys(("feeds_bucket", "ledger_table"), "x")
    settings = Settings(**about, lake_bucket=LAKE, region=s3.meta.region_name)
    ssm, name = client("ssm"), "/mallfeed/limits/work"
    ssm.put_parameter(Name=name, Value="members=40+0", Type="String")
    budget = preparing_of(settings, RunWatch()).budget
    assert budget.allowances["members"] == Allowance(40, 0)
    ssm.put_parameter(Name=name, Value="members=many", Type="String", Overwrite=True)
    assert preparing_of(settings, RunWatch()).budget == USUAL
    assert "`members=many` is no amount of work" in caplog.text
    ssm.delete_parameter(Name=name)


def test_a_second_attempt_waits_until_it_is_known_whether_the_first_has_committed(s3: Any) -> None:
    asked, record = Asked(), arrived(s3, 4, GOOD, attempt=2)
    preparing = Preparing(LAKE, asked)
    with preparing.ahead([record]):
        assert asked.by == []
        assert preparing.of(record).rows == 1
    assert asked.by == [("mall_a-4", threading.current_thread().name)]


def test_a_run_that_ends_early_waits_for_what_was_begun_and_begins_no_more(s3: Any) -> None:
    records = [arrived(s3, number, GOOD) for number in range(10, 30)]
    asked = Asked()
    preparing = Preparing(LAKE, asked)
    before = threading.active_count()
    with pytest.raises(RuntimeError, match="no session"), preparing.ahead(records):
        raise RuntimeError("no session")
    assert threading.active_count() <= before
    assert len(asked.by) < len(records)


def test_the_frame_is_the_one_that_preparing_without_haste_writes(s3: Any) -> None:
    record = arrived(s3, 5, GOOD)
    preparing = Preparing(LAKE, Asked())
    with preparing.ahead([record]):
        (ahead,) = preparing.of(record).uris
    (plain,) = Preparing(LAKE, Asked()).of(record.model_copy(update={"attempt": 2})).uris
    tables = []
    for uri in (ahead, plain):
        body = s3.get_object(Bucket=LAKE, Key=uri.removeprefix(f"s3://{LAKE}/"))["Body"].read()
        tables.append(pq.read_table(io.BytesIO(body)))
    assert tables[0] == tables[1]
