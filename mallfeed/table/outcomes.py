"""What becomes of each row of a feed and of each product of the table: the words for it, and their columns."""

from __future__ import annotations

from typing import Literal

Mode = Literal["full", "delta"]
Duplicates = Literal["last", "newest", "first"]
OnReject = Literal["vanish", "keep"]

CHANGED, SAME, REJECTED, DUPLICATE = "changed", "same", "rejected", "duplicate"
VANISHED, VANISHED_BY_REJECT, KEPT = "vanished", "vanished_by_reject", "kept"
STAYS = "stays"
ELSEWHERE = "elsewhere"
"""Of a product of the table: it stays, and is in another slice than the feed's."""
DROPPED, TAKEN_DOWN = "dropped", "taken_down"
REFOLDED = "refolded"
"""Of a product of the table: a feed that comes before deltas leaves of it what those said (`mallfeed.table.fold`)."""
REMEMBERED = "remembered"
"""Of what is remembered of a product's stamps (`mallfeed.table.stamps`); it is no product and no row of the feed."""
MEMORY = "_memory"
"""Column of what is to be remembered of a product from now on: op and `SAID_AT`; null = as before."""
OUTCOME = "_outcome"
DUPLICATE_MARK = "_duplicate"
RULE = "_dropped"
"""Column of the checked frame: the rule that leaves the row out, else null."""
FROM_THE_FEED = (CHANGED, SAME, REJECTED, DUPLICATE, DROPPED, TAKEN_DOWN)
FROM_THE_TABLE = (VANISHED, VANISHED_BY_REJECT, KEPT, STAYS, REFOLDED)
"""Those of the feed's slice."""
