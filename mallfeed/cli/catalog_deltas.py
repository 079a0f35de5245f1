"""`mallfeed catalog deltas`: malls whose next delta would come out differently by a new version of their catalog."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from mallfeed.authoring.whole_rows import WholeRows, whole_rows
from mallfeed.aws.clients import client
from mallfeed.catalog.store import S3CatalogStore
from mallfeed.cli.malls import require_known
from mallfeed.cli.runs import ledger_of
from mallfeed.cli.show import CONSOLE, print_json
from mallfeed.cli.target import JsonOption, StackOption, attach
from mallfeed.errors import CatalogInvalid


def deltas(
    mall: Annotated[str | None, typer.Option(help="Only this mall's.")] = None,
    stack: StackOption = None,
    as_json: JsonOption = False,
) -> None:
    """List deltas whose rows are whole products still, because an earlier release published their catalog, and that
    would come out differently by a new version; `update: replace` in it keeps them as they are."""
    settings = attach(stack)
    if mall:
        require_known(settings, ledger_of(settings), mall)
    store = S3CatalogStore(client("s3"), settings.lake_bucket)
    found: list[WholeRows] = []
    faults: list[str] = []
    now = datetime.now(UTC)
    for mall_id in [mall] if mall else store.malls():
        try:
            found += whole_rows([one.catalog for one in store.versions(mall_id)], now)
        except CatalogInvalid as invalid:
            faults += invalid.faults
    if as_json:
        print_json([asdict(one) for one in found])
    elif found:
        table = Table("mall", "version", "feed", "by a new version", header_style="bold")
        for one in found:
            table.add_row(one.mall, f"v{one.version}", one.feed, "\n".join(one.why))
        CONSOLE.print(table)
    else:
        CONSOLE.print("No delta would come out differently by a new version of its catalog.")
    if faults:
        raise CatalogInvalid(faults)
