"""The local stack's S3 reads no more of an object than it is asked for."""

from __future__ import annotations

import copy
import gc
import uuid
from collections.abc import Iterator

import pytest
from moto.s3.models import FakeKey, S3Backend

from infra.local import s3_contents


@pytest.fixture
def key() -> Iterator[FakeKey]:
    made = FakeKey("feeds/a/f.csv", b"x" * 1000, "123456789012", "ap-northeast-2")
    theirs = S3Backend.upload_part_copy
    s3_contents.install()
    yield made
    S3Backend.upload_part_copy = theirs
    del FakeKey.__deepcopy__
    made.dispose()


def test_a_listed_version_shares_the_contents_and_has_its_own_marks(key: FakeKey) -> None:
    twin = copy.deepcopy([key])[0]
    twin.is_latest = True
    assert twin._value_buffer is key._value_buffer
    assert (twin.name, twin.size, twin.etag) == (key.name, key.size, key.etag)
    assert isinstance(twin, FakeKey)
    assert not hasattr(key, "is_latest")


def test_the_contents_outlive_the_listing(key: FakeKey) -> None:
    twin = copy.deepcopy(key)
    del twin
    gc.collect()
    assert key.value == b"x" * 1000


@pytest.mark.parametrize(("start", "end"), [(0, 99), (100, 999), (None, None)])
def test_a_copied_part_is_that_range_of_the_source(
    key: FakeKey, start: int | None, end: int | None
) -> None:
    backend, name = S3Backend("ap-northeast-2", "123456789012"), uuid.uuid4().hex
    backend.create_bucket(name, "ap-northeast-2")
    body = bytes(range(250)) * 4
    backend.put_object(name, "feed.csv", body)
    upload = backend.create_multipart_upload(name, "copy", {}, "STANDARD", {}, None, "", "")
    part = backend.upload_part_copy(name, upload.id, 1, name, "feed.csv", None, start, end)
    assert part.value == (body if start is None or end is None else body[start : end + 1])
    backend.reset()
