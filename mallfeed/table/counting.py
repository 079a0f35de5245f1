"""What is counted of a feed: aggregates over its compared frame, which one pass finds."""

from __future__ import annotations

from datetime import datetime

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.product import holding
from mallfeed.product.record import Record
from mallfeed.table.fold_columns import REFRESHED
from mallfeed.table.outcomes import (
    CHANGED,
    DROPPED,
    DUPLICATE,
    ELSEWHERE,
    FROM_THE_FEED,
    FROM_THE_TABLE,
    OUTCOME,
    REFOLDED,
    REJECTED,
    SAME,
    TAKEN_DOWN,
    VANISHED,
    VANISHED_BY_REJECT,
)  # fmt: skip


def all_of_feed(
    compared: DataFrame, record: Record, currency: Column, moment: datetime
) -> list[Column]:
    """All aggregates here; `currency` and `moment` are those of `median_price` and `next_moment`."""
    return [
        *counted(),
        *refreshed(compared),
        *repeated(record),
        warned(),
        median_price(currency),
        next_moment(moment),
    ]


def counted() -> list[Column]:
    """Aggregates over a compared frame, named like the counts of the ledger."""
    outcome, delete = F.col(OUTCOME), F.col("op") == "D"
    won = outcome.isin(CHANGED, SAME)
    rules = {
        "accepted": won & ~delete,
        "deletes": won & delete,
        "rejected": outcome == REJECTED,
        "duplicates": outcome == DUPLICATE,
        "dropped": outcome.isin(DROPPED, TAKEN_DOWN),
        "changed": ((outcome == CHANGED) & ~delete) | (outcome == REFOLDED),
        "vanished": outcome.isin(VANISHED, VANISHED_BY_REJECT, TAKEN_DOWN)
        | ((outcome == CHANGED) & delete),
        "vanished_by_reject": outcome == VANISHED_BY_REJECT,
        "products_before": outcome.isin(*FROM_THE_TABLE),
        "elsewhere": outcome == ELSEWHERE,
    }
    return [F.count_if(rule).alias(name) for name, rule in rules.items()]


def refreshed(compared: DataFrame) -> list[Column]:
    """Aggregate `refreshed` over a compared frame: products of which only is written when they were last contained."""
    is_known = REFRESHED in compared.columns
    return [F.count_if(REFRESHED).alias("refreshed")] if is_known else []


def repeated(record: Record) -> list[Column]:
    """Aggregates `repeated_low` and `repeated_high` over a compared frame: an id of rows that others override.

    The smallest and the largest such id: one pass finds them in bounded memory, however many there are.
    """
    ids = F.when(F.col(OUTCOME) == DUPLICATE, F.col(record.id))
    return [F.min(ids).alias("repeated_low"), F.max(ids).alias("repeated_high")]


def median_price(currency: Column) -> Column:
    """Aggregate `median_price` over a compared frame: the middle price of the feed's products, in hundredths.

    Only prices in that currency count. The quantile is approximate (Greenwald and Khanna), in bounded memory.
    """
    is_product = F.col(OUTCOME).isin(CHANGED, SAME) & (F.col("op") == "U")
    price = F.when(is_product & (F.col("currency") == currency), F.col("price"))
    return (F.percentile_approx(price, 0.5) * 100).cast("bigint").alias("median_price")


def next_moment(moment: datetime) -> Column:
    """Aggregate `next_moment` over a compared frame: when, after that moment, something else begins to hold of a
    product that the feed writes, in microseconds."""
    written = F.col(OUTCOME).isin(CHANGED, REFOLDED) & (F.col("op") == "U")
    ahead = F.when(written, F.expr(holding.next_moment(moment)))
    return F.min(ahead).alias("next_moment")


def warned() -> Column:
    """Aggregate `warned` over a compared frame: the number of the feed's rows that have a warning."""
    from_feed = F.col(OUTCOME).isin(*FROM_THE_FEED)
    return F.count_if(from_feed & (F.size("_warnings") > 0)).alias("warned")
