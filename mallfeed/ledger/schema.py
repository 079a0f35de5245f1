"""The ledger's table: its keys and indices. template.yaml creates it; a test compares the names.

| item | pk | sk |
|---|---|---|
| a feed | `mall#<mall_id>` | `feed#<feed_id>` |
| a mall's lock | `mall#<mall_id>` | `lock` |
| a plan | `plan#<plan_id>` | `plan` |
| when something of a mall's products begins or ends | `moments` | `<mall_id>` |

`by_order` (LSI, so strongly consistent) sorts a mall's feeds by `<class>!<order>`; the class
(`mallfeed.ledger.items.order_class`) keeps reading cheap when thousands of feeds are closed.
`open` is sparse: `open_kind` is `feed` (WAITING, RUNNING, SYNCING), `blocking` (HELD, FAILED) or `plan`
(not CLOSED), absent otherwise.
"""

from __future__ import annotations

BY_ORDER = "by_order"
OPEN_INDEX = "open"
RECENT_INDEX = "recent"
EXPIRES = "expires_at"
"""The attribute by which DynamoDB deletes old items: seconds since 1970."""
