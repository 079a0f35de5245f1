"""`mallfeed release`, `drop`, `retry`, `replay`: an operator's moves, shown before they are made."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.table import Table

from mallfeed.arrival.repick import repick
from mallfeed.aws.clients import client
from mallfeed.cli.catalog_version import version_number
from mallfeed.cli.runs import RunArgument, find
from mallfeed.cli.show import CONSOLE, ERRORS, Text, feed_row, print_json
from mallfeed.cli.target import JsonOption, StackOption, attach
from mallfeed.errors import FeedHeld
from mallfeed.ledger import operate
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.operate import Operation, Repick
from mallfeed.ledger.port import Ledger
from mallfeed.ledger.states import State
from mallfeed.pipeline.front import Pipeline
from mallfeed.pipeline.parts import now
from mallfeed.pipeline.service_clock import service_time

WhyOption = Annotated[str, typer.Option("--why", help="The reason; kept in the feed's story.")]
WhoOption = Annotated[
    str | None, typer.Option("--who", help="Who decides; default: the user of this machine.")
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
CatalogOption = Annotated[
    int | None,
    typer.Option(
        "--catalog",
        parser=version_number,
        metavar="VERSION",
        help="Catalog version to read it with.",
    ),
]


@dataclass(frozen=True)
class Desk:
    """What an operator's move needs from a stack; `tell` writes a dropped feed's report."""

    ledger: Ledger
    repick: Repick
    now: Callable[[], datetime]
    tell: Callable[[FeedRecord], object] = lambda _: None


def open_desk(stack: str | None) -> Desk:
    """The desk of that stack."""
    pipeline = Pipeline(attach(stack))
    lake = pipeline.settings.lake_bucket
    pick = repick(pipeline.arrivals, pipeline.catalogs)
    return Desk(pipeline.ledger, pick, lambda: time_of(client("s3"), lake), pipeline.tell)


def time_of(s3: Any, lake_bucket: str) -> datetime:
    """When a decision is made: by the stack's clock. A clock of this machine that is off is told."""
    told = service_time(s3, lake_bucket, now)
    if told.warning is not None:
        ERRORS.print(told.warning, style="yellow", highlight=False)
    return told.at


def release(
    run: RunArgument,
    why: WhyOption,
    catalog: CatalogOption = None,
    who: WhoOption = None,
    yes: YesOption = False,
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a HELD feed load, with its catalog chosen again (or the named version)."""
    desk = open_desk(stack)
    feed = find(desk.ledger, run)
    _settle(
        desk,
        feed,
        lambda: operate.release(feed, user(who), why, desk.now(), desk.repick, catalog),
        yes,
        as_json,
    )


def drop(
    run: RunArgument,
    why: WhyOption,
    who: WhoOption = None,
    yes: YesOption = False,
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Decide against a WAITING, HELD or FAILED feed: it is never loaded and blocks nothing."""
    desk = open_desk(stack)
    feed = find(desk.ledger, run)
    _settle(desk, feed, lambda: operate.drop(feed, user(who), why, desk.now()), yes, as_json)


def retry(
    run: RunArgument,
    why: WhyOption,
    who: WhoOption = None,
    yes: YesOption = False,
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a FAILED feed all its tries again; end the backoff of a WAITING or SYNCING one."""
    desk = open_desk(stack)
    feed = find(desk.ledger, run)
    _settle(desk, feed, lambda: operate.retry(feed, user(who), why, desk.now()), yes, as_json)


def replay(
    run: RunArgument,
    why: WhyOption,
    catalog: CatalogOption = None,
    who: WhoOption = None,
    yes: YesOption = False,
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load a closed feed's bytes once more, as a new feed, the newest of its mall."""
    desk = open_desk(stack)
    feed = find(desk.ledger, run)
    _settle(
        desk,
        feed,
        lambda: operate.replay(feed, user(who), why, desk.now(), desk.repick, catalog),
        yes,
        as_json,
    )


def rollback(
    mall: Annotated[str, typer.Argument(metavar="MALL")],
    to: Annotated[str, typer.Option("--to", metavar="RUN", help="The state this feed led to.")],
    why: WhyOption,
    who: WhoOption = None,
    yes: YesOption = False,
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Publish the mall's products as they were after RUN, as a new full feed of the mall."""
    desk = open_desk(stack)
    feed = find(desk.ledger, to)
    _settle(
        desk,
        feed,
        lambda: operate.rollback(feed, mall, user(who), why, desk.now()),
        yes,
        as_json,
    )


def user(who: str | None) -> str:
    """Who it is that decides."""
    return who if who is not None else getpass.getuser()


def ask(yes: bool) -> None:
    """Go on only if confirmed; exits with 1 otherwise."""
    if not yes and not typer.confirm("Do it?", err=True):
        ERRORS.print("Nothing was changed.")
        raise typer.Exit(1)


def _settle(
    desk: Desk, feed: FeedRecord, plan: Callable[[], Operation], yes: bool, as_json: bool
) -> None:
    try:
        operation = plan()
    except FeedHeld as held:
        ERRORS.print(f"Not possible yet. {held}", highlight=False)
        raise typer.Exit(1) from held
    shown = _shown(feed, operation, desk.ledger.feeds(feed.mall_id))
    record = carry_out(desk.ledger, operation, shown, yes)
    if record.state is State.DROPPED:
        _tell(desk, record)
    print_moved(record, {"before": feed.state, "what": operation.what}, as_json)


def carry_out(ledger: Ledger, operation: Operation, shown: RenderableType, yes: bool) -> FeedRecord:
    """The record as stored, once the operation was shown and confirmed; exits with 1 if it was not."""
    ERRORS.print(shown, highlight=False)
    ask(yes)
    return operate.carry_out(ledger, operation)


def print_moved(record: FeedRecord, about: Mapping[str, object], as_json: bool) -> None:
    """What became of a feed; `about` is for programs, beside its row."""
    if as_json:
        print_json({**feed_row(record), **about})
    else:
        CONSOLE.print(f"{record.feed_id} is {record.state}.", highlight=False)


def _tell(desk: Desk, record: FeedRecord) -> None:
    try:
        desk.tell(record)
    except Exception as error:
        ERRORS.print(f"The mall could not be notified: {error}", highlight=False)


def _shown(feed: FeedRecord, operation: Operation, of_mall: list[FeedRecord]) -> Table:
    """The feed as it is and as it will be, and what comes after it in its mall's order."""
    after = operation.after
    table = Table(show_header=False, box=None)
    now_it_is = f"{feed.state}" + (f" ({feed.code}: {feed.message})" if feed.code else "")
    kind = "a new feed" if operation.before is None else "the feed"
    behind = [one for one in of_mall if one.order > feed.order and one.state is State.WAITING]
    rows = {
        "feed": f"{feed.feed_id}  {feed.key}",
        "now": now_it_is,
        "then": f"{kind} {after.feed_id} is {after.state}",
        "what": operation.what,
        "behind it": f"{len(behind)} waiting" if behind else "nothing waits",
    }
    for name, value in rows.items():
        table.add_row(Text(name, style="bold"), Text(value))
    return table
