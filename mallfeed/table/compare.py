"""What a feed changes: its rows against the table's ids and hashes, in one shuffle.

Pure: frames in, frame out. The rows of the feed and the (id, hash) pairs of the table are laid
together by product id; window functions then see, for each id, which row wins, what the table
holds and whether a row of it was refused. That costs one shuffle where dedup and join cost two.
"""

from __future__ import annotations

from typing import Literal

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.product.fields import PRODUCT_FIELDS

Mode = Literal["full", "delta"]

CHANGED, SAME, REJECTED, DUPLICATE = "changed", "same", "rejected", "duplicate"
VANISHED, VANISHED_BY_REJECT, KEPT = "vanished", "vanished_by_reject", "kept"
OUTCOME = "_outcome"


def compare(
    checked: DataFrame,
    table: DataFrame,
    *,
    mode: Mode,
    on_reject: Literal["vanish", "keep"] = "vanish",
    duplicates: Literal["last", "newest"] = "last",
) -> DataFrame:
    """Every row of the feed, and every product that goes with it, under an `_outcome`.

    Parameters
    ----------
    checked : frame of `mallfeed.product.normalise.normalise`
    table : columns product_id, content_hash of this mall's products now

    Returns
    -------
    DataFrame
        The columns of `checked` and `_outcome`: `changed` (op U: new or different; op D: a delta's
        delete that hits), `same` (nothing to do), `rejected`, `duplicate` (an accepted row that
        another one overrides), and, one row a product of the table that a full feed takes away,
        `vanished` or `vanished_by_reject` (op D) or `kept` (refused, but the catalog keeps it).
        Rows of the table that stay are not in it. Each feed row is in it exactly once.
    """
    rows = checked.withColumn("_in_table", F.lit(False)).withColumn(
        "_accepted", F.size("_rejects") == 0
    )
    stored = table.select(
        F.col("product_id"),
        F.col("content_hash"),
        F.lit("D").alias("op"),
        F.lit(True).alias("_in_table"),
        F.lit(False).alias("_accepted"),
    )
    together = rows.unionByName(stored, allowMissingColumns=True).withColumn(
        "_key", F.coalesce("product_id", F.concat(F.lit("\0"), F.col("_pos").cast("string")))
    )
    seen = _facts_of_the_id(together, duplicates)
    outcome = seen.withColumn(OUTCOME, _outcome(mode, on_reject)).where(F.col(OUTCOME).isNotNull())
    return outcome.drop("_key", "_in_table", "_accepted", "_rank", "_hash", "_any", "_refused")


def changes_of(outcome: DataFrame) -> DataFrame:
    """The change set: op, mall_id, product_id, canonical columns, content_hash, lineage of U rows."""
    changing = outcome.where(F.col(OUTCOME).isin(CHANGED, VANISHED, VANISHED_BY_REJECT))
    columns = [field.name for field in PRODUCT_FIELDS]
    return changing.select("op", "mall_id", *columns, "content_hash", F.col("_row").alias("row"))


def _facts_of_the_id(together: DataFrame, duplicates: str) -> DataFrame:
    order: list[Column] = [F.col("_accepted").desc()]
    if duplicates == "newest":
        order.append(F.col("mall_updated_at").desc_nulls_last())
    order.append(F.col("_pos").desc_nulls_last())
    ranked = Window.partitionBy("_key").orderBy(*order)
    whole = Window.partitionBy("_key")
    return (
        together.withColumn("_rank", F.row_number().over(ranked))
        .withColumn("_hash", F.max(F.when(F.col("_in_table"), F.col("content_hash"))).over(whole))
        .withColumn("_any", F.max("_accepted").over(whole))
        .withColumn("_refused", F.max(~F.col("_accepted") & ~F.col("_in_table")).over(whole))
    )


def _outcome(mode: Mode, on_reject: str) -> Column:
    stored = F.col("_in_table")
    delete = F.col("op") == "D"
    in_table = F.col("_hash").isNotNull()
    changed = F.when(delete, in_table).otherwise(
        ~in_table | (F.col("_hash") != F.col("content_hash"))
    )
    if mode == "full":
        refused = F.lit(KEPT if on_reject == "keep" else VANISHED_BY_REJECT)
        gone = F.when(~F.col("_any"), F.when(F.col("_refused"), refused).otherwise(VANISHED))
    else:
        gone = F.lit(None).cast("string")
    return (
        F.when(stored, gone)
        .when(~F.col("_accepted"), REJECTED)
        .when(F.col("_rank") > 1, DUPLICATE)
        .when(changed, CHANGED)
        .otherwise(SAME)
    )
