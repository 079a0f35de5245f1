"""Many small changes: a mall of 1,000,000 products, then 300 deltas of 2,000 rows, while another mall loads full feeds.

    make soak        [SOAK="--products 100000 --deltas 60"]

Each delta is put when the one before is searchable; each row names the id and a new price. Printed are the seconds from
put to searchable and those of compare and commit, of the first and the last fifty (of fewer deltas: of each half), and what has
gathered in the table: data files, delete files, bytes of metadata. The exit code is 1 if the last are slower than BAR times the
first. Interrupted, it prints what was measured until then.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from benchmarks import index, ours, runs
from benchmarks.bench_stack import OURS, Stand, stand
from benchmarks.feed_files import feed_file
from benchmarks.feeds import Day, Shop
from benchmarks.machine import this_machine
from mallfeed.aws.clients import client
from mallfeed.cli.runs import ledger_of
from mallfeed.ledger.states import BLOCKING, CLOSED, State

MALL, OTHER = "soak", "other"
SHOWN = 50
BAR = 1.2
"""How many times as long the last fifty may take as the first."""
_POLL_S = 0.2
_TIMEOUT_S = 900.0


@dataclass
class Change:
    """One delta: its feed, how long it took from put to searchable, and its steps, which are known once it is LOADED."""

    run: str
    searchable_s: float
    steps: Mapping[str, float] = field(default_factory=dict)

    def step(self, name: str) -> float:
        """Seconds of the step; 0 if they are not known."""
        return self.steps.get(name, 0.0)


@dataclass(frozen=True)
class Gathered:
    """What the product table consists of: all malls' files, and the bytes of its metadata."""

    data_files: int
    delete_files: int
    metadata_bytes: int


@dataclass
class Soaked:
    """What was measured."""

    changes: list[Change] = field(default_factory=list)
    before: Gathered | None = None
    after: Gathered | None = None
    documents: int = 0
    others: int = 0
    memory_mib: float = 0.0


def main() -> int:
    """Run it, print the table; 1 if the bar is missed."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    asked.add_argument("--products", type=int, default=1_000_000)
    asked.add_argument("--deltas", type=int, default=300)
    asked.add_argument("--rows", type=int, default=2_000)
    asked.add_argument(
        "--other", type=int, default=100_000, help="products of the other mall; 0 = there is none"
    )
    options = asked.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory(prefix="mallfeed-soak-") as scratch, stand("soak") as at:
        ours.publish_catalogs(at, [MALL, OTHER])
        console.print(f"loading {options.products:,} products")
        ours.load(at, feed_file(Shop(options.products), "first"), MALL, lambda _told: None)
        found = Soaked(before=_gathered(at))
        written = index.writes(at.opensearch_url, OURS)
        with suppress(KeyboardInterrupt), _another_mall(at, options.other, found):
            for change in _changes(at, options, Path(scratch), found):
                found.changes.append(change)
                console.print(f"{len(found.changes)}/{options.deltas}: {change.searchable_s:.1f} s")
        runs.until_idle(at)
        _with_steps(at, found.changes)
        found.after = _gathered(at)
        found.documents = index.writes(at.opensearch_url, OURS) - written
    if not found.changes:
        return 1
    console.print(_table(found, f"{options.rows:,} rows each; {this_machine().told}"))
    return 0 if _ratio(found.changes, lambda one: one.searchable_s) <= BAR else 1


def _changes(
    at: Stand, options: argparse.Namespace, scratch: Path, found: Soaked
) -> Iterator[Change]:
    """Puts one delta after the other, each when the one before is searchable."""
    draw = random.Random(7)
    for number in range(options.deltas):
        ids = draw.sample(range(options.products), options.rows)
        path = scratch / f"changes_{number:04d}.csv"
        price = 10_000 + number
        rows = "".join(f"U,P{one:08d},{price}\n" for one in ids)
        path.write_text(f"op,id,price\n{rows}", "utf-8")
        begin = time.monotonic()
        run = ours.put(at, path, MALL)
        _until_searchable(at, run, begin, found)
        yield Change(run, time.monotonic() - begin)


def _until_searchable(at: Stand, run: str, begin: float, found: Soaked) -> None:
    """Raises DidNotLoad where the feed ends otherwise, or takes too long."""
    ledger, looked = ledger_of(at.settings), 0
    while index.cursors(at.opensearch_url, [MALL]).get(MALL) != run:
        found.memory_mib = max(found.memory_mib, _job_memory())
        looked += 1
        record = ledger.feed(run) if looked % 20 == 0 else None
        ended = record is not None and record.state in BLOCKING | CLOSED
        if ended and record is not None and record.state is not State.LOADED:
            raise ours.DidNotLoad(f"{run} is {record.state}: {record.code} {record.message}")
        if time.monotonic() - begin > _TIMEOUT_S:
            raise ours.DidNotLoad(f"{run} is not searchable after {_TIMEOUT_S:.0f} s")
        time.sleep(_POLL_S)


@contextmanager
def _another_mall(at: Stand, products: int, found: Soaked) -> Iterator[None]:
    """Another mall sends full feeds, one after the other, each with other prices than the one before."""
    if not products:
        yield
        return
    over, shop = threading.Event(), Shop(products, begin=10_000_000)

    def send() -> None:
        while not over.is_set():
            day: Day = "first" if found.others % 2 == 0 else "second"
            ours.load(at, feed_file(shop, day), OTHER, lambda _told: None)
            found.others += 1

    sender = threading.Thread(target=send, daemon=True)
    sender.start()
    try:
        yield
    finally:
        over.set()
        sender.join(_TIMEOUT_S)


def _with_steps(at: Stand, changes: Sequence[Change]) -> None:
    """Note how long each feed's steps took."""
    ledger = ledger_of(at.settings)
    for change in changes:
        record = ledger.feed(change.run)
        if record is not None:
            change.steps = record.steps


def _gathered(at: Stand) -> Gathered:
    """From the newest metadata file of the product table, whose snapshot's summary has Iceberg's own totals."""
    s3, bucket = client("s3"), at.settings.lake_bucket
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    listed = [
        one
        for page in pages
        for one in page.get("Contents", ())
        if "products" in one["Key"] and "/metadata/" in one["Key"]
    ]
    newest = max(
        (one for one in listed if one["Key"].endswith(".metadata.json")), key=lambda one: one["Key"]
    )
    content = json.loads(s3.get_object(Bucket=bucket, Key=newest["Key"])["Body"].read())
    now = content["current-snapshot-id"]
    summary = next(one for one in content["snapshots"] if one["snapshot-id"] == now)["summary"]
    return Gathered(
        int(summary["total-data-files"]),
        int(summary["total-delete-files"]),
        sum(one["Size"] for one in listed),
    )


def _job_memory() -> float:
    """MiB that the Java processes of running jobs hold."""
    held = 0.0
    for process in psutil.process_iter(["cmdline", "memory_info"]):
        command = process.info["cmdline"] or ()
        if command and command[0].endswith("/java") and any("pyspark" in one for one in command):
            held += process.info["memory_info"].rss / 2**20
    return held


def _ratio(changes: Sequence[Change], of: Callable[[Change], float]) -> float:
    """The median of the last by that of the first."""
    first, last = _ends(changes)
    return statistics.median(map(of, last)) / max(statistics.median(map(of, first)), 1e-9)


def _table(found: Soaked, title: str) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold")
    shown = len(_ends(found.changes)[0])
    for name in ("", f"first {shown}", f"last {shown}", "ratio"):
        table.add_column(name, justify="left" if not name else "right")
    measures: tuple[tuple[str, Callable[[Change], float]], ...] = (
        ("put to searchable, s", lambda one: one.searchable_s),
        ("compare, s", lambda one: one.step("compare")),
        ("commit, s", lambda one: one.step("commit")),
    )
    for name, of in measures:
        for share, told in ((50, "p50"), (95, "p95")):
            first, last = (_share(part, of, share) for part in _ends(found.changes))
            table.add_row(
                f"{name}, {told}", f"{first:.1f}", f"{last:.1f}", f"{last / max(first, 1e-9):.2f}"
            )
    if found.before is not None and found.after is not None:
        then, now = found.before, found.after
        for name, before, after in (
            ("data files", then.data_files, now.data_files),
            ("delete files", then.delete_files, now.delete_files),
            ("bytes of metadata", then.metadata_bytes, now.metadata_bytes),
        ):
            table.add_row(name, f"{before:,}", f"{after:,}", "")
    table.add_row("documents sent", "", f"{found.documents:,}", "")
    table.add_row("full feeds of the other mall", "", f"{found.others:,}", "")
    table.add_row("memory of jobs at most, MiB", "", f"{found.memory_mib:,.0f}", "")
    return table


def _ends(changes: Sequence[Change]) -> tuple[Sequence[Change], Sequence[Change]]:
    shown = max(1, min(SHOWN, len(changes) // 2))
    return changes[:shown], changes[-shown:]


def _share(changes: Sequence[Change], of: Callable[[Change], float], percent: int) -> float:
    values = sorted(map(of, changes))
    return values[min(len(values) - 1, len(values) * percent // 100)]


if __name__ == "__main__":
    raise SystemExit(main())
