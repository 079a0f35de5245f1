"""The sample feeds: put in their order, followed, and compared with what is expected of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML

from infra.local.stack import Say
from infra.local.trouble import Lookout
from infra.paths import CHECKOUT
from mallfeed.cli.put import upload
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import OPEN

SAMPLES = CHECKOUT / "sample_feeds"
Following = Callable[[list[str]], list[FeedRecord | None]]
"""Waits for the feeds of these ids; None for one that never arrived."""
COUNTS = ("rows_read", "accepted", "rejected", "duplicates", "deletes", "changed", "vanished")


@dataclass(frozen=True)
class SampleFeed:
    """One feed of a sample mall: files to put (the last makes the feed), and what is expected."""

    mall_id: str
    files: tuple[str, ...]
    metadata: dict[str, str | None]
    expected: dict[str, Any]

    def put(self, bucket: str) -> str:
        """Put its files; returns the feed's id."""
        run = ""
        for name in self.files:
            run = upload(bucket, SAMPLES / self.mall_id / name, self.mall_id, name, self.metadata)
        return run

    def faults(self, feed: FeedRecord | None) -> Iterator[str]:
        """The differences from what is expected of it, in words."""
        name = f"{self.mall_id}/{self.files[-1]}"
        if feed is None:
            yield f"{name}: never arrived"
            return
        if feed.state in OPEN:
            yield f"{name}: still {feed.state}, expected LOADED"
            return
        if feed.state != "LOADED":
            yield f"{name}: {feed.state} ({feed.code}: {feed.message}), expected LOADED"
            return
        found = feed.counts.model_dump()
        pairs = [(key, found[key], self.expected["counts"][key]) for key in (*COUNTS, "warnings")]
        pairs += [
            (key, found[key], self.expected[key]) for key in ("reject_codes", "warning_codes")
        ]
        pairs.append(("catalog_version", feed.catalog_version, self.expected["catalog_version"]))
        for key, got, expected in pairs:
            if got != expected:
                yield f"{name}: {key} is {got}, expected {expected}"


@dataclass(frozen=True)
class SampleMall:
    """A sample mall: its feeds in order, and the content of both sinks afterwards."""

    mall_id: str
    feeds: tuple[SampleFeed, ...]
    product_ids: frozenset[str]
    examples: dict[str, dict[str, Any]]


def sample_malls() -> list[SampleMall]:
    """All of them, from their expected.yaml."""
    found = []
    for path in sorted(SAMPLES.glob("*/expected.yaml")):
        data = YAML(typ="safe").load(path.read_text("utf-8"))
        mall_id = path.parent.name
        feeds = tuple(
            SampleFeed(mall_id, tuple(feed["put"]), dict(feed["metadata"]), feed)
            for feed in data["feeds"]
        )
        after = data["after"]
        found.append(
            SampleMall(mall_id, feeds, frozenset(after["product_ids"]), after.get("examples") or {})
        )
    return found


def sink_faults(
    mall: SampleMall,
    sink: str,
    products: dict[str, dict[str, Any]],
    columns: tuple[str, ...] | None = None,
) -> Iterator[str]:
    """The differences between a sink's products of a mall (by product id) and the expected ones.

    `columns` are the fields that `products` has; None = all.
    """
    missing, extra = mall.product_ids - set(products), set(products) - mall.product_ids
    if missing:
        yield f"{sink}: {mall.mall_id} lacks {len(missing)} products: {', '.join(sorted(missing)[:5])}"
    if extra:
        yield f"{sink}: {mall.mall_id} has {len(extra)} too many: {', '.join(sorted(extra)[:5])}"
    for product_id, values in mall.examples.items():
        found = products.get(product_id, {})
        for name, expected in values.items():
            told = columns is None or name in columns
            if told and not _same(found.get(name), expected):
                got = found.get(name)
                yield f"{sink}: {mall.mall_id} {product_id}: {name} is {got!r}, expected {expected!r}"


def _same(found: Any, expected: Any) -> bool:
    if isinstance(expected, int | float) and not isinstance(expected, bool) and found is not None:
        return float(found) == float(expected)
    if isinstance(found, float) and isinstance(expected, str):
        return found == float(expected)
    return bool(found == expected)


def rounds(malls: list[SampleMall]) -> list[list[SampleFeed]]:
    """Feeds that may be put together: the first of each mall, then the second of each …"""
    longest = max(len(mall.feeds) for mall in malls)
    return [[m.feeds[n] for m in malls if n < len(m.feeds)] for n in range(longest)]


def load_rounds(
    bucket: str,
    malls: list[SampleMall],
    following: Following,
    lookout: Lookout,
    say: Say,
) -> tuple[list[FeedRecord], list[str], list[str]]:
    """Put the feeds round by round (a mall's second feed after its first), follow each round.

    Returns the feeds that arrived, what differs from what is expected of them, and the trouble that
    ended it early.
    """
    done: list[FeedRecord] = []
    faults: list[str] = []
    for number, feeds in enumerate(rounds(malls), 1):
        say(f"round {number}: {len(feeds)} feeds uploaded")
        puts: dict[str, SampleFeed] = {feed.put(bucket): feed for feed in feeds}
        found = following(list(puts))
        arrived = [feed for feed in found if feed]
        done += arrived
        if troubles := lookout.troubles(arrived):
            return done, faults, troubles
        for sample, feed in zip(puts.values(), found, strict=True):
            faults += sample.faults(feed)
    return done, faults, []
