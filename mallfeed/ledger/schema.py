"""The ledger's table: keys and indices. template.yaml must say the same (a test compares them).

| item | pk | sk |
|---|---|---|
| a feed | `mall#<mall_id>` | `feed#<feed_id>` |
| a mall's lock | `mall#<mall_id>` | `lock` |
| a plan | `plan#<plan_id>` | `plan` |

`by_order` (LSI, so strongly consistent) sorts a mall's feeds by `<class>!<order>`; the class
(`mallfeed.ledger.items.order_class`) keeps reading cheap when thousands of feeds are closed.
`open` is sparse: `open_kind` is `feed` (WAITING, RUNNING, SYNCING), `blocking` (HELD, FAILED) or `plan`
(not CLOSED), absent otherwise.
"""

from __future__ import annotations

from typing import Any

BY_ORDER = "by_order"
OPEN_INDEX = "open"
RECENT_INDEX = "recent"
EXPIRES = "expires_at"


def table_definition(name: str) -> dict[str, Any]:
    """Arguments of CreateTable for the ledger, as template.yaml has them."""
    return {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": attribute, "AttributeType": "S"}
            for attribute in (
                "pk", "sk", "order", "open_kind", "open_order", "recent_kind", "arrived_at",
            )
        ],
        "KeySchema": _keys("pk", "sk"),
        "LocalSecondaryIndexes": [
            {
                "IndexName": BY_ORDER,
                "KeySchema": _keys("pk", "order"),
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        "GlobalSecondaryIndexes": [
            _index(OPEN_INDEX, "open_kind", "open_order"),
            _index(RECENT_INDEX, "recent_kind", "arrived_at"),
        ],
    }  # fmt: skip


def _keys(hash_key: str, range_key: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": hash_key, "KeyType": "HASH"},
        {"AttributeName": range_key, "KeyType": "RANGE"},
    ]


def _index(name: str, hash_key: str, range_key: str) -> dict[str, Any]:
    return {
        "IndexName": name,
        "KeySchema": _keys(hash_key, range_key),
        "Projection": {"ProjectionType": "ALL"},
    }
