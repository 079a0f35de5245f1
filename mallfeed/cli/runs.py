"""`mallfeed runs`, `run`, `rejects`: what became of the feeds."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table

from mallfeed.aws.clients import client
from mallfeed.cli.malls import require_known
from mallfeed.cli.profile import show_profile
from mallfeed.cli.show import (
    CONSOLE,
    ERRORS,
    Text,
    feed_row,
    feeds_table,
    local_time,
    print_json,
    silent_words,
)
from mallfeed.cli.target import JsonOption, StackOption, attach
from mallfeed.cli.watch import progress_of, watch
from mallfeed.ledger.dynamodb import DynamoLedger
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.port import Ledger
from mallfeed.ledger.states import PART_OF_FOLDER
from mallfeed.report.read import read_report
from mallfeed.settings import Settings

MOST_LOOKED_AT = 10_000
"""Records that are read for a list: a folder may have 5,000 parts."""

RunArgument = Annotated[str, typer.Argument(metavar="RUN", help="The feed's id, as `put` printed.")]


def ledger_of(settings: Settings) -> Ledger:
    """The stack's ledger."""
    return DynamoLedger(client("dynamodb", settings.region), settings.ledger_table)


def find(ledger: Ledger, run: str) -> FeedRecord:
    """The feed; exits with 1 and a hint if there is none."""
    feed = ledger.feed(run)
    if feed is None:
        ERRORS.print(f"No feed {run} in the ledger. `mallfeed runs` lists the newest ones.")
        raise typer.Exit(1)
    return feed


def runs(
    mall: Annotated[str | None, typer.Option(help="Only this mall's.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 30,
    live: Annotated[
        bool, typer.Option("--watch", help="Show open feeds live, until Ctrl-C.")
    ] = False,
    until_done: Annotated[
        bool, typer.Option("--until-done", help="With --watch: until no feed is open.")
    ] = False,
    parts: Annotated[
        bool, typer.Option("--parts", help="Also list files that are parts of folder feeds.")
    ] = False,
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the newest feeds and what became of them; with --watch, how far the open ones are."""
    if until_done and not live:
        raise typer.BadParameter("--until-done goes with --watch")
    settings = attach(stack)
    ledger = ledger_of(settings)
    if mall:
        require_known(settings, ledger, mall)
    if live:
        watch(ledger, progress_of(settings), mall, limit, until_done, as_json)
        return
    feeds, left_out = _newest(ledger, mall, limit, with_parts=parts)
    if as_json:
        print_json([feed_row(feed) for feed in feeds])
        return
    if feeds:
        CONSOLE.print(feeds_table(feeds))
    elif not left_out:
        CONSOLE.print("No feeds yet. Upload one: mallfeed put FILE --mall MALL")
    if left_out:
        CONSOLE.print(
            f"Left out: {left_out:,} parts of folders. A folder is one feed once its signal has come; --parts lists "
            "its files.",
            highlight=False,
        )


def _newest(
    ledger: Ledger, mall: str | None, limit: int, *, with_parts: bool
) -> tuple[list[FeedRecord], int]:
    """The newest feeds, and how many parts of folders are among them, which are left out unless they are wanted."""
    asked = limit
    while True:
        found = ledger.history(mall, asked) if mall else ledger.recent(asked)
        feeds = [one for one in found if with_parts or one.code != PART_OF_FOLDER]
        if len(feeds) >= limit or len(found) < asked or asked >= MOST_LOOKED_AT:
            return feeds[:limit], len(found) - len(feeds)
        asked = min(asked * 4, MOST_LOOKED_AT)


def run(
    run: RunArgument,
    profiled: Annotated[
        bool, typer.Option("--profile", help="The steps of its Glue run: when, how long, whose.")
    ] = False,
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show one feed's story; with --profile, where its Glue run spent its time."""
    settings = attach(stack)
    feed = find(ledger_of(settings), run)
    if profiled:
        show_profile(settings, feed, as_json)
        return
    if as_json:
        print_json({**feed_row(feed), **feed.model_dump(mode="json")})
        return
    CONSOLE.print(feeds_table([feed]))
    CONSOLE.print(_facts(feed))
    story = Table("when", "state", "by", "what", title="story", title_justify="left")
    for event in feed.events:
        story.add_row(local_time(event.at), str(event.state), event.by, event.note)
    CONSOLE.print(story)


def rejects(
    run: RunArgument,
    code: Annotated[str | None, typer.Option(help="Only this code.")] = None,
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """List a feed's rejected rows: row, code, field, value, and what to do."""
    settings = attach(stack)
    feed = find(ledger_of(settings), run)
    report = read_report(settings.lake_bucket, feed.mall_id, feed.feed_id)
    found: list[dict[str, Any]] = [] if report is None else report["rejects"]
    if code:
        found = [reject for reject in found if reject["code"] == code]
    if as_json:
        print_json(found)
        return
    table = Table("row", "code", "field", "value", "what", title=f"rejects of {feed.feed_id}")
    for reject in found:
        table.add_row(*(str(reject.get(key) or "") for key in _REJECT_COLUMNS))
    CONSOLE.print(table)
    if report is None:
        ERRORS.print(f"{feed.feed_id} is {feed.state}: it has no report yet.")
    elif feed.counts.rejected > len({reject["row"] for reject in report["rejects"]}):
        CONSOLE.print(f"{feed.counts.rejected:,} rows in all; every one is in the table `rejects`.")


_REJECT_COLUMNS = ("row", "code", "field", "value", "message")


def _facts(feed: FeedRecord) -> Table:
    facts = Table(show_header=False, box=None)
    rows = {
        "object": f"s3://{feed.bucket}/{feed.key} (version {feed.version_id})",
        "bytes": f"{feed.size_bytes:,}",
        "feed time": local_time(feed.feed_time),
        "catalog": f"v{feed.catalog_version} {feed.catalog_hash or ''}",
        "plan, Glue run": f"{feed.plan_id or '–'}, {feed.job_run_id or '–'}",
        "snapshot": f"{feed.snapshot_id or '–'} (sequence {feed.seq or '–'})",
        "rejects by code": _by_code(feed.counts.reject_codes),
        "warnings by code": _by_code(feed.counts.warning_codes),
        "left out by rule": _by_code(feed.counts.drop_rules),
        "in no feed for a while": silent_words(feed) or "–",
        "why": f"{feed.code}: {feed.message}" if feed.code else "–",
    }
    counts = feed.counts
    if counts.given or counts.given_before:
        rows["supplement"] = (
            f"gives values to {counts.given:,} products, {counts.waiting:,} of which the mall does not have; "
            f"{counts.taken_back:,} taken back"
        )
    for name, value in rows.items():
        facts.add_row(Text(name, style="bold"), value)
    return facts


def _by_code(codes: dict[str, int]) -> str:
    return ", ".join(f"{code} {count:,}" for code, count in codes.items()) or "–"
