"""Published catalogs into the AWS Glue Data Catalog: one table per mall and feed, one table version each.

The tables are derived: the YAML in S3 is the truth. Publishing again adds what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from mallfeed.authoring.raw_table import HASH, VERSION, table_input, table_name
from mallfeed.aws.failures import code_of, transient
from mallfeed.catalog.model import Catalog
from mallfeed.errors import Terminal

_ABSENT = "EntityNotFoundException"


@dataclass(frozen=True)
class TableChange:
    """A table version to be written: which table, of which catalog version, and how.

    `again`: the newest version once more, because an older one was written behind it.
    """

    table: str
    version: int
    action: str
    input: dict[str, Any]

    @property
    def athena(self) -> str:
        """Whether Athena reads it, and if not, why."""
        parameters = self.input["Parameters"]
        why = parameters.get("mallfeed.athena_why")
        return f"{parameters['mallfeed.athena']}{f': {why}' if why else ''}"


def plan_tables(
    catalogs: Iterable[tuple[Catalog, str]], glue: Any, database: str, feeds_bucket: str
) -> list[TableChange]:
    """Those of these versions, each with its hash, that are missing in the Data Catalog.

    Raises Terminal if a table version has another hash than the catalog version it stands for.
    """
    by_table: dict[str, list[tuple[int, dict[str, Any]]]] = {}
    for catalog, hash_ in sorted(catalogs, key=lambda one: one[0].version):
        for feed_name in catalog.feeds:
            written = table_input(catalog, feed_name, hash_, feeds_bucket)
            by_table.setdefault(table_name(catalog, feed_name), []).append(
                (catalog.version, written)
            )
    changes: list[TableChange] = []
    for table, wanted in by_table.items():
        changes += _missing(table, wanted, _versions(glue, database, table))
    return changes


def _missing(
    table: str, wanted: list[tuple[int, dict[str, Any]]], there: list[tuple[int, str]]
) -> list[TableChange]:
    known = dict(there)
    for version, written in wanted:
        if version in known and known[version] != written["Parameters"][HASH]:
            raise Terminal(
                f"table {table} has another v{version} than the published catalog: its "
                "hash differs. Delete the table (it is derived), then publish again."
            )
    new = [(version, written) for version, written in wanted if version not in known]
    changes = [
        TableChange(table, version, "add" if there or place else "create", written)
        for place, (version, written) in enumerate(new)
    ]
    newest = wanted[-1]
    last = new[-1][0] if new else (there[-1][0] if there else 0)
    if last != newest[0]:
        changes.append(TableChange(table, newest[0], "again", newest[1]))
    return changes


def apply_tables(changes: Iterable[TableChange], glue: Any, database: str) -> None:
    """Write them in order. Raises Terminal if Glue refuses; publishing again continues."""
    for one in changes:
        try:
            with transient(f"writing table {one.table}"):
                if one.action == "create":
                    glue.create_table(DatabaseName=database, TableInput=one.input)
                else:
                    glue.update_table(
                        DatabaseName=database, TableInput=one.input, SkipArchive=False
                    )
        except (ClientError, BotoCoreError) as error:
            raise Terminal(
                f"the catalogs are published, but table {one.table} could not be brought to "
                f"v{one.version}: {error}. It needs glue:GetTableVersions, CreateTable and "
                f"UpdateTable on database {database}; then publish again, which adds what is missing."
            ) from error


def _versions(glue: Any, database: str, table: str) -> list[tuple[int, str]]:
    """(catalog version, hash) of each table version of ours, oldest first."""
    found: list[tuple[int, int, str]] = []
    try:
        with transient(f"reading the versions of table {table}"):
            pages = glue.get_paginator("get_table_versions").paginate(
                DatabaseName=database, TableName=table
            )
            for page in pages:
                for one in page["TableVersions"]:
                    parameters = one["Table"].get("Parameters", {})
                    if VERSION in parameters:
                        order = int(one["VersionId"])
                        found.append((order, int(parameters[VERSION]), parameters[HASH]))
    except ClientError as error:
        if code_of(error) != _ABSENT:
            raise
    return [(version, hash_) for _, version, hash_ in sorted(found)]
