"""Our own contestant: an object put to S3, followed until the products are in both sinks.

Lambda, ledger, Glue run, Spark's start and all: only S3 is called; the rest is observed from
outside, as a searcher, an analyst and the ledger see it.
"""

from __future__ import annotations

import os
import tempfile
import time
import urllib.error
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import psutil
from botocore.config import Config

from benchmarks import index, runs, warehouse
from benchmarks.bench_stack import OURS, Stand
from benchmarks.feed_files import FeedFile, Fingerprint
from mallfeed.authoring.publish import plan_publish, publish
from mallfeed.aws.clients import client
from mallfeed.cli.runs import ledger_of
from mallfeed.ledger.identity import feed_id
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import BLOCKING, CLOSED, State

_CATALOG = """\
mall: {mall}
version: 1
effective_from: 2026-01-01T00:00:00+09:00
owner: bench@example.com
contact: bench@example.com
fields:
  product_id: id
  title: title
  description: description
  price: price
  list_price: list_price
  brand: brand
  maker: maker
  category_path: category
  url: url
  image_url: image
  availability: stock
  mall_updated_at: updated
  gtin: gtin
  review_count: reviews
feeds:
  full:
    default: true
    format: csv
  changes:
    key_pattern: "changes*"
    format: csv
    mode: delta
    operation: {{from: op}}
"""
_POLL_S = 0.25
_TIMEOUT_S = 3600.0
_LOOK_S = 15.0
"""Querying the ledger for 200 feeds has a cost: not at each poll."""


_LEAST_MEMORY = 700 * 2**20


class DidNotLoad(Exception):
    """The feed did not load; the message says in which state it is."""


@dataclass(frozen=True)
class Times:
    """Seconds from the beginning of the put; `both_s` = index and warehouse have it."""

    put_s: float
    searchable_s: float
    both_s: float
    loaded_s: float
    feed: FeedRecord


def catalog_of(mall: str) -> str:
    """The catalog of a mall of the bench: full feeds, and `changes…` that name the id and what has changed."""
    return _CATALOG.format(mall=mall)


def publish_catalogs(at: Stand, malls: Sequence[str]) -> None:
    """A catalog for each mall, and the client for puts, so that no put pays for its creation."""
    _patient_s3(os.environ["AWS_ENDPOINT_URL"])
    with tempfile.TemporaryDirectory() as folder:
        for mall in malls:
            path = Path(folder) / mall / "v1.yaml"
            path.parent.mkdir()
            path.write_text(catalog_of(mall), "utf-8")
        s3, bucket = client("s3"), at.settings.lake_bucket
        publish(plan_publish(Path(folder), s3, bucket), s3, bucket)


def load(at: Stand, feed: FeedFile, mall: str, say: Callable[[str], None]) -> Times:
    """Put the feed and follow it; raises DidNotLoad if it is not LOADED in the end."""
    begin = time.monotonic()
    run = put(at, feed.path, mall)
    put_s = time.monotonic() - begin
    ledger = ledger_of(at.settings)
    searchable = in_warehouse = None
    while True:
        if searchable is None and _searchable(at, {mall: run}, mall, feed.after):
            searchable = time.monotonic() - begin
        if in_warehouse is None and warehouse.cursor(at.dsn, mall) == run:
            in_warehouse = time.monotonic() - begin
        record = ledger.feed(run)
        now = time.monotonic() - begin
        if record is not None and (record.state in BLOCKING | CLOSED):
            if record.state is not State.LOADED:
                raise DidNotLoad(f"{run} is {record.state}: {record.code} {record.message}")
            if searchable is None and _searchable(at, {mall: run}, mall, feed.after):
                searchable = now
            if in_warehouse is None and warehouse.cursor(at.dsn, mall) == run:
                in_warehouse = now
            if searchable is None or in_warehouse is None:
                raise DidNotLoad(f"{run} is LOADED, but a sink does not show its products")
            return Times(put_s, searchable, max(searchable, in_warehouse), now, record)
        if now > _TIMEOUT_S:
            raise DidNotLoad(f"{run} is {record and record.state} after {now:.0f} s")
        _leave_memory()
        say(f"{record.state if record else 'put'}, {now:.0f} s")
        time.sleep(_POLL_S)


def unchanged(at: Stand, feed: FeedFile, mall: str) -> tuple[float, FeedRecord, int]:
    """Put the published bytes once more: seconds until it is closed, its record, Glue runs started."""
    before = len(runs.of(at))
    begin = time.monotonic()
    run = put(at, feed.path, mall)
    ledger = ledger_of(at.settings)
    while time.monotonic() - begin < _TIMEOUT_S:
        record = ledger.feed(run)
        if record is not None and record.state in BLOCKING | CLOSED:
            return time.monotonic() - begin, record, len(runs.of(at)) - before
        time.sleep(_POLL_S)
    raise DidNotLoad(f"{run} is not closed after {_TIMEOUT_S:.0f} s")


def load_many(
    at: Stand, feeds: dict[str, FeedFile], malls_like: str, say: Callable[[str], None]
) -> tuple[float, float, list[str]]:
    """Put all feeds at once; seconds until all products are searchable, and until all are LOADED.

    Beside them the feeds' ids.
    """
    whole = Fingerprint(
        sum(feed.after.products for feed in feeds.values()),
        sum(feed.after.prices for feed in feeds.values()),
        sum(feed.after.reviews for feed in feeds.values()),
    )
    begin = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        puts = [pool.submit(put, at, feed.path, mall) for mall, feed in feeds.items()]
        ids = [put.result() for put in puts]
    sent = dict(zip(feeds, ids, strict=True))
    looked = 0.0
    searchable = None
    while searchable is None or _still_open(at, ids):
        now = time.monotonic() - begin
        if searchable is None and _searchable(at, sent, malls_like, whole):
            searchable = now
            continue
        if now > _TIMEOUT_S or (searchable is None and now > looked + _LOOK_S):
            looked, still_open = now, _still_open(at, ids)
            if now > _TIMEOUT_S or not (still_open or _searchable(at, sent, malls_like, whole)):
                raise DidNotLoad(f"{len(still_open)} feeds are open after {now:.0f} s, and not all "
                                 "products are searchable")  # fmt: skip
        _leave_memory()
        say(f"{len(ids)} feeds, {now:.0f} s")
        time.sleep(2 * _POLL_S)
    return searchable, time.monotonic() - begin, ids


def of_run(at: Stand, ids: Sequence[str], job_run_id: str) -> str | None:
    """One of the feeds that this Glue run loaded; None if it loaded none of them."""
    ledger = ledger_of(at.settings)
    records = (ledger.feed(run) for run in ids)
    return next((one.feed_id for one in records if one and one.job_run_id == job_run_id), None)


@cache
def _patient_s3(endpoint: str) -> Any:
    once = Config(read_timeout=900, retries={"mode": "standard", "total_max_attempts": 1})
    return boto3.session.Session().client("s3", endpoint_url=endpoint, config=once)


def put(at: Stand, path: Path, mall: str) -> str:
    """Put a file as a mall does, once, with a long timeout: a put repeated after a timeout would be a second feed.
    Returns the feed's id."""
    key, bucket = f"feeds/{mall}/{path.name}", at.settings.feeds_bucket
    with path.open("rb") as body:
        answer = _patient_s3(os.environ["AWS_ENDPOINT_URL"]).put_object(
            Bucket=bucket, Key=key, Body=body
        )
    return feed_id(mall, bucket, key, answer["VersionId"])


def _leave_memory() -> None:
    """Better no figure than a machine that swaps, or kills processes at random."""
    left = psutil.virtual_memory().available
    if left < _LEAST_MEMORY:
        raise DidNotLoad(f"the machine has {left / 2**20:.0f} MB of memory left")


def _searchable(at: Stand, sent: dict[str, str], malls: str, after: Fingerprint) -> bool:
    """Whether the sink has closed these malls' feeds, and the index shows exactly their products.

    Called in the middle of a load: an OpenSearch that is too busy to answer is not a fault.
    """
    try:
        if index.cursors(at.opensearch_url, list(sent)) != sent:
            return False
        return index.fingerprint(at.opensearch_url, OURS, malls) == after
    except urllib.error.HTTPError as error:
        if error.code not in (429, 503):
            raise
        return False


def _still_open(at: Stand, ids: Sequence[str]) -> list[str]:
    """The feeds under way; raises DidNotLoad if one has ended badly."""
    ledger = ledger_of(at.settings)
    records = {run: ledger.feed(run) for run in ids}
    bad = [
        one
        for one in records.values()
        if one and one.state in BLOCKING | CLOSED and one.state is not State.LOADED
    ]
    if bad:
        raise DidNotLoad(
            f"{len(bad)} of {len(ids)} feeds did not load; {bad[0].feed_id} is {bad[0].state}: "
            f"{bad[0].code} {bad[0].message}"
        )
    return [run for run, one in records.items() if one is None or one.state not in CLOSED]
