"""The local stack's S3 reads no more of an object than is requested."""

from __future__ import annotations

import copy
import gc
import uuid
from collections.abc import Iterator

import pytest
from moto.s3.exceptions import InvalidPart
from moto.s3.models import FakeKey, FakeMultipart, S3Backend

from infra.local import s3_contents


@pytest.fixture
def key() -> Iterator[FakeKey]:
    made = FakeKey("feeds/a/f.csv", b"x" * 1000, "123456789012", "ap-northeast-2")
    theirs = S3Backend.upload_part_copy, FakeMultipart.complete, FakeKey.value
    s3_contents.install()
    yield made
    S3Backend.upload_part_copy, FakeMultipart.complete, FakeKey.value = theirs
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


def test_contents_are_replaced_however_large(key: FakeKey) -> None:
    for size in (40_000_000, 10, 20_000_000):
        key.value = b"y" * size
        assert (key.value, key.size) == (b"y" * size, size)


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
    whole = body if start is None or end is None else body[start : end + 1]
    assert (part.value, part.size) == (whole, len(whole))
    with pytest.raises(InvalidPart):
        backend.complete_multipart_upload(name, upload.id, iter([(1, "another's")]))
    backend.complete_multipart_upload(name, upload.id, iter([(1, part.etag)]))
    assert backend.get_object(name, "copy").value == whole
    backend.reset()


def test_an_object_is_copied_in_parts_and_one_of_uploaded_parts_is_moto_s_own(key: FakeKey) -> None:
    backend, name = S3Backend("ap-northeast-2", "123456789012"), uuid.uuid4().hex
    backend.create_bucket(name, "ap-northeast-2")
    body = bytes(range(256)) * 50_000
    uploaded = backend.create_multipart_upload(name, "feed.csv", {}, "STANDARD", {}, None, "", "")
    first = backend.upload_part(name, uploaded.id, 1, body[:6_000_000])
    second = backend.upload_part(name, uploaded.id, 2, body[6_000_000:])
    both = iter([(1, first.etag), (2, second.etag)])
    backend.complete_multipart_upload(name, uploaded.id, both)
    assert backend.get_object(name, "feed.csv").value == body
    copied = backend.create_multipart_upload(name, "copy.csv", {}, "STANDARD", {}, None, "", "")
    last, parts = len(body) - 1, []
    for number, (start, end) in enumerate([(0, 6_999_999), (7_000_000, last)], 1):
        part = backend.upload_part_copy(name, copied.id, number, name, "feed.csv", None, start, end)
        parts.append((number, part.etag))
    backend.complete_multipart_upload(name, copied.id, iter(parts))
    assert backend.get_object(name, "copy.csv").value == body
    backend.reset()
