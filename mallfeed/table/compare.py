"""What a feed changes: its rows against the table's ids and hashes, in one shuffle.

Pure: frames in, frame out. The rows of the feed and the (id, hash) pairs of the table are laid
together by product id; window functions then see, for each id, which row wins, what the table
holds and whether a row of it was refused. That costs one shuffle where dedup and join cost two.
Of a day's feed most rows are in the table as they are: `thinned` sends those through that shuffle
without the columns that nobody will ask for.
"""

from __future__ import annotations

from functools import reduce
from typing import Literal

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.product.record import Record

Mode = Literal["full", "delta"]
Duplicates = Literal["last", "newest"]

CHANGED, SAME, REJECTED, DUPLICATE = "changed", "same", "rejected", "duplicate"
VANISHED, VANISHED_BY_REJECT, KEPT = "vanished", "vanished_by_reject", "kept"
STAYS = "stays"
OUTCOME = "_outcome"
DUPLICATE_MARK = "_duplicate"
FROM_THE_FEED = (CHANGED, SAME, REJECTED, DUPLICATE)
FROM_THE_TABLE = (VANISHED, VANISHED_BY_REJECT, KEPT, STAYS)


def compare(
    checked: DataFrame,
    table: DataFrame,
    record: Record,
    *,
    mode: Mode,
    on_reject: Literal["vanish", "keep"] = "vanish",
    duplicates: Duplicates = "last",
    later: DataFrame | None = None,
) -> DataFrame:
    """Every row of the feed and every product of the table, each under an `_outcome`.

    Feeds of several malls go together, one a mall: nothing of one mall touches another.

    Parameters
    ----------
    checked : frame of `mallfeed.normalise.normalise.normalise`
    table : the record's key and content_hash of what these malls have now
    record : what the rows are
    later : the record's key: ids of which feeds that come later in the mall's order have
        spoken; this feed changes nothing of them

    Returns
    -------
    DataFrame
        The columns of `checked` and `_outcome`: `changed` (op U: new or different; op D: a delta's
        delete that hits), `same` (nothing to do), `rejected`, `duplicate` (an accepted row that
        another one overrides), and, one row a product of the table, `vanished` or
        `vanished_by_reject` (op D: a full feed takes it away), `kept` (its row was refused, but the
        catalog keeps it) or `stays`. Each row of the feed is in it exactly once.
    """
    sources = [
        checked.withColumn("_source", F.lit("feed")),
        table.select(*record.key, "content_hash").withColumn("_source", F.lit("table")),
    ]
    if later is not None:
        sources.append(later.select(*record.key).withColumn("_source", F.lit("later")))
    together = reduce(_union, sources)
    seen = _facts_of_the_id(together, record, duplicates).where(F.col("_source") != "later")
    outcome = seen.withColumns(
        {
            OUTCOME: _outcome(mode, on_reject),
            "op": F.when(F.col("_source") == "table", F.lit("D")).otherwise(F.col("op")),
        }
    )
    return outcome.drop(*_HELPERS)


_HELPERS = ("_source", "_key", "_accepted", "_rank", "_hash", "_any", "_refused", "_later")


def _union(one: DataFrame, other: DataFrame) -> DataFrame:
    return one.unionByName(other, allowMissingColumns=True)


def worth_keeping(compared: DataFrame, mode: Mode) -> DataFrame:
    """What is staged: rows that change something, were refused or warned of.

    A delta keeps all its rows: a late feed before it must know of which products it has spoken.
    """
    return compared.where(_kept(mode))


def bared(compared: DataFrame, mode: Mode) -> DataFrame:
    """All rows, those that `worth_keeping` leaves out with what can be counted of them alone."""
    kept = _kept(mode)
    columns = {
        name: F.col(name) if name in _COUNTED else F.when(kept, F.col(name))
        for name in compared.columns
    }
    return compared.select(*[column.alias(name) for name, column in columns.items()])


def _kept(mode: Mode) -> Column:
    outcome = F.col(OUTCOME)
    kept = outcome.isin(CHANGED, REJECTED, VANISHED, VANISHED_BY_REJECT)
    kept = kept | (F.size("_warnings") > 0)
    if mode == "delta":
        kept = kept | (outcome == SAME)
    return kept


def touched(outcome: DataFrame, record: Record) -> DataFrame:
    """The record's key: the products of which a staged delta has spoken."""
    return outcome.where(F.col(OUTCOME).isin(CHANGED, SAME)).select(*record.key)


def counted() -> list[Column]:
    """Aggregates of a compared frame, named like the counts of the ledger."""
    outcome, delete = F.col(OUTCOME), F.col("op") == "D"
    won = outcome.isin(CHANGED, SAME)
    rules = {
        "accepted": won & ~delete,
        "deletes": won & delete,
        "rejected": outcome == REJECTED,
        "duplicates": outcome == DUPLICATE,
        "changed": (outcome == CHANGED) & ~delete,
        "vanished": outcome.isin(VANISHED, VANISHED_BY_REJECT) | ((outcome == CHANGED) & delete),
        "vanished_by_reject": outcome == VANISHED_BY_REJECT,
        "products_before": outcome.isin(*FROM_THE_TABLE),
    }
    return [F.count_if(rule).alias(name) for name, rule in rules.items()]


def warned() -> Column:
    """Aggregate `warned` of a compared frame: rows of the feed that have a warning."""
    from_feed = F.col(OUTCOME).isin(*FROM_THE_FEED)
    return F.count_if(from_feed & (F.size("_warnings") > 0)).alias("warned")


def changes_of(outcome: DataFrame, record: Record) -> DataFrame:
    """The change set: op, the record's columns, content_hash, and `row` of U rows."""
    changing = outcome.where(F.col(OUTCOME).isin(CHANGED, VANISHED, VANISHED_BY_REJECT))
    return changing.select("op", *record.change_columns, F.col("_row").alias("row"))


def thinned(checked: DataFrame, table: DataFrame, record: Record) -> DataFrame:
    """`checked`, in which rows that the table holds as they are have lost what no outcome needs.

    Takes and returns what `compare` takes. Such a row can only come out as `same` or `duplicate`,
    so all its columns are null but those that decide between the two. The table's hashes go to
    every executor, about 100 bytes a product: for tables that fit.
    """
    known = table.select(*_halves(record, "_known"), F.lit(True).alias("_held"))
    halved = checked.select("*", *_halves(record, "_half"))
    same = [halved[f"_half{n}"] == known[f"_known{n}"] for n in (1, 2)]
    met = halved.join(F.broadcast(known), same, "left")
    plain = (F.size("_rejects") == 0) & (F.size("_warnings") == 0) & (F.col("op") == "U")
    needed = F.col("_held").isNull() | ~plain
    deciding = {*_DECIDING, *record.key, record.newest_by}
    columns = {
        name: F.col(name) if name in deciding else F.when(needed, F.col(name))
        for name in checked.columns
    }
    return met.select(*[column.alias(name) for name, column in columns.items()])


def _halves(record: Record, name: str) -> list[Column]:
    """Id and hash as two longs: 128 bits take a third of the memory of the texts."""
    parts = {1: F.substring("content_hash", 1, 32), 2: F.substring("content_hash", 33, 32)}
    return [F.xxhash64(*record.key, part).alias(f"{name}{n}") for n, part in parts.items()]


_DECIDING = ("_pos", "op", "content_hash", "_rejects", "_warnings")
_COUNTED = (OUTCOME, "op", "mall_id", "_rejects", "_warnings")


def _facts_of_the_id(together: DataFrame, record: Record, duplicates: Duplicates) -> DataFrame:
    """What is known of a row's product id: the winning row, the table's hash, refusals, later."""
    from_feed = F.col("_source") == "feed"
    accepted = from_feed & (F.size("_rejects") == 0)
    whole = Window.partitionBy("_key", "mall_id")
    # Few projections: each one has Spark analyse the whole plan of the feed again.
    return together.withColumns(_rivals(record, accepted)).withColumns(
        {
            "_rank": F.row_number().over(whole.orderBy(*_winner_first(record, duplicates))),
            "_hash": F.max(F.when(F.col("_source") == "table", _hash())).over(whole),
            "_any": F.max("_accepted").over(whole),
            "_refused": F.max(from_feed & ~F.col("_accepted")).over(whole),
            "_later": F.max(F.col("_source") == "later").over(whole),
        }
    )


def with_duplicates_marked(frame: DataFrame, record: Record, duplicates: Duplicates) -> DataFrame:
    """The normalised frame of one feed with `_duplicate` (boolean): true for accepted rows that
    another row of the same id overrides, by the rule of `compare`.

    For looking at a feed without a table: preview, diff, goldens. `_rejects` may be missing from the
    frame: all its rows are accepted then.
    """
    accepted = F.size("_rejects") == 0 if "_rejects" in frame.columns else F.lit(True)
    rank = F.row_number().over(
        Window.partitionBy("_key").orderBy(*_winner_first(record, duplicates))
    )
    ranked = frame.withColumns(_rivals(record, accepted)).withColumn("_rank", rank)
    overridden = F.col("_accepted") & (F.col("_rank") > 1)
    return ranked.withColumn(DUPLICATE_MARK, overridden).drop("_accepted", "_key", "_rank")


def _rivals(record: Record, accepted: Column) -> dict[str, Column]:
    """Columns `_accepted` and `_key`: rows of one key compete; a row without an id stands alone."""
    alone = F.concat(F.lit("\0"), F.col("_pos").cast("string"))
    return {
        "_accepted": F.coalesce(accepted, F.lit(False)),
        "_key": F.coalesce(record.key[1], alone),
    }


def _winner_first(record: Record, duplicates: Duplicates) -> list[Column]:
    """The order of rows of one id, the one that counts first.

    Only accepted rows compete: a refused row never overrides an earlier good one, in a full feed as
    in a delta; the mall learns of the refusal, and its product stays as its last good row says. In a
    delta the last operation in row order holds, so U then D deletes and D then U brings the product
    back. `newest` takes the highest `record.newest_by`, and the later row where that is equal or null.
    """
    order: list[Column] = [F.col("_accepted").desc()]
    if duplicates == "newest" and record.newest_by:
        order.append(F.col(record.newest_by).desc_nulls_last())
    return [*order, F.col("_pos").desc_nulls_last()]


def _hash() -> Column:
    return F.col("content_hash")


def _outcome(mode: Mode, on_reject: str) -> Column:
    in_table = F.col("_hash").isNotNull()
    differs = ~in_table | (F.col("_hash") != _hash())
    changes = F.when(F.col("op") == "D", in_table).otherwise(differs) & ~F.col("_later")
    of_feed = (
        F.when(~F.col("_accepted"), REJECTED)
        .when(F.col("_rank") > 1, DUPLICATE)
        .when(changes, CHANGED)
        .otherwise(SAME)
    )
    if mode == "delta":
        of_table = F.lit(STAYS)
    else:
        refused = KEPT if on_reject == "keep" else VANISHED_BY_REJECT
        of_table = (
            F.when(F.col("_any") | F.col("_later"), STAYS)
            .when(F.col("_refused"), refused)
            .otherwise(VANISHED)
        )
    return F.when(F.col("_source") == "table", of_table).otherwise(of_feed)
