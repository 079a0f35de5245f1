"""What publishing writes, for every command that publishes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mallfeed.authoring.folder import lock_of
from mallfeed.authoring.lock import LOCK_NAME, write_lock
from mallfeed.authoring.publish import Publication
from mallfeed.authoring.publish import publish as publish_plan
from mallfeed.authoring.publish_tables import TableChange, apply_tables, plan_tables
from mallfeed.settings import Settings


def tables_of(plan: list[Publication], glue: Any, settings: Settings) -> list[TableChange]:
    """What the Data Catalog's tables need."""
    known = [(one.catalog, one.hash) for one in plan if one.action != "changed"]
    return plan_tables(known, glue, settings.database, settings.feeds_bucket)


def write_all(
    folder: Path, plan: list[Publication], s3: Any, glue: Any, settings: Settings, backdate: bool
) -> list[TableChange]:
    """Write the versions, the folder's lock if it has one, and the tables; returns what these needed."""
    tables = tables_of(plan, glue, settings)
    publish_plan(plan, s3, settings.lake_bucket, backdate)
    if (folder / LOCK_NAME).exists():
        write_lock(folder, *lock_of(folder))
    apply_tables(tables, glue, settings.database)
    return tables
