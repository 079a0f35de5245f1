"""What is measured together on one fresh stack: the sequence of a round's tasks."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import attempts, ceiling, ours, peers, runs, targets
from benchmarks.attempts import MALL
from benchmarks.bench_stack import Stand, stand
from benchmarks.feed_files import feed_file
from benchmarks.feeds import Shop
from benchmarks.samples import Sample, Samples, now_and_then, say

_WARM = "bench_warm"
_WARM_ROWS = 100_000
"""Documents that OpenSearch analyses before anybody's time counts. Until it has compiled that code, after
about this many, a document takes up to twice as long: the first contestant would pay for all others."""


@dataclass(frozen=True)
class Sizes:
    """How many rows, and how many small malls."""

    rows: int
    hundred: int
    big: int
    malls: int
    small_rows: int = 1_000


@dataclass
class Bench:
    """What the blocks share: sizes, selected tasks, samples, and a folder for the ceiling's NDJSON."""

    sizes: Sizes
    wanted: Collection[str]
    samples: Samples
    scratch: Path

    def wants(self, *works: str) -> bool:
        """Whether any of them is to be measured."""
        return bool(set(works) & set(self.wanted))


def main_block(bench: Bench, number: int) -> None:
    """First load, next day, other order, same bytes; then peer A and the ceiling on the same."""
    if not bench.wants("first", "next_day", "other_order", "same_bytes", "big"):
        return
    shop = Shop(bench.sizes.rows)
    with _warm_stand(bench, number, [MALL], "first") as at:
        _ours(bench, number, at, shop)
        at.forget_ours()
        _peer_a(bench, number, at, shop)
        documents = bench.scratch / "ceiling.ndjson"
        if bench.wants("first") and documents.exists():
            first = feed_file(shop, "first")
            bench.samples.measure(
                "first",
                targets.CEILING,
                number,
                lambda: (ceiling.push(at, documents, first, MALL), {}),
            )


def _ours(bench: Bench, number: int, at: Stand, shop: Shop) -> None:
    first, second = feed_file(shop, "first"), feed_file(shop, "second")
    shuffled = feed_file(shop, "second", shuffled=True)
    if attempts.load(bench.samples, number, at, "first", first).fault:
        return
    documents = bench.scratch / "ceiling.ndjson"
    if bench.wants("first") and not documents.exists():
        say("keeping the documents for the ceiling")
        ceiling.keep_documents(at, MALL, documents)
    published = first
    if bench.wants("next_day", "other_order", "big"):
        if attempts.load(bench.samples, number, at, "next_day", second).fault:
            return
        published = second
    if bench.wants("other_order"):
        if attempts.other_order(bench.samples, number, at, shuffled).fault:
            return
        published = shuffled
    if bench.wants("same_bytes"):
        attempts.same_bytes(bench.samples, number, at, published)


def _peer_a(bench: Bench, number: int, at: Stand, shop: Shop) -> None:
    if not bench.wants("first", "next_day", "other_order"):
        return
    peers.begin(at, targets.PEER_A)
    for work, day in (("first", "first"), ("next_day", "second")):
        feed = feed_file(shop, day)  # type: ignore[arg-type]
        sample = bench.samples.measure(
            work,
            targets.PEER_A,
            number,
            lambda feed=feed: peers.load(at, targets.PEER_A, feed, MALL),
        )
        if sample.fault or not bench.wants("next_day", "other_order"):
            break
    peers.end(at, targets.PEER_A)


def hundred_block(bench: Bench, number: int) -> None:
    """A first load of 100,000, ours and peer B's."""
    if not bench.wants("first_100k"):
        return
    feed = feed_file(Shop(bench.sizes.hundred), "first")
    with _warm_stand(bench, number, [MALL], "first_100k") as at:
        attempts.load(bench.samples, number, at, "first_100k", feed)
        at.forget_ours()
        peers.begin(at, targets.PEER_B)
        bench.samples.measure(
            "first_100k", targets.PEER_B, number, lambda: peers.load(at, targets.PEER_B, feed, MALL)
        )
        peers.end(at, targets.PEER_B)


def small_block(bench: Bench, number: int) -> None:
    """1,000 rows of one mall; then 200 malls at once. The first also gives the cost of one run per feed."""
    if not bench.wants("thousand", "small_feeds"):
        return
    rows, count = bench.sizes.small_rows, bench.sizes.malls
    alone = feed_file(Shop(rows, begin=500_000_000), "first")
    begins = {f"bench_s{n:03d}": 600_000_000 + n * rows for n in range(count)}
    with _warm_stand(bench, number, [MALL, *begins], "thousand") as at:
        bench.samples.measure(
            "thousand", targets.OURS, number, lambda: attempts.thousand(at, alone)
        )
        if bench.wants("small_feeds"):
            runs.until_idle(at)
            feeds = {m: feed_file(Shop(rows, begin=b), "first") for m, b in begins.items()}
            bench.samples.measure(
                "small_feeds", targets.OURS, number, lambda: attempts.many(at, feeds)
            )


def big_block(bench: Bench, rounds: int) -> None:
    """Three times the products: loaded once, then one next day per round, there and back."""
    if not bench.wants("big"):
        return
    shop = Shop(bench.sizes.big)
    with _warm_stand(bench, 1, [MALL], "big") as at:
        if attempts.load(bench.samples, 1, at, "big_first", feed_file(shop, "first")).fault:
            bench.samples.keep(Sample("big", targets.OURS, 1, None, {}, "its first load failed"))
            return
        for number in range(1, rounds + 1):
            feed = feed_file(shop, "second" if number % 2 else "first")
            if attempts.load(bench.samples, number, at, "big", feed).fault:
                return


@contextmanager
def _warm_stand(bench: Bench, number: int, malls: list[str], work: str) -> Iterator[Stand]:
    """A fresh stack whose parts have all worked once: Lambdas, a Glue run, OpenSearch's analysis.

    If it cannot be started, the block's tasks have a fault, and the other blocks go on.
    """
    say(f"round {number}: a fresh stack")
    try:
        with stand() as at:
            ours.publish_catalogs(at, [*malls, _WARM])
            _warm_up(at)
            yield at
    except Exception as error:
        bench.samples.measure(work, targets.OURS, number, _raising(error))


def _raising(error: Exception) -> Callable[[], Any]:
    def raised() -> Any:
        raise error

    return raised


def _warm_up(at: Stand) -> None:
    small = feed_file(Shop(1_000, begin=400_000_000), "first")
    ours.load(at, small, _WARM, now_and_then())
    many = feed_file(Shop(_WARM_ROWS, begin=410_000_000), "first")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "warm.ndjson"
        ceiling.write_expected(many, _WARM, path)
        ceiling.push(at, path, many, _WARM)
    runs.until_idle(at)
