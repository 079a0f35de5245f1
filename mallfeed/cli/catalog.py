"""`mallfeed catalog …`: check and publish catalogs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from mallfeed.aws.clients import client
from mallfeed.catalog.publish import plan_publish, read_folder
from mallfeed.catalog.publish import publish as publish_plan
from mallfeed.cli.show import CONSOLE, print_json
from mallfeed.cli.target import JsonOption, StackOption, attach

app = typer.Typer(no_args_is_help=True)
FolderOption = Annotated[Path, typer.Option("--folder", help="Where the catalogs lie.")]


@app.command()
def check(folder: FolderOption = Path("catalogs"), as_json: JsonOption = False) -> None:
    """Check all catalogs; every fault of every file at once."""
    found = read_folder(folder)
    if as_json:
        print_json([{"mall": c.mall, "version": c.version} for _, c, _ in found])
    else:
        CONSOLE.print(f"{len(found)} catalog versions, no fault.")


@app.command()
def publish(
    folder: FolderOption = Path("catalogs"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show.")] = False,
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Publish what is new; a published version never changes."""
    settings = attach(stack)
    s3 = client("s3")
    plan = plan_publish(folder, s3, settings.lake_bucket)
    if not dry_run:
        publish_plan(plan, s3, settings.lake_bucket)
    rows = [
        {"mall": p.catalog.mall, "version": p.catalog.version, "hash": p.hash, "action": p.action}
        for p in plan
    ]
    if as_json:
        print_json(rows)
        return
    table = Table("mall", "version", "from", "hash", "action", header_style="bold")
    for one in plan:
        catalog = one.catalog
        since = catalog.effective_from.isoformat()
        table.add_row(catalog.mall, f"v{catalog.version}", since, one.hash[:12], one.action)
    CONSOLE.print(table)
