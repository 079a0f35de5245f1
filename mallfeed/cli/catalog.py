"""`mallfeed catalog …`: check, publish and list catalogs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from mallfeed.authoring.folder import lock_of, read_file, read_folder
from mallfeed.authoring.ids import versions_with_other_ids
from mallfeed.authoring.lock import LOCK_NAME, read_lock, write_lock
from mallfeed.authoring.publish import Publication, newest_feed_time, plan_publish
from mallfeed.authoring.publish_tables import TableChange
from mallfeed.authoring.slices import slices_left_behind
from mallfeed.aws.clients import client
from mallfeed.catalog.schema import schema_text
from mallfeed.catalog.store import PublishedCatalog, S3CatalogStore
from mallfeed.cli.catalog_deltas import deltas
from mallfeed.cli.catalog_diff import diff
from mallfeed.cli.catalog_publish import tables_of, write_all
from mallfeed.cli.catalog_suggest import suggest
from mallfeed.cli.catalog_upgrade import upgrade
from mallfeed.cli.preview import preview
from mallfeed.cli.show import CONSOLE, Text, print_json
from mallfeed.cli.target import JsonOption, StackOption, attach
from mallfeed.errors import CatalogInvalid
from mallfeed.shell import command

app = typer.Typer(help="Catalogs: suggest, check, preview, publish, list …", no_args_is_help=True)
app.command()(suggest)
app.command()(preview)
app.command()(diff)
app.command()(upgrade)
app.command()(deltas)
FolderOption = Annotated[Path, typer.Option("--folder", help="The folder of the catalogs.")]


@app.command()
def check(
    folder: FolderOption = Path("catalogs"),
    lock: Annotated[
        bool, typer.Option("--write-lock", help=f"Add new versions to {LOCK_NAME}.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check all catalogs and the lock; every fault of every file at once."""
    found = read_folder(folder)
    added = write_lock(folder, *lock_of(folder)) if lock else []
    locked = read_lock(folder)
    other_ids = {
        after.name: before
        for before, after in versions_with_other_ids(found)
        if after.name not in locked
    }
    rows = [
        {
            "mall": one.catalog.mall,
            "version": one.catalog.version,
            "extends": one.catalog.extends,
            "hash": one.hash,
            "locked": one.name in locked,
            "ids_may_change": one.name in other_ids,
        }
        for one in found
    ]
    if as_json:
        print_json(rows)
        return
    CONSOLE.print(f"{len(found)} catalog versions, no faults.")
    if added:
        CONSOLE.print(f"Added to {LOCK_NAME}: {', '.join(added)}")
    elif unlocked := [name for name in lock_of(folder)[0] if name not in locked]:
        CONSOLE.print(f"Not in {LOCK_NAME} yet: {', '.join(unlocked)}")
    drafts = {(one.catalog.mall, one.catalog.version) for one in found if one.name not in locked}
    for version, what in slices_left_behind(one.catalog for one in found):
        if (version.mall, version.version) in drafts:
            CONSOLE.print(f"{what}.", soft_wrap=True, highlight=False)
    elsewhere = () if folder == Path("catalogs") else ("--folder", folder)
    for name, before in other_ids.items():
        mall, old, new = before.catalog.mall, before.path.stem, Path(name).stem
        CONSOLE.print(
            f"{name} may give products other ids than {old}, which takes them down and brings them anew; "
            f"how many: {command('mallfeed catalog diff', mall, old, new, *elsewhere)} --feed FILE",
            soft_wrap=True,
        )


_ACTIONS = ("new", "backdated")


@app.command()
def publish(
    folder: FolderOption = Path("catalogs"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show.")] = False,
    backdate: Annotated[
        bool, typer.Option("--backdate", help="Allow versions in force before feeds already read.")
    ] = False,
    with_tables: Annotated[
        bool, typer.Option("--tables", help="With --json: include the Data Catalog's tables.")
    ] = False,
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """Publish new versions, to the store and as tables of the Glue Data Catalog; published ones
    never change."""
    from mallfeed.cli.runs import ledger_of

    settings = attach(stack)
    s3 = client("s3")
    newest = newest_feed_time(ledger_of(settings))
    plan = plan_publish(folder, s3, settings.lake_bucket, newest)
    glue = client("glue")
    if dry_run:
        tables = tables_of(plan, glue, settings)
    else:
        tables = write_all(folder, plan, s3, glue, settings, backdate)
    rows = [
        {"mall": p.catalog.mall, "version": p.catalog.version, "hash": p.hash, "action": p.action}
        for p in plan
    ]
    if as_json:
        if with_tables:
            told = [
                {"table": t.table, "version": t.version, "action": t.action, "athena": t.athena}
                for t in tables
            ]
            print_json({"catalogs": rows, "tables": told})
        else:
            print_json(rows)
        return
    table = Table("mall", "version", "from", "hash", "action", header_style="bold")
    for one in plan:
        catalog = one.catalog
        since = catalog.effective_from.isoformat()
        table.add_row(catalog.mall, f"v{catalog.version}", since, one.hash[:12], one.action)
    CONSOLE.print(table)
    store = S3CatalogStore(s3, settings.lake_bucket)
    for what in _left_behind(plan, store):
        CONSOLE.print(f"{what}.", soft_wrap=True, highlight=False)
    _show_tables(tables, dry_run)


def _left_behind(plan: list[Publication], store: S3CatalogStore) -> Iterator[str]:
    """What the versions that are published now leave in the shop."""
    new = {(one.catalog.mall, one.catalog.version) for one in plan if one.action in _ACTIONS}
    for mall in sorted({mall for mall, _ in new}):
        known = {one.catalog.version: one.catalog for one in store.versions(mall)}
        known |= {one.catalog.version: one.catalog for one in plan if one.catalog.mall == mall}
        for version, what in slices_left_behind(known.values()):
            if (mall, version.version) in new:
                yield what


def _show_tables(changes: list[TableChange], dry_run: bool) -> None:
    if not changes:
        return
    table = Table("table", "version", "action", "Athena", header_style="bold")
    for one in changes:
        table.add_row(one.table, f"v{one.version}", one.action, Text(one.athena))
    CONSOLE.print("Data Catalog, to be written:" if dry_run else "Data Catalog, written:")
    CONSOLE.print(table)


@app.command()
def show(
    catalog_file: Annotated[Path, typer.Argument(metavar="CATALOG", exists=True, dir_okay=False)],
) -> None:
    """Print a version as it is published: written out, if it extends a platform."""
    CONSOLE.file.write(read_file(catalog_file).published)


@app.command()
def schema() -> None:
    """Print the JSON Schema that editors check catalogs with."""
    CONSOLE.file.write(schema_text())


@app.command(name="list")
def list_(
    mall: Annotated[str | None, typer.Option(help="Only this mall's.")] = None,
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the published versions; a mall whose catalogs cannot be read is listed with its fault."""
    settings = attach(stack)
    store = S3CatalogStore(client("s3"), settings.lake_bucket)
    rows, faults = [], []
    for mall_id in [mall] if mall else store.malls():
        try:
            rows += [published_row(one) for one in store.versions(mall_id)]
        except CatalogInvalid as invalid:
            faults += invalid.faults
    if as_json:
        print_json(rows)
    else:
        CONSOLE.print(_published_table(rows) if rows else "No catalog is published.")
    if faults:
        raise CatalogInvalid(faults)


def published_row(one: PublishedCatalog) -> dict[str, Any]:
    """What the listing shows of a published version."""
    catalog = one.catalog
    return {
        "mall": catalog.mall,
        "version": catalog.version,
        "effective_from": catalog.effective_from,
        "name": catalog.name,
        "extends": one.extends,
        "feeds": [
            {"name": name, "format": feed.format, "mode": feed.mode}
            for name, feed in catalog.feeds.items()
        ],
        "hash": one.hash,
        "uri": one.uri,
    }


def _published_table(rows: list[dict[str, Any]]) -> Table:
    table = Table("mall", "version", "platform", "from", "feeds", "hash", header_style="bold")
    for row in rows:
        feeds = ", ".join(
            f"{feed['name']} ({feed['format']}, {feed['mode']})" for feed in row["feeds"]
        )
        mall = f"{row['mall']} {row['name'] or ''}".strip()
        since = row["effective_from"].isoformat()
        base = row["extends"] or ""
        table.add_row(mall, f"v{row['version']}", base, since, feeds, row["hash"][:12])
    return table
