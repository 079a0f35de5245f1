"""The previous release is deployed and loaded, upgraded in place, and gone back to, with a feed at each step.

This deploys to the session's stack before anything else does (`first_deployment`): the tables, the
index and the warehouse are those that the previous release made, and `test_growth` runs on what was
upgraded. A longer proof (`make upgrade-test`); `make test` has the parts of it: tables, warehouse and index
that grow, and the previous release's load into a table that has grown (tests/table/test_growth.py). The products that a step's feeds do not change must keep their content_hash, and
so reach neither sink a second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.local.clock import NEVER
from infra.local.stack import Stack
from infra.package import sources
from infra.package.sources import Sources
from mallfeed.ledger.model import FeedRecord
from mallfeed.sinks.opensearch.connection import ConnectionSpec, connect
from tests.local.walk import Way
from tests.local_parts import Parts
from tests.releases.deployed import documents, load, publish, sent_to_sinks
from tests.releases.shop import Sent, feed
from tests.releases.table_at import products_at

pytestmark = [
    pytest.mark.stack,
    pytest.mark.upgrade,
    pytest.mark.first_deployment,
    pytest.mark.timeout(1200),
]

MALLS = Path(__file__).parent / "malls"
SHOP = "kept_shop"
STEPS = ("previous", "upgraded", "gone back")
SENT: Mapping[str, Mapping[str, Sent]] = {
    "previous": {
        SHOP: {"a": ("사과", 1000), "b": ("배", 2000), "c": ("감", 3000), "d": ("귤", 4000)}
    },
    "upgraded": {
        SHOP: {"a": ("사과", 1000), "b": ("배", 2500), "c": ("감", 3000), "e": ("포도", 5000)},
        "second_shop": {"a": ("자두", 700)},
        "third_shop": {"a": ("앵두", 800)},
    },
    "gone back": {
        SHOP: {
            "a": ("사과", 1000),
            "c": ("단감", 3000),
            "e": ("포도", 5000),
            "f": ("무화과", 6000),
        },
        "third_shop": {"a": ("앵두", 900)},
    },
}
"""Step → mall → its full feed. No mall's first feed comes after going back: 0.1.0 appends to no table that has a column
more (docs/upgrading.md)."""
CHANGED = {
    "previous": {SHOP: {"a", "b", "c", "d"}},
    "upgraded": {SHOP: {"b", "d", "e"}, "second_shop": {"a"}, "third_shop": {"a"}},
    "gone back": {SHOP: {"b", "c", "f"}, "third_shop": {"a"}},
}
"""Step → mall → the products that its feed changes, brings or takes away."""

Key = tuple[str, str]
"""Mall and product id."""


@dataclass(frozen=True)
class Step:
    """What a step's feeds became, and what both sinks held then."""

    feeds: dict[str, FeedRecord]
    sent: dict[str, set[tuple[str, int]]]
    searched: dict[Key, tuple[str, float, str, int]]
    queried: dict[Key, tuple[str, float, str, int]]
    seq: int


@pytest.fixture(scope="module")
def story(local_stack: Stack, previous: Sources) -> dict[str, Step]:
    """All three steps; the stack is left with the previous release."""
    assert not local_stack.outputs, "another test has deployed to the session's stack before"
    local_stack.start_all()
    _forget_indices(local_stack.url("opensearch"))
    releases = dict(zip(STEPS, (previous, sources.checkout(), previous), strict=True))
    told = {}
    for step, release in releases.items():
        local_stack.deploy(release, MaintainSchedule=NEVER)
        way = Way(Parts(local_stack, local_stack.environment()))
        if step == "previous":
            publish(release, way, MALLS)
        told[step] = _step(way, step)
    return told


def _forget_indices(opensearch: str) -> None:
    """Remove indices that tests of the sinks have made with this checkout's definition."""
    client = connect(ConnectionSpec(opensearch))
    client.indices.delete(index="products-*,mallfeed-cursors", ignore_unavailable=True)
    client.indices.delete_index_template(name="products", ignore=404)
    client.close()


def _step(way: Way, step: str) -> Step:
    feeds = load(way, f"{step}.jsonl", {mall: feed(sent) for mall, sent in SENT[step].items()})
    sent = sent_to_sinks(way, feeds.values())
    seq = max(one.seq or 0 for one in feeds.values())
    return Step(feeds, sent, _searched(way), _queried(way), seq)


def _searched(way: Way) -> dict[Key, tuple[str, float, str, int]]:
    return {
        (one["mall_id"], one["product_id"]): (
            one["title"], float(one["price"]), one["content_hash"], hit["_version"] % 2**40,
        )
        for hit in documents(way)
        for one in [hit["_source"]]
    }  # fmt: skip


def _queried(way: Way) -> dict[Key, tuple[str, float, str, int]]:
    rows = way.sql("select mall_id, product_id, title, price, content_hash, seq from products")
    return {(row[0], row[1]): (row[2], float(row[3]), row[4], row[5]) for row in rows}


def expected(step: str) -> dict[Key, tuple[str, float]]:
    """What each mall's newest full feed up to that step says."""
    newest: dict[str, Sent] = {}
    for one in STEPS[: STEPS.index(step) + 1]:
        newest |= SENT[one]
    return {
        (mall, product): (title, float(price))
        for mall, sent in newest.items()
        for product, (title, price) in sent.items()
    }


@pytest.mark.parametrize("step", STEPS)
def test_every_feed_is_loaded_at_the_first_try(story: dict[str, Step], step: str) -> None:
    found = {mall: (one.state, one.attempt) for mall, one in story[step].feeds.items()}
    assert found == dict.fromkeys(SENT[step], ("LOADED", 1))
    assert {one.counts.reject_codes["price_missing"] for one in story[step].feeds.values()} == {1}


@pytest.mark.parametrize("step", STEPS)
def test_both_sinks_hold_what_was_sent(story: dict[str, Step], step: str) -> None:
    assert {key: row[:2] for key, row in story[step].searched.items()} == expected(step)
    assert story[step].searched == story[step].queried


@pytest.mark.parametrize("step", STEPS)
def test_what_did_not_change_is_not_sent_again(story: dict[str, Step], step: str) -> None:
    assert story[step].sent == {
        mall: {("opensearch", len(ids)), ("redshift", len(ids))}
        for mall, ids in CHANGED[step].items()
    }


@pytest.mark.parametrize(("before", "after"), [STEPS[:2], STEPS[1:]])
def test_it_keeps_hash_and_version(story: dict[str, Step], before: str, after: str) -> None:
    changed = {(mall, one) for mall, ids in CHANGED[after].items() for one in ids}
    kept = {key: row for key, row in story[before].searched.items() if key not in changed}
    assert len(kept) >= 2
    assert {key: story[after].searched[key] for key in kept} == kept


def test_the_table_holds_the_same_after_each_step(
    local_stack: Stack, story: dict[str, Step]
) -> None:
    parts = Parts(local_stack, local_stack.environment())
    snapshots = {step: max(f.snapshot_id for f in story[step].feeds.values()) for step in STEPS}
    columns = ("title", "price", "content_hash")
    held = products_at(parts, list(snapshots.values()), columns)
    for step in STEPS:
        searched = {key: row[:3] for key, row in story[step].searched.items()}
        kept = held[snapshots[step]].items()
        assert {
            key: (title, float(price), hashed) for key, (title, price, hashed) in kept
        } == searched


def test_nothing_is_loaded_twice(local_stack: Stack, story: dict[str, Step]) -> None:
    way = Way(Parts(local_stack, local_stack.environment()))
    ids = sorted(one.feed_id for step in story.values() for one in step.feeds.values())
    assert sorted(row[0] for row in way.sql("select feed_id from feed_loads")) == ids
    history = way.sql(
        "select product_id, price, valid_to is null from product_price_history "
        "where mall_id = %s order by product_id, valid_from", SHOP,
    )  # fmt: skip
    assert history == [
        ("a", 1000, True), ("b", 2000, False), ("b", 2500, False), ("c", 3000, True),
        ("d", 4000, False), ("e", 5000, True), ("f", 6000, True),
    ]  # fmt: skip
