"""`mallfeed catalog upgrade`: all malls of a platform to another version of it, each tried on its newest feed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from mallfeed.authoring.publish import Publication, newest_feed_time, plan_publish
from mallfeed.authoring.upgrade import upgrades
from mallfeed.authoring.upgrade_outcome import Outcome, outcome_of
from mallfeed.aws.clients import client
from mallfeed.catalog.extends import Reference
from mallfeed.cli.catalog_publish import write_all
from mallfeed.cli.catalog_version import version_number
from mallfeed.cli.show import CONSOLE, Text, print_json
from mallfeed.cli.target import JsonOption, StackOption, attach
from mallfeed.ledger.port import Ledger
from mallfeed.pipeline.parts import now
from mallfeed.shell import command


def upgrade(
    platform: Annotated[str, typer.Option(help="The platform's name, as cafe24.")],
    to: Annotated[str, typer.Option(help="Its version that the malls are to extend, as 4.")],
    mall: Annotated[
        list[str] | None, typer.Option(help="Only this mall; repeat it for several.")
    ] = None,
    include: Annotated[
        list[str] | None,
        typer.Option(
            help="Publish this mall's version whatever the trial says; repeat it for several."
        ),
    ] = None,
    effective_from: Annotated[
        datetime | None,
        typer.Option(help="From when the new versions are in force, in UTC; default: now."),
    ] = None,
    folder: Annotated[Path, typer.Option(help="The folder of the catalogs.")] = Path("catalogs"),
    yes: Annotated[bool, typer.Option("--yes", help="Publish without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only try and show.")] = False,
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draft the next version of every mall on a platform, try each on the mall's newest feed, and publish those that
    change no id, price or count; exits with 1 if others are left. With --json it only asks for --yes."""
    from mallfeed.cli.operate import time_of
    from mallfeed.cli.runs import ledger_of

    settings = attach(stack)
    ledger, s3, glue = ledger_of(settings), client("s3"), client("glue")
    at = effective_from or (now() if dry_run else time_of(s3, settings.lake_bucket))
    since = at.replace(microsecond=0, tzinfo=UTC)
    drafts = upgrades(
        folder,
        Reference(platform, version_number(to)),
        since.astimezone(ZoneInfo("Asia/Seoul")),
        mall or (),
    )
    published = {one.path: one.action for one in plan_publish(folder, s3, settings.lake_bucket)}
    outcomes = [outcome_of(one, published[one.before.path], ledger, s3) for one in drafts]
    ready = [one for one in outcomes if not one.problems or one.upgrade.mall in (include or ())]
    ready = [one for one in ready if one.upgrade.after is not None]
    if not as_json:
        _show(outcomes, ready, f"{platform}@{version_number(to)}")
    done = bool(ready) and not dry_run and (yes or (not as_json and _asked(ready)))
    if done:
        _publish(ready, folder, s3, glue, settings, ledger)
    if as_json:
        print_json([_as_data(one, done and one in ready) for one in outcomes])
    elif done:
        _show_published(ready)
    if len(ready) < len(outcomes):
        raise typer.Exit(1)


def _asked(ready: list[Outcome]) -> bool:
    return typer.confirm(f"Publish {len(ready)} new versions?")


def _publish(
    ready: list[Outcome], folder: Path, s3: Any, glue: Any, settings: Any, ledger: Ledger
) -> None:
    for one in ready:
        one.upgrade.path.write_text(one.upgrade.text, "utf-8", newline="")
    paths = {one.upgrade.path for one in ready}
    plan: list[Publication] = [
        one
        for one in plan_publish(folder, s3, settings.lake_bucket, newest_feed_time(ledger))
        if one.path in paths
    ]
    if any(one.action == "backdated" for one in plan):  # refused as a whole: no draft stays behind
        for path in paths:
            path.unlink()
    write_all(folder, plan, s3, glue, settings, backdate=False)


def _as_data(one: Outcome, published: bool) -> dict[str, Any]:
    return {
        "mall": one.upgrade.mall,
        "from": one.upgrade.before.catalog.version,
        "version": one.upgrade.before.catalog.version + 1,
        "tried_on": list(one.tried),
        "problems": list(one.problems),
        "held_feeds": list(one.held),
        "published": published,
    }


def _show(outcomes: list[Outcome], ready: list[Outcome], to: str) -> None:
    if not outcomes:
        CONSOLE.print(f"No mall's newest version extends an earlier version than {to}.")
        return
    table = Table("mall", "version", "tried on", "what changes", header_style="bold")
    for one in outcomes:
        version = one.upgrade.before.catalog.version
        told = Text("\n".join(one.problems), style="red") if one.problems else Text("nothing")
        table.add_row(
            one.upgrade.mall, f"v{version} → v{version + 1}", Text(", ".join(one.tried)), told
        )
    CONSOLE.print(table)
    left = [one.upgrade.mall for one in outcomes if one not in ready]
    if left:
        CONSOLE.print(
            f"Left as they are: {', '.join(left)}. Nothing was written for them; publish one all the same with "
            f"{command('--include', left[0])}.",
            soft_wrap=True,
        )


def _show_published(ready: list[Outcome]) -> None:
    named = ", ".join(
        f"{one.upgrade.mall} v{one.upgrade.before.catalog.version + 1}" for one in ready
    )
    CONSOLE.print(f"Published: {named}.", soft_wrap=True)
    for one in ready:
        for feed in one.held:
            version = one.upgrade.before.catalog.version + 1
            CONSOLE.print(
                f"Held until now: {command('mallfeed release', feed, '--catalog', f'v{version}')}",
                soft_wrap=True,
            )
