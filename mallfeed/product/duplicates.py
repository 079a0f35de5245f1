"""Several rows with one product_id in one feed: which one counts.

Only accepted rows compete. A refused row never knocks out a good earlier one, in a full feed as in a
delta: the mall is told of the refusal anyway, and its product stays as its last good row says.
In a delta the last operation of an id in row order holds, so U then D deletes and D then U brings
the product back.
"""

from __future__ import annotations

from typing import Literal

from pyspark.sql import DataFrame

DUPLICATE = "_duplicate"

_ORDER = {
    "last": "_pos desc",
    "newest": "mall_updated_at desc nulls last, _pos desc",
}


def with_duplicates_marked(frame: DataFrame, policy: Literal["last", "newest"]) -> DataFrame:
    """The frame with `_duplicate` (boolean): true for rows that another row of the same id beats.

    Takes the normalised frame with or without `_rejects`; refused rows are never marked. `newest`
    takes the highest `mall_updated_at`, the later row where equal or where there is none. The rows
    come out partitioned by `product_id`, as a join on it needs them.
    """
    competes = "_rejects is null or size(_rejects) = 0" if "_rejects" in frame.columns else "true"
    # Refused rows get a partition of their own key, so that none of them piles up under null.
    key = f"if({competes}, product_id, concat('\\u0000', _pos))"
    place = f"row_number() over (partition by {key} order by {_ORDER[policy]})"
    return frame.selectExpr("*", f"{place} > 1 as {DUPLICATE}")


def without_duplicates(
    frame: DataFrame, policy: Literal["last", "newest"]
) -> tuple[DataFrame, DataFrame]:
    """(rows that count, rows beaten by another one), both in the frame's own shape."""
    marked = with_duplicates_marked(frame, policy)
    kept = marked.where(f"not {DUPLICATE}").drop(DUPLICATE)
    return kept, marked.where(DUPLICATE).drop(DUPLICATE)
