"""Publishing: a folder of catalogs into the store; published versions never change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

from botocore.exceptions import ClientError

from mallfeed.authoring.folder import CatalogFile, read_folder
from mallfeed.aws.failures import code_of, transient
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.place import EXTENDS_METADATA, PREFIX, RULES_METADATA, table_file
from mallfeed.errors import Terminal
from mallfeed.ledger.port import Ledger

NewestFeedTime = Callable[[str], datetime | None]
"""Mall → the newest time of a feed that a catalog version was chosen for; None = no feed yet."""

_CONFLICTS = ("PreconditionFailed", "ConditionalRequestConflict", "412", "409")


@dataclass(frozen=True)
class Publication:
    """What publishing does with one version and the tables that it looks values up in (key → bytes).

    `new`, already `published`, `changed` since it was published (refused), or `backdated`: new, but in
    force before a feed that was read with another version (refused unless intended).
    """

    path: Path
    catalog: Catalog
    hash: str
    key: str
    text: str
    action: Literal["new", "published", "changed", "backdated"]
    newest_feed: datetime | None = None
    tables: Mapping[str, bytes] = field(default_factory=dict)


def plan_publish(
    folder: Path, s3: Any, lake_bucket: str, newest_feed_time: NewestFeedTime | None = None
) -> list[Publication]:
    """What publishing the folder would do. Raises CatalogInvalid with all faults of all files."""
    with transient("reading what is published"):
        return [
            _planned(one, partial(_stored, s3, lake_bucket), newest_feed_time)
            for one in read_folder(folder)
        ]


def _planned(
    one: CatalogFile,
    stored_at: Callable[[str], bytes | None],
    newest_feed_time: NewestFeedTime | None,
) -> Publication:
    stored = stored_at(PREFIX + one.name)
    tables = {
        PREFIX + table_file(one.catalog.mall, name): body for name, body in one.tables.items()
    }
    action: Literal["new", "published", "changed", "backdated"] = "new"
    newest = None
    if stored is not None:
        action = "published" if stored == one.published.encode() else "changed"
    elif newest_feed_time is not None:
        newest = newest_feed_time(one.catalog.mall)
        if newest is not None and one.catalog.effective_from <= newest:
            action = "backdated"
    if any(stored_at(key) not in (None, body) for key, body in tables.items()):
        action = "changed"
    key = PREFIX + one.name
    return Publication(one.path, one.catalog, one.hash, key, one.published, action, newest, tables)


def publish(
    plan: list[Publication], s3: Any, lake_bucket: str, backdate: bool = False
) -> list[Publication]:
    """Write the new versions; returns them.

    Raises Terminal, before writing any, if one has changed or is backdated without `backdate`.
    """
    _refuse(plan, backdate)
    written: list[Publication] = []
    for one in plan:
        if one.action in ("new", "backdated") and _written(one, s3, lake_bucket, written):
            written.append(one)
    return written


def _refuse(plan: list[Publication], backdate: bool) -> None:
    changed = [str(one.path) for one in plan if one.action == "changed"]
    if changed:
        raise Terminal(
            f"already published, and now different: {', '.join(changed)}. A published version never "
            "changes, nor does a table that it looks values up in; write the next version instead, and a table "
            "of another name. Nothing was published."
        )
    backdated = [
        f"{one.path} is in force from {one.catalog.effective_from.isoformat()}, the newest feed of "
        f"{one.catalog.mall} is of {one.newest_feed.isoformat()}"
        for one in plan
        if one.action == "backdated" and one.newest_feed
    ]
    if backdated and not backdate:
        raise Terminal(
            f"in force before a feed that was already read: {'; '.join(backdated)}. Feeds replayed "
            "later would be read with it. Set a later effective_from, or use --backdate if that is "
            "intended. Nothing was published."
        )


def _written(one: Publication, s3: Any, bucket: str, before: list[Publication]) -> bool:
    """Whether this call wrote it; another one may have written the same text in the meantime.

    Tables come first: a version that is there can be read.
    """
    for key, content in one.tables.items():
        _write_table(one, key, content, s3, bucket)
    body = one.text.encode()
    try:
        with transient(f"publishing {one.key}"):
            s3.put_object(
                Bucket=bucket,
                Key=one.key,
                Body=body,
                IfNoneMatch="*",
                Metadata=_metadata(one.catalog),
            )
        return True
    except ClientError as error:
        if code_of(error) not in _CONFLICTS:
            raise
        if _stored(s3, bucket, one.key) == body:
            return False
        done = ", ".join(each.key for each in before) or "nothing"
        raise Terminal(
            f"{one.path}: another v{one.catalog.version} of {one.catalog.mall} was published "
            f"in the meantime, with other content. Write it as the next version. Published before: {done}."
        ) from error


def _metadata(catalog: Catalog) -> dict[str, str]:
    extends = {EXTENDS_METADATA: catalog.extends} if catalog.extends is not None else {}
    return {RULES_METADATA: str(catalog.rules), **extends}


def _write_table(one: Publication, key: str, content: bytes, s3: Any, bucket: str) -> None:
    try:
        with transient(f"publishing {key}"):
            s3.put_object(Bucket=bucket, Key=key, Body=content, IfNoneMatch="*")
    except ClientError as error:
        if code_of(error) not in _CONFLICTS:
            raise
        if _stored(s3, bucket, key) != content:
            raise Terminal(
                f"{one.path}: another table is published as {key}, with other content. Give this one another name, "
                "in the catalog too."
            ) from error


def _stored(s3: Any, bucket: str, key: str) -> bytes | None:
    try:
        return bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    except ClientError as error:
        if code_of(error) in ("NoSuchKey", "404"):
            return None
        raise


def newest_feed_time(ledger: Ledger) -> NewestFeedTime:
    """The newest time of the mall's feeds that have a catalog version, from the ledger."""

    def of_mall(mall_id: str) -> datetime | None:
        feeds = [*ledger.history(mall_id, 1000), *ledger.feeds(mall_id)]
        times = [feed.feed_time for feed in feeds if feed.catalog_version is not None]
        return max(times, default=None)

    return of_mall
