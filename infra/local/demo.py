"""`make demo`: the whole pipeline on this machine, from files to both sinks, and a look at it."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

from rich.table import Table

from infra.local.processes import StackError
from infra.local.samples import SampleMall, load_rounds, sample_malls, sink_faults
from infra.local.stack import FRONT, Stack
from infra.local.trouble import Lookout
from mallfeed.authoring.publish import plan_publish, publish
from mallfeed.aws.clients import client
from mallfeed.cli.query import found_by, hits_table, rows_table
from mallfeed.cli.runs import ledger_of
from mallfeed.cli.show import CONSOLE, feeds_table
from mallfeed.cli.watch import follow, progress_of
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.port import Ledger
from mallfeed.pipeline.queries import opensearch_client, warehouse_client
from mallfeed.progress.store import Progresses
from mallfeed.settings import Settings, from_environment

TIMEOUT_S = 900
"""How long one round may take on a busy machine. A failure ends it sooner (`Lookout`)."""
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
_RUNS = ("mallfeed runs", "every feed and its state")
_WELL = (
    ("{url}/", "the shop search in a browser; its API: /docs"),
    _RUNS,
    ("mallfeed rejects RUN", "what was refused, row by row, and what to do"),
    ("mallfeed put FILE --mall MALL --wait", ""),
    ('mallfeed search "나이키" ; mallfeed sql "select * from feed_loads"', ""),
    ('eval "$(mallfeed local env)"', "for any AWS client, curl and psql"),
)
_NOT_WELL = (
    _RUNS,
    ("mallfeed run RUN", "the story of one feed"),
    ("mallfeed local status", "the parts of the stack and their logs"),
)
"""What to type, and what it shows: within 80 columns."""


def main() -> int:
    """0 only if every expected product is in both sinks."""
    started = time.monotonic()
    stack = Stack(os.environ.get("MALLFEED_LOCAL_STACK", "demo"), say=_say)
    if stack.down():
        _say(f"stack {stack.name} was running: the demo begins anew")
    try:
        stack.up()
    except StackError as error:
        CONSOLE.print(f"✗ {error}", style="red", soft_wrap=True)
        return 1
    os.environ.update(stack.environment())
    malls = sample_malls()
    faults = load_samples(from_environment(), malls, stack)
    _show_next(stack, time.monotonic() - started, well=not faults)
    for fault in faults:
        CONSOLE.print(f"✗ {fault}", style="red", soft_wrap=True)
    if not faults:
        count = sum(len(mall.product_ids) for mall in malls)
        CONSOLE.print(f"✓ all {count} products are in both sinks, as expected", style="green")
    return 1 if faults else 0


def load_samples(settings: Settings, malls: list[SampleMall], stack: Stack) -> list[str]:
    """Publish the catalogs, load the sample feeds, and show the result; returns the differences.

    A failure ends it at once, because everything after the feeds would be incomplete.
    """
    _publish(settings)
    ledger = ledger_of(settings)
    lookout = Lookout(stack, ledger, client("glue"), settings.job_name)
    following = partial(_follow, ledger, progress_of(settings), lookout)
    feeds, faults, troubles = load_rounds(settings.feeds_bucket, malls, following, lookout, _say)
    _show_feeds(feeds)
    if troubles:
        return troubles
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


def _follow(
    ledger: Ledger, progresses: Progresses, lookout: Lookout, feed_ids: list[str]
) -> list[FeedRecord | None]:
    return follow(
        ledger,
        feed_ids,
        TIMEOUT_S,
        progresses=progresses,
        in_vain=lambda there: bool(lookout.troubles(there)),
    )


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
    faults: list[str] = []
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


def _show_next(stack: Stack, seconds: float, well: bool) -> None:
    CONSOLE.rule("where to look next")
    lines = [
        f"took {seconds:.0f} s; the stack `{stack.name}` goes on running. Stop it: mallfeed local down",
        *(
            f"{what.format(url=stack.url(FRONT)):30}{shows}".rstrip()
            for what, shows in (_WELL if well else _NOT_WELL)
        ),
        f"logs: .local/{stack.name}/logs",
    ]
    for line in lines:
        CONSOLE.print(f"  {line}", highlight=False, markup=False)


if __name__ == "__main__":
    sys.exit(main())
