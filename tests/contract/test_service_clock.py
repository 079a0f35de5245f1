"""When a person's decision is made: by S3's clock, however far that of the person's machine is off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mallfeed.aws.clients import client
from mallfeed.ledger import operate
from mallfeed.ledger.identity import order_key
from mallfeed.ledger.states import State
from mallfeed.pipeline.service_clock import MARKER, service_time
from tests.moto_process import moto_as_aws
from tests.unit.ledger.records import feed

LAKE = "lake-of-clocks"


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with moto_as_aws(tmp_path_factory.mktemp("moto") / "moto.log"):
        made = client("s3")
        where = {"LocationConstraint": made.meta.region_name}
        made.create_bucket(Bucket=LAKE, CreateBucketConfiguration=where)
        yield made


@pytest.mark.parametrize("minutes", [-60, -4, 0, 4, 60])
def test_a_rollback_comes_after_what_was_uploaded_before_it_and_before_what_comes_next(
    s3: Any, minutes: int
) -> None:
    def uploaded(key: str) -> str:
        s3.put_object(Bucket=LAKE, Key=key, Body=b"x")
        at = s3.head_object(Bucket=LAKE, Key=key)["LastModified"]
        return order_key(at, key, 0, "mall_a-1")

    before = uploaded("feeds/mall_a/full.csv")
    told = service_time(s3, LAKE, lambda: datetime.now(UTC) + timedelta(minutes=minutes))
    loaded = feed(1, state=State.LOADED, snapshot_id=7, mode="full")
    restored = operate.rollback(loaded, loaded.mall_id, "kim", "test", told.at).after
    assert before[:19] <= restored.order[:19]
    # LastModified has whole seconds: the next one's objects are later.
    while s3.head_object(Bucket=LAKE, Key=MARKER)["LastModified"] <= told.at.replace(microsecond=0):
        s3.put_object(Bucket=LAKE, Key=MARKER, Body=b"")
    assert restored.order < uploaded("feeds/mall_a/full.csv")
    assert restored.arrived_at == told.at


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, None), (25, None), (-25, None), (240, "240 s ahead of"), (-240, "240 s behind")],
)
def test_a_clock_that_is_off_is_told(s3: Any, seconds: int, words: str | None) -> None:
    told = service_time(s3, LAKE, lambda: datetime.now(UTC) + timedelta(seconds=seconds))
    if words is None:
        assert told.warning is None
    else:
        about = {words, words.replace("240", "241"), words.replace("240", "239")}
        assert any(one in (told.warning or "") for one in about), told.warning


def test_two_decisions_of_a_second_have_two_times(s3: Any) -> None:
    times = [service_time(s3, LAKE, lambda: datetime.now(UTC)).at for _ in range(5)]
    assert len(set(times)) == 5
