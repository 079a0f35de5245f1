"""`make demo`: the whole pipeline on this machine, from files to both sinks, and a look at it."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from rich.table import Table

from infra.local.samples import SampleFeed, SampleMall, rounds, sample_malls, sink_faults
from infra.local.stack import FRONT, Stack
from mallfeed.authoring.publish import plan_publish, publish
from mallfeed.aws.clients import client
from mallfeed.cli.query import found_by, hits_table, rows_table
from mallfeed.cli.runs import ledger_of
from mallfeed.cli.show import CONSOLE, feeds_table
from mallfeed.cli.watch import follow, progress_of
from mallfeed.ledger.model import FeedRecord
from mallfeed.settings import Settings, from_environment
from mallfeed.sinks.endpoints import opensearch_client, warehouse_client

TIMEOUT_S = 480
QUERY = "무선 이어폰"
REPORT = (
    "select p.mall_id, count(*) as products, min(p.price) as cheapest, max(p.price) as dearest, "
    "count(distinct p.brand) as brands from products p where p.currency = 'KRW' "
    "group by p.mall_id order by p.mall_id"
)
PLAIN_COLUMNS = (
    "product_id", "title", "price", "list_price", "currency", "shipping_fee", "url", "mobile_url",
    "image_url", "brand", "gtin", "availability", "condition", "item_group_id", "review_count",
    "rating",
)  # fmt: skip
"""Columns of the warehouse that come back as they are, not as JSON."""


def main() -> int:
    """0 only if every expected product is in both sinks."""
    started = time.monotonic()
    stack = Stack(os.environ.get("MALLFEED_LOCAL_STACK", "demo"), say=_say)
    if stack.down():
        _say(f"stack {stack.name} was running: the demo starts over")
    stack.up()
    os.environ.update(stack.environment())
    malls = sample_malls()
    faults = load_samples(from_environment(), malls)
    _show_next(stack, time.monotonic() - started)
    for fault in faults:
        CONSOLE.print(f"✗ {fault}", style="red")
    if not faults:
        count = sum(len(mall.product_ids) for mall in malls)
        CONSOLE.print(f"✓ all {count} products are in both sinks, as expected", style="green")
    return 1 if faults else 0


def load_samples(settings: Settings, malls: list[SampleMall]) -> list[str]:
    """Publish the catalogs, load the sample feeds, show the outcome; returns what is wrong."""
    _publish(settings)
    feeds, faults = _load(settings, malls)
    _show_feeds(feeds)
    faults += _check_sinks(settings, malls)
    _show_search(settings)
    _show_sql(settings)
    return faults


def _say(line: str) -> None:
    CONSOLE.print(f"· {line}", style="dim", highlight=False)


def _publish(settings: Settings) -> None:
    s3 = client("s3")
    new = publish(
        plan_publish(Path("catalogs"), s3, settings.lake_bucket), s3, settings.lake_bucket
    )
    _say(f"{len(new)} catalog versions published")


def _load(settings: Settings, malls: list[SampleMall]) -> tuple[list[FeedRecord], list[str]]:
    """Put the feeds round by round (a mall's second feed after its first), follow each round."""
    ledger = ledger_of(settings)
    done: list[FeedRecord] = []
    faults: list[str] = []
    for number, feeds in enumerate(rounds(malls), 1):
        _say(f"round {number}: {len(feeds)} feeds uploaded")
        puts: dict[str, SampleFeed] = {feed.put(settings.feeds_bucket): feed for feed in feeds}
        found = follow(ledger, list(puts), TIMEOUT_S, progresses=progress_of(settings))
        for sample, feed in zip(puts.values(), found, strict=True):
            faults += sample.faults(feed)
            done += [feed] if feed else []
    return done, faults


def _show_feeds(feeds: list[FeedRecord]) -> None:
    CONSOLE.rule("what became of each feed")
    CONSOLE.print(feeds_table(feeds))
    codes: Counter[str] = Counter()
    for feed in feeds:
        codes.update(feed.counts.reject_codes)
    table = Table("code", "rows", title="rejects by code", title_justify="left")
    for code, count in codes.most_common():
        table.add_row(code, str(count))
    CONSOLE.print(table)


def _check_sinks(settings: Settings, malls: list[SampleMall]) -> list[str]:
    faults = []
    for mall in malls:
        faults += sink_faults(mall, "OpenSearch", in_opensearch(settings, mall.mall_id))
        stored = in_warehouse(settings, mall.mall_id)
        faults += sink_faults(mall, "warehouse", stored, PLAIN_COLUMNS)
    return faults


def in_opensearch(settings: Settings, mall_id: str) -> dict[str, dict[str, Any]]:
    """The mall's products behind the alias, by product id."""
    found = opensearch_client(settings).search(
        index="products", body={"size": 10_000, "query": {"term": {"mall_id": mall_id}}}
    )
    return {hit["_source"]["product_id"]: hit["_source"] for hit in found["hits"]["hits"]}


def in_warehouse(settings: Settings, mall_id: str) -> dict[str, dict[str, Any]]:
    """The mall's rows of the table products, by product id; simple columns only."""
    names = ", ".join(PLAIN_COLUMNS)
    columns, rows = warehouse_client(settings).select(
        f"select {names} from products where mall_id = '{mall_id}'",  # noqa: S608
        os.urandom(8).hex(),
    )
    return {row[0]: dict(zip(columns, row, strict=True)) for row in rows}


def _show_search(settings: Settings) -> None:
    CONSOLE.rule(f"a search through the alias `products`: {QUERY}")
    found = found_by(opensearch_client(settings), QUERY, None, 5)
    CONSOLE.print(hits_table(QUERY, found.total, [hit.fields for hit in found.hits]))


def _show_sql(settings: Settings) -> None:
    CONSOLE.rule("the warehouse, by SQL")
    CONSOLE.print(rows_table(*warehouse_client(settings).select(REPORT, os.urandom(8).hex())))


def _show_next(stack: Stack, seconds: float) -> None:
    CONSOLE.rule("where to look next")
    lines = [
        f"took {seconds:.0f} s; the stack `{stack.name}` keeps running. To stop it: mallfeed local down",
        f"{stack.url(FRONT)}/             the shop search in a browser; its API: /docs",
        "mallfeed runs                      every feed and its state",
        "mallfeed rejects RUN               the rejected rows, and what to do about them",
        "mallfeed put FILE --mall MALL --wait",
        'mallfeed search "나이키" ; mallfeed sql "select * from feed_loads"',
        'eval "$(mallfeed local env)"       for any AWS client, curl and psql',
        f"logs: .local/{stack.name}/logs",
    ]
    for line in lines:
        CONSOLE.print(f"  {line}", highlight=False, markup=False)


if __name__ == "__main__":
    sys.exit(main())
