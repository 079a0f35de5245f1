"""Point-in-time recovery in moto with the items of that time.

moto copies a table as it is now, of whatever time it is asked. Here what each write to a table with recovery replaces is kept, and undone in
the copy. The rest is as moto has it and DynamoDB documents it: a new table, with the keys and indexes of the source, without its TTL, tags,
stream and recovery (Amazon DynamoDB Developer Guide, "Point-in-time backups for DynamoDB"; API Reference, RestoreTableToPointInTime).
When it is refused is in `infra.local.limits.dynamodb`. On AWS the newest moment that can be restored is up to five minutes
back; here it is now.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class Written:
    """A write: when, to which key, and the item that was there before (None: there was none)."""

    at: datetime
    hash_key: Any
    range_key: Any
    before: Any


_journal: dict[str, list[Written]] = {}
"""Table ARN → its writes, in order. Not in the table: moto copies tables for each transaction."""


def recovers(table: Any) -> bool:
    """Whether point-in-time recovery is enabled for that table of moto's."""
    described = table.continuous_backups["PointInTimeRecoveryDescription"]
    return bool(described["PointInTimeRecoveryStatus"] == "ENABLED")


def note(table: Any, hash_key: Any, range_key: Any, before: Any) -> None:
    """A write to the table replaces `before`, which nobody changes any more."""
    if recovers(table):
        written = Written(datetime.now(UTC), hash_key, range_key, before)
        _journal.setdefault(table.table_arn, []).append(written)


def install() -> None:
    """Patch moto; called in its server's process. Updates are noted by `infra.local.limits.dynamodb_sizes`."""
    from moto.dynamodb.models import DynamoDBBackend
    from moto.dynamodb.models.dynamo_type import DynamoType
    from moto.dynamodb.models.table import Table
    from moto.dynamodb.responses import DynamoHandler

    put, delete = Table.put_item, Table.delete_item
    transact, change = (
        DynamoDBBackend.transact_write_items,
        DynamoDBBackend.update_continuous_backups,
    )
    restore: Any = DynamoHandler.restore_table_to_point_in_time

    def put_item(table: Any, item_attrs: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        names = (table.hash_key_attr, table.range_key_attr)
        first, second = (DynamoType(item_attrs[n]) if n in item_attrs else None for n in names)
        before = table.get_item(first, second) if recovers(table) and first else None
        item = put(table, item_attrs, *args, **kwargs)
        note(table, first, second, before)
        return item

    def delete_item(table: Any, hash_key: Any, range_key: Any) -> Any:
        before = delete(table, hash_key, range_key)
        if before is not None:
            note(table, hash_key, range_key, before)
        return before

    def transact_write_items(backend: Any, transact_items: Any) -> None:
        """moto puts the tables back when a transaction is cancelled; nothing was written then."""
        lengths = {arn: len(writes) for arn, writes in _journal.items()}
        try:
            transact(backend, transact_items)
        except Exception:
            for arn, writes in _journal.items():
                del writes[lengths.get(arn, 0) :]
            raise

    def update_continuous_backups(backend: Any, table_name: str, spec: dict[str, Any]) -> Any:
        answer = change(backend, table_name, spec)
        table = backend.tables[table_name]
        if not recovers(table):
            _journal.pop(table.table_arn, None)
        return answer

    def restore_table_to_point_in_time(handler: Any) -> Any:
        asked, tables = handler.body, handler.dynamodb_backend.tables
        result = restore(handler)
        if (at := asked.get("RestoreDateTime")) is not None:
            restored = tables[asked["TargetTableName"]]
            _undo(restored, tables[asked["SourceTableName"]].table_arn, moment(at))
        return result

    patched: tuple[tuple[Any, str, Any], ...] = (
        (Table, "put_item", put_item),
        (Table, "delete_item", delete_item),
        (DynamoDBBackend, "transact_write_items", transact_write_items),
        (DynamoDBBackend, "update_continuous_backups", update_continuous_backups),
        (DynamoHandler, "restore_table_to_point_in_time", restore_table_to_point_in_time),
    )
    for kind, name, method in patched:
        setattr(kind, name, method)


def moment(at: datetime | float) -> datetime:
    """A time of the API, which moto reads as a number, or as a time without a zone."""
    if not isinstance(at, datetime):
        return datetime.fromtimestamp(float(at), UTC)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def _undo(table: Any, source_arn: str, at: datetime) -> None:
    """Take back what was written to the source after that time, the last first."""
    for write in reversed(_journal.get(source_arn, [])):
        if write.at <= at:
            break
        place = table.items if write.range_key is None else table.items[write.hash_key]
        key = write.hash_key if write.range_key is None else write.range_key
        if write.before is None:
            place.pop(key, None)
        else:
            place[key] = copy.deepcopy(write.before)
