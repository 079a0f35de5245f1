"""Listing versions in the local stack's S3 copies no object's contents."""

from __future__ import annotations

import copy
import gc
from collections.abc import Iterator

import pytest
from moto.s3.models import FakeKey

from infra.local import s3_versions


@pytest.fixture
def key() -> Iterator[FakeKey]:
    made = FakeKey("feeds/a/f.csv", b"x" * 1000, "123456789012", "ap-northeast-2")
    s3_versions.install()
    yield made
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
