"""`mallfeed slice`: the parts of a mall's shop that its full feeds tell of, its supplements, and one that is dropped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from mallfeed.aws.clients import client
from mallfeed.catalog.in_force import begun
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.store import S3CatalogStore
from mallfeed.cli.operate import (
    WhoOption,
    WhyOption,
    YesOption,
    carry_out,
    print_moved,
    time_of,
    user,
)
from mallfeed.cli.show import CONSOLE, Text, print_json
from mallfeed.cli.target import JsonOption, StackOption, attach
from mallfeed.ledger import operate
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.operate import OperationRefused
from mallfeed.ledger.slices import last_published, products_by_slice, published_slices, slice_name
from mallfeed.pipeline.front import Pipeline
from mallfeed.pipeline.parts import now
from mallfeed.product.supplement import named_by
from mallfeed.settings import Settings

app = typer.Typer(
    help="The parts of a mall's shop, each of a full feed's own, and its supplements (`+NAME`).",
    no_args_is_help=True,
)
MallArgument = Annotated[str, typer.Argument(metavar="MALL")]


@app.command("list")
def listed(mall: MallArgument, stack: StackOption = None, as_json: JsonOption = False) -> None:
    """List a mall's slices and supplements: the products, the last full feed, and whether a feed still sends it."""
    settings = attach(stack)
    feeds = Pipeline(settings).ledger.feeds(mall)
    rows = _rows(feeds, _in_force(settings, mall, now()))
    if as_json:
        print_json(rows)
        return
    table = Table("slice", "products", "last full feed", "its time", "", header_style="bold")
    for row in rows:
        note = "" if row["sent"] else "no feed sends it any more"
        cells = (Text(_shown(row[name])) for name in ("slice", "products", "feed", "at"))
        table.add_row(*cells, note)
    CONSOLE.print(table if rows else f"No full feed of {mall} is published.")


def _rows(feeds: Sequence[FeedRecord], catalog: Catalog | None) -> list[dict[str, Any]]:
    products = products_by_slice(feeds)
    last = {
        part: one
        for one in last_published(feeds)
        for part in (published_slices(one) or (slice_name(one),))
        if part is not None
    }
    names = {name for name, count in products.items() if count}
    names |= {name for name, one in last.items() if not one.drops_slice or name in names}
    return [
        {
            "slice": name,
            "products": products.get(name, 0) if products else None,
            "feed": last[name].feed_id if name in last else None,
            "at": last[name].feed_time.isoformat() if name in last else None,
            "sent": _is_sent(name, catalog),
        }
        for name in sorted(names)
    ]


def _is_sent(name: str, catalog: Catalog | None) -> bool:
    """By a full feed; which slices one sends whose rows say them is not known."""
    if catalog is None:
        return False
    by_row = any(feed.slice_from is not None for feed in catalog.feeds.values())
    return name in catalog.supplements or name in catalog.slices or (by_row and not named_by(name))


@app.command()
def drop(
    mall: MallArgument,
    name: Annotated[str, typer.Argument(metavar="SLICE")],
    why: WhyOption,
    who: WhoOption = None,
    yes: YesOption = False,
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take the products of a slice off the shop, or back what a supplement (`+NAME`) gave, which no feed sends any more."""
    settings = attach(stack)
    ledger = Pipeline(settings).ledger
    at = time_of(client("s3"), settings.lake_bucket)
    catalog = _in_force(settings, mall, at)
    owned = (*catalog.slices, *catalog.supplements) if catalog is not None else ()
    operation = operate.drop_slice(mall, name, ledger.feeds(mall), owned, user(who), why, at)
    record = carry_out(ledger, operation, operation.what, yes)
    print_moved(record, {"what": operation.what}, as_json)


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _in_force(settings: Settings, mall: str, at: datetime) -> Catalog | None:
    """The mall's catalog version in force at that time. Raises OperationRefused for a mall that none is published of."""
    versions = S3CatalogStore(client("s3"), settings.lake_bucket).versions(mall)
    if not versions:
        raise OperationRefused(f"no catalog of a mall {mall} is published: mallfeed catalog list")
    return next(iter(begun((one.catalog for one in versions), at)), None)
