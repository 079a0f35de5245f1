"""`mallfeed put`: upload a feed as a mall does, and follow it until it is done."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from mallfeed.arrival.key import key_of
from mallfeed.aws.clients import client
from mallfeed.cli.runs import ledger_of
from mallfeed.cli.show import CONSOLE, feed_row, print_json
from mallfeed.cli.target import JsonOption, StackOption, attach
from mallfeed.cli.watch import follow, progress_of
from mallfeed.ledger.identity import feed_id
from mallfeed.ledger.states import State
from mallfeed.product.fields import MALL_ID

GOOD_ENDS = frozenset({State.LOADED, State.SUPERSEDED, State.IGNORED})


def put(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The feed's file.")],
    mall: Annotated[str, typer.Option(help="The mall that sends it.")],
    key: Annotated[
        str | None, typer.Option(help="Name below feeds/MALL/; default: the file's.")
    ] = None,
    feed_time: Annotated[
        str | None, typer.Option(help="When the mall made it (ISO 8601 with zone).")
    ] = None,
    catalog: Annotated[int | None, typer.Option(help="Catalog version to use.")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Follow it until it is done.")] = False,
    timeout_s: Annotated[float, typer.Option("--timeout", help="Longest wait, s.")] = 1800,
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Upload FILE as a feed of MALL; prints its id, which is RUN in the other commands."""
    if not re.fullmatch(MALL_ID, mall):
        raise typer.BadParameter(f"{mall!r} is no mall id; expected {MALL_ID}")
    settings = attach(stack)
    metadata = {
        "feed-time": feed_time,
        "catalog-version": None if catalog is None else str(catalog),
    }
    run = upload(settings.feeds_bucket, file, mall, key or file.name, metadata)
    if not wait:
        print_json({"run": run}) if as_json else CONSOLE.print(run, highlight=False)
        return
    feed = follow(
        ledger_of(settings), [run], timeout_s, quiet=as_json, progresses=progress_of(settings)
    )[0]
    if as_json:
        print_json(feed_row(feed) if feed else {"run": run})
    if feed is None or feed.state not in GOOD_ENDS:
        raise typer.Exit(1)


def upload(bucket: str, file: Path, mall: str, name: str, metadata: dict[str, str | None]) -> str:
    """Put the file to its key in the feeds bucket; returns the id of the feed that it becomes."""
    key = key_of(mall, name.lstrip("/"))
    given = {name: value for name, value in metadata.items() if value}
    with file.open("rb") as body:
        answer = client("s3").put_object(Bucket=bucket, Key=key, Body=body, Metadata=given)
    return feed_id(mall, bucket, key, answer.get("VersionId", "null"))
