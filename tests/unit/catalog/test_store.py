"""Published catalogs as the Lambda and the job read them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mallfeed.arrival.choice import choose
from mallfeed.authoring.publish import plan_publish, publish
from mallfeed.catalog.place import RULES_METADATA
from mallfeed.catalog.store import LISTED_FOR_S, NONE_LISTED_FOR_S, S3CatalogStore
from mallfeed.errors import CatalogInvalid
from mallfeed.formats.registry import FORMATS
from mallfeed.kinds.rules_of_versions import FIRST_RULES, NEWEST_RULES
from mallfeed.ledger.states import State
from mallfeed.wording import listed
from tests.unit.arrival.conftest import Mall
from tests.unit.catalog.conftest import text_of, write


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Shop:
    """A mall's published versions, and a store with a clock in hand."""

    def __init__(self, s3: Any, lake: str) -> None:
        self.s3, self.lake, self.clock = s3, lake, Clock()
        self.store = S3CatalogStore(s3, lake, self.clock)

    def put(self, name: str, body: bytes | None = None) -> None:
        version = int("".join(c for c in name.rsplit("/")[-1] if c.isdigit()) or 1)
        text = body if body is not None else text_of("shop", version).encode()
        self.s3.put_object(Bucket=self.lake, Key=f"catalogs/{name}", Body=text)

    def versions(self) -> list[int]:
        return [one.catalog.version for one in self.store.versions("shop")]


@contextmanager
def asked_of(s3: Any) -> Iterator[list[str]]:
    """The names of the calls that are made meanwhile."""
    asked: list[str] = []

    def remember(model: Any, **_: Any) -> None:
        asked.append(model.name)

    s3.meta.events.register("before-call.s3", remember)
    try:
        yield asked
    finally:
        s3.meta.events.unregister("before-call.s3", remember)


@pytest.fixture
def shop(s3: Any, lake: str) -> Shop:
    return Shop(s3, lake)


def test_versions_come_by_number(shop: Shop) -> None:
    for version in (10, 9, 1):
        shop.put(f"shop/v{version}.yaml")
    assert shop.versions() == [1, 9, 10]


def test_keys_that_are_no_version_are_left_alone(shop: Shop) -> None:
    shop.put("shop/v1.yaml")
    for name in (
        "shop/",
        "shop/readme.md",
        "shop/v2.yaml.bak",
        "shop/old/v3.yaml",
        "shop/v04.yaml",
    ):
        shop.put(name, b"{")
    assert shop.versions() == [1]


def test_unreadable_version_stops_the_mall_and_says_where(shop: Shop) -> None:
    shop.put("shop/v1.yaml")
    shop.put("shop/v2.yaml", text_of("shop", 2).replace("csv", "cvs").encode())
    shop.put("shop/v3.yaml", b"\xff\xfe")
    with pytest.raises(CatalogInvalid) as refused:
        shop.versions()
    assert refused.value.faults == [
        f"s3://{shop.lake}/catalogs/shop/v2.yaml:8:18: `feeds.full.format` is `cvs`; expected "
        f"{listed(FORMATS)}; did you mean `csv`?",
        f"s3://{shop.lake}/catalogs/shop/v3.yaml:1:1: not UTF-8",
    ]


def test_corrected_version_is_read_at_once(shop: Shop) -> None:
    shop.put("shop/v1.yaml", b"{}")
    with pytest.raises(CatalogInvalid):
        shop.versions()
    shop.put("shop/v1.yaml")
    assert shop.versions() == [1]


def test_version_in_another_place_than_it_says_is_refused(shop: Shop) -> None:
    shop.put("shop/v2.yaml", text_of("other", 2).encode())
    with pytest.raises(CatalogInvalid, match="it says mall other, v2"):
        shop.versions()


def test_new_version_is_seen_within_the_listing_s_time(shop: Shop) -> None:
    shop.put("shop/v1.yaml")
    assert shop.versions() == [1]
    shop.put("shop/v2.yaml")
    assert shop.versions() == [1]
    shop.clock.now += LISTED_FOR_S
    assert shop.versions() == [1, 2]
    assert LISTED_FOR_S <= 60


def test_first_version_of_a_mall_is_seen_within_two_seconds(shop: Shop) -> None:
    assert shop.versions() == []
    shop.put("shop/v1.yaml")
    shop.clock.now += NONE_LISTED_FOR_S
    assert shop.versions() == [1]
    assert NONE_LISTED_FOR_S <= 2


def test_listing_goes_over_many_pages(shop: Shop) -> None:
    def two_a_page(params: dict[str, Any], **_: Any) -> None:
        params["MaxKeys"] = 2

    for version in range(1, 6):
        shop.put(f"shop/v{version}.yaml")
    event = "before-parameter-build.s3.ListObjectsV2"
    shop.s3.meta.events.register(event, two_a_page)
    try:
        assert shop.versions() == [1, 2, 3, 4, 5]
    finally:
        shop.s3.meta.events.unregister(event, two_a_page)


def test_malls_are_those_with_a_version(shop: Shop) -> None:
    shop.put("shop/v1.yaml")
    shop.put("other/notes.txt", b"")
    assert shop.store.malls() == ["shop"]


def test_one_listing_of_all_malls_is_enough_for_the_versions_of_each(shop: Shop) -> None:
    shop.put("shop/v1.yaml")
    shop.put("other/v1.yaml", text_of("other", 1).encode())
    with asked_of(shop.s3) as asked:
        assert shop.store.malls() == ["other", "shop"]
        assert [len(shop.store.versions(mall)) for mall in ("other", "shop")] == [1, 1]
    assert asked == ["ListObjectsV2", "GetObject", "GetObject"]


def test_feeds_of_a_mall_with_an_unreadable_version_are_held(aws: str) -> None:
    mall = Mall(aws)
    mall.publish("mall: mall_a\nversion: 2\n", version=2)
    record = mall.fresh_arrivals().take(mall.put("feeds/mall_a/full_1.csv"))
    assert (record.state, record.code) == (State.HELD, "catalog_unreadable")
    assert "v2.yaml:1:1: the catalog lacks `owner`" in (record.message or "")


def test_listing_that_is_due_again_reads_no_text_that_it_knows(shop: Shop) -> None:
    for version in (1, 2):
        shop.put(f"shop/v{version}.yaml")
    with asked_of(shop.s3) as asked:
        shop.versions()
        shop.clock.now += LISTED_FOR_S
        shop.versions()
        shop.versions()
    assert asked == ["ListObjectsV2", "GetObject", "GetObject", "ListObjectsV2"]


def test_warm_function_picks_a_version_within_50_ms(shop: Shop) -> None:
    """As the arrivals' function does it, of a mall with as many versions as one has in ten years."""
    for version in range(1, 41):
        text = text_of(
            "shop", version, f"20{25 + version // 12}-{1 + version % 12:02d}-01T00:00:00+09:00"
        )
        shop.put(f"shop/v{version}.yaml", text.encode())
    shop.versions()
    took = []
    for wait_s in [0.0] * 20 + [LISTED_FOR_S] * 5:
        shop.clock.now += wait_s
        begun = time.process_time()
        chosen = choose(
            shop.store.versions("shop"), "shop", datetime(2026, 6, 15, tzinfo=UTC), None
        )
        took.append(time.process_time() - begun)
        assert chosen.catalog.version == 17
    assert sorted(took)[len(took) // 2] < 0.001, "the listing is believed"
    assert max(took) < 0.05, "a listing that is due again"


def test_a_version_is_read_by_the_rules_that_were_noted_when_it_was_published(
    shop: Shop, folder: Path
) -> None:
    shop.put("shop/v1.yaml")  # as an earlier release published it
    write(folder, "shop", 2)
    publish(plan_publish(folder, shop.s3, shop.lake), shop.s3, shop.lake)
    rules = [one.catalog.rules for one in shop.store.versions("shop")]
    assert rules == [FIRST_RULES, NEWEST_RULES]


def test_rules_of_a_later_release_are_refused(shop: Shop) -> None:
    body, noted = text_of("shop").encode(), {RULES_METADATA: "99"}
    shop.s3.put_object(Bucket=shop.lake, Key="catalogs/shop/v1.yaml", Body=body, Metadata=noted)
    with pytest.raises(CatalogInvalid, match="read by rules 99, which this release does not know"):
        shop.versions()
