"""Items in moto have the size that DynamoDB allows, also after an update.

moto refuses items from 405,000 bytes on, by a measure of its own that it takes again for each attribute, and does not measure
what an update leaves. Here a written item is measured before moto sees it (`infra.local.limits.dynamodb`), an updated one after
the update, which is taken back if the item has become too large. The item before an update is also what recovery needs
(`infra.local.dynamodb_restore`).
"""

from __future__ import annotations

import copy
from typing import Any

from infra.local import dynamodb_restore
from infra.local.limits.dynamodb import MOST_ITEM_BYTES, item_bytes


def install() -> None:
    """Patch moto; called in its server's process."""
    from moto.dynamodb.exceptions import ItemSizeToUpdateTooLarge
    from moto.dynamodb.models import DynamoDBBackend
    from moto.dynamodb.models.dynamo_type import DynamoType, LimitedSizeDict

    update = DynamoDBBackend.update_item

    def update_item(
        backend: Any, table_name: str, key: dict[str, dict[str, Any]], *args: Any, **kwargs: Any
    ) -> Any:
        table = backend.get_table(table_name)
        names = (table.hash_key_attr, table.range_key_attr)
        first, second = (DynamoType(key[name]) if name in key else None for name in names)
        before = None if first is None else copy.deepcopy(table.get_item(first, second))
        item = update(backend, table_name, key, *args, **kwargs)
        if item_bytes(item.to_json()["Attributes"]) <= MOST_ITEM_BYTES:
            dynamodb_restore.note(table, first, second, before)
            return item
        if before is None:
            table.delete_item(first, second)
        else:
            item.attrs = before.attrs
        raise ItemSizeToUpdateTooLarge()

    patched: tuple[tuple[Any, str, Any], ...] = (
        (DynamoDBBackend, "update_item", update_item),
        (LimitedSizeDict, "__setitem__", dict.__setitem__),
    )
    for kind, name, method in patched:
        setattr(kind, name, method)
