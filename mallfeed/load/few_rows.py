"""Whether a run has so few rows that Spark would compile for them longer than it works.

Measured on two cores in a new Java, from reading rows to a full feed's staged changes (docs/decisions/few-rows.md): 1,000
rows take 7.2 s compiled and 5.9 s interpreted, 20,000 rows 9.4 and 8.4 s; at 60,000 both take the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from mallfeed.ledger.model import FeedRecord
from mallfeed.plan.sizing import rows_megabytes
from mallfeed.table.iceberg import IcebergProductTable

MOST_ROWS = 20_000
"""Rows of feeds, and products of the table, with which a run is interpreted."""
_MOST_MEGABYTES = 10.0
"""As CSV: 20,000 products of about 500 bytes."""


def few_rows(feeds: Sequence[FeedRecord], table: IcebergProductTable) -> bool:
    """Whether the feeds of a run are small, and so are their malls; of malls that have no supplements."""
    if sum(map(rows_megabytes, feeds)) > _MOST_MEGABYTES:
        return False
    malls = sorted({feed.mall_id for feed in feeds})
    return table.size(*malls, up_to=MOST_ROWS) <= MOST_ROWS
