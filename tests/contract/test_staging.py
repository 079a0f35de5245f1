"""Exact copies: made once, of the version that arrived, or for a replay of the first copy if the object is gone."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mallfeed.aws.clients import client
from mallfeed.errors import FeedHeld
from mallfeed.ledger.model import FeedRecord, Part
from mallfeed.load.staging import Staging
from tests.faults.proxy import fault_proxy, storm
from tests.moto_process import moto_as_aws
from tests.unit.ledger.records import feed

LAKE, FEEDS, KEY = "lake-of-copies", "feeds", "feeds/mall_a/0001.csv"


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


def put(s3: Any, body: bytes) -> FeedRecord:
    version = s3.put_object(Bucket=FEEDS, Key=KEY, Body=body)["VersionId"]
    part = Part(key=KEY, version_id=version, size_bytes=len(body), etag="e")
    return feed(1, bucket=FEEDS, key=KEY, version_id=version, parts=(part,))


def text_of(record: FeedRecord) -> bytes:
    with Staging(LAKE, record.feed_id).copying(record) as (part,), part.open() as stream:
        return stream.read()


def copy_of(s3: Any, record: FeedRecord) -> bytes:
    key = f"staging/{record.feed_id}/raw/00000-0001.csv"
    body: bytes = s3.get_object(Bucket=LAKE, Key=key)["Body"].read()
    return body


def test_the_version_that_arrived_is_copied_and_read_however_often(s3: Any) -> None:
    record = put(s3, b"first").model_copy(update={"feed_id": "mall_a-1"})
    s3.put_object(Bucket=FEEDS, Key=KEY, Body=b"overwritten")
    assert text_of(record) == b"first"
    s3.delete_object(Bucket=FEEDS, Key=KEY, VersionId=record.version_id)
    assert text_of(record) == b"first"


def test_a_replay_reads_the_first_copy_when_the_object_has_gone(s3: Any) -> None:
    record = put(s3, b"to be replayed").model_copy(update={"feed_id": "mall_a-2"})
    assert text_of(record) == b"to be replayed"
    s3.delete_object(Bucket=FEEDS, Key=KEY, VersionId=record.version_id)
    again = record.model_copy(update={"feed_id": "mall_a-3", "replay_of": "mall_a-2"})
    assert text_of(again) == b"to be replayed"


@pytest.mark.parametrize("replay_of", [None, "mall_a-unknown"])
def test_a_feed_whose_object_and_copies_are_gone_is_held(s3: Any, replay_of: str | None) -> None:
    record = put(s3, b"gone").model_copy(update={"feed_id": "mall_a-4", "replay_of": replay_of})
    s3.delete_object(Bucket=FEEDS, Key=KEY, VersionId=record.version_id)
    with pytest.raises(FeedHeld, match="was deleted before it could be read"):
        text_of(record)
    unread = Staging(LAKE, record.feed_id).copying(record)
    with pytest.raises(FeedHeld, match="was deleted before it could be read"), unread:
        pass


def test_an_object_read_while_it_is_copied_is_that_version_and_so_is_the_copy(
    s3: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = put(s3, b"the version").model_copy(update={"feed_id": "mall_a-7"})
    s3.put_object(Bucket=FEEDS, Key=KEY, Body=b"overwritten")
    read = threading.Event()
    has = Staging._has

    def when_read(staging: Staging, key: str, size_bytes: int) -> bool:
        assert read.wait(60)
        return has(staging, key, size_bytes)

    monkeypatch.setattr(Staging, "_has", when_read)
    with Staging(LAKE, record.feed_id).copying(record) as (part,):
        with part.open() as stream:
            assert stream.read() == b"the version"
        read.set()
    assert copy_of(s3, record) == b"the version"


def test_a_reader_that_fails_leaves_the_whole_copy(s3: Any) -> None:
    record = put(s3, b"for the replay").model_copy(update={"feed_id": "mall_a-8"})
    with pytest.raises(FeedHeld, match="drift"), Staging(LAKE, record.feed_id).copying(record):
        raise FeedHeld("drift", "drift")
    assert copy_of(s3, record) == b"for the replay"


def test_a_key_without_versions_is_read_from_its_copy(s3: Any) -> None:
    where = {"LocationConstraint": s3.meta.region_name}
    s3.create_bucket(Bucket="unversioned", CreateBucketConfiguration=where)
    s3.put_object(Bucket="unversioned", Key=KEY, Body=b"may change")
    part = Part(key=KEY, version_id="null", size_bytes=10, etag="e")
    record = feed(1, bucket="unversioned", key=KEY, version_id="null", parts=(part,))
    record = record.model_copy(update={"feed_id": "mall_a-9"})
    with Staging(LAKE, record.feed_id).copying(record) as (reading,):
        with reading.open() as stream:
            body = stream.read()
        assert body == copy_of(s3, record) == b"may change"


def test_an_s3_that_fails_for_a_moment_is_asked_again_and_one_that_stays_down_is_reported(
    s3: Any,
) -> None:
    record = put(s3, b"behind errors").model_copy(update={"feed_id": "mall_a-5"})
    with fault_proxy(os.environ["AWS_ENDPOINT_URL"], storm(2, 500), only=LAKE) as proxy:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("AWS_ENDPOINT_URL", proxy.url)
            client.cache_clear()
            assert text_of(record) == b"behind errors"
            assert len(proxy.seen) > 2
            proxy.plan = storm(10**9, 503)
            with pytest.raises(ClientError, match="503"):
                text_of(record.model_copy(update={"feed_id": "mall_a-6"}))
        client.cache_clear()
    assert text_of(record.model_copy(update={"feed_id": "mall_a-6"})) == b"behind errors"
