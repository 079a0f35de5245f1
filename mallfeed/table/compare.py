"""Finds what a feed changes: compares its rows with the table's ids and hashes, in one shuffle.

Pure: frames in, frame out. The rows of the feed and the (id, hash) pairs of the table are brought
together by product id. Window functions then see, for each id, which row wins, what the table holds
and whether a row was refused. That takes one shuffle, where deduplicating and joining would take two.
Most rows of a daily feed are in the table already: `thinned` sends those through the shuffle without
the columns that nothing will need.
"""

from __future__ import annotations

from functools import reduce
from typing import Literal

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.product.record import Record

Mode = Literal["full", "delta"]
Duplicates = Literal["last", "newest", "first"]

CHANGED, SAME, REJECTED, DUPLICATE = "changed", "same", "rejected", "duplicate"
VANISHED, VANISHED_BY_REJECT, KEPT = "vanished", "vanished_by_reject", "kept"
STAYS = "stays"
DROPPED, TAKEN_DOWN = "dropped", "taken_down"
OUTCOME = "_outcome"
DUPLICATE_MARK = "_duplicate"
RULE = "_dropped"
"""Column of the checked frame: the rule that leaves the row out, else null."""
FROM_THE_FEED = (CHANGED, SAME, REJECTED, DUPLICATE, DROPPED, TAKEN_DOWN)
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
    """Every row of the feed and every product of the table, each with its `_outcome`.

    Feeds of several malls, at most one per mall, can be compared together: they do not affect each
    other.

    Parameters
    ----------
    checked : frame of `mallfeed.normalise.normalise.normalise`
    table : the products that these malls have now; columns: the record's key and content_hash
    record : describes the rows
    later : products that feeds later in the mall's order have touched, so that this feed does not
        change them; columns: the record's key

    Returns
    -------
    DataFrame
        The columns of `checked` and `_outcome`. Each row of the feed is in it exactly once, as
        `changed` (op U: new or different; op D: a delta deletes an existing product), `same` (nothing
        to do), `rejected`, `duplicate` (an accepted row that another one overrides), `dropped` (a rule of
        the catalog leaves it out) or `taken_down` (op D: a delta's row that is left out, whose product
        exists). So is each product of the table, as `vanished` or `vanished_by_reject` (op D: a full feed removes it),
        `kept` (its row was refused, but the catalog keeps the product) or `stays`.
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
            "op": F.when(_is_taken_down(mode), F.lit("D")).otherwise(F.col("op")),
        }
    )
    return outcome.drop(*_HELPERS)


_HELPERS = (
    "_source",
    "_key",
    "_accepted",
    "_rank",
    "_hash",
    "_any",
    "_refused",
    "_later",
    "_hidden",
)


def _union(one: DataFrame, other: DataFrame) -> DataFrame:
    return one.unionByName(other, allowMissingColumns=True)


def worth_keeping(compared: DataFrame, mode: Mode) -> DataFrame:
    """The rows that are staged: those that change something, were refused or left out, or have a warning.

    A delta keeps its unchanged rows too: a late feed that comes before it must know which products the
    delta touches.
    """
    return compared.where(_kept(mode))


def bared(compared: DataFrame, mode: Mode, record: Record) -> DataFrame:
    """All rows; those that `worth_keeping` leaves out have only the columns that are needed to count them."""
    kept = _kept(mode)
    columns = {
        name: F.col(name) if name in _COUNTED else F.when(kept, F.col(name))
        for name in compared.columns
    }
    columns[record.id] = F.when(kept | (F.col(OUTCOME) == DUPLICATE), F.col(record.id))
    return compared.select(*[column.alias(name) for name, column in columns.items()])


def _kept(mode: Mode) -> Column:
    outcome = F.col(OUTCOME)
    kept = outcome.isin(CHANGED, REJECTED, VANISHED, VANISHED_BY_REJECT, DROPPED, TAKEN_DOWN)
    kept = kept | (F.size("_warnings") > 0)
    if mode == "delta":
        kept = kept | (outcome == SAME)
    return kept


def touched(outcome: DataFrame, record: Record) -> DataFrame:
    """The products that a staged delta touches; columns: the record's key."""
    touching = F.col(OUTCOME).isin(CHANGED, SAME, DROPPED, TAKEN_DOWN)
    return outcome.where(touching & F.col(record.id).isNotNull()).select(*record.key)


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
        "changed": (outcome == CHANGED) & ~delete,
        "vanished": outcome.isin(VANISHED, VANISHED_BY_REJECT, TAKEN_DOWN)
        | ((outcome == CHANGED) & delete),
        "vanished_by_reject": outcome == VANISHED_BY_REJECT,
        "products_before": outcome.isin(*FROM_THE_TABLE),
    }
    return [F.count_if(rule).alias(name) for name, rule in rules.items()]


def repeated(record: Record) -> list[Column]:
    """Aggregates `repeated_low` and `repeated_high` over a compared frame: an id of rows that others override.

    The smallest and the largest such id: one pass finds them in bounded memory, however many there are.
    """
    ids = F.when(F.col(OUTCOME) == DUPLICATE, F.col(record.id))
    return [F.min(ids).alias("repeated_low"), F.max(ids).alias("repeated_high")]


def warned() -> Column:
    """Aggregate `warned` over a compared frame: the number of the feed's rows that have a warning."""
    from_feed = F.col(OUTCOME).isin(*FROM_THE_FEED)
    return F.count_if(from_feed & (F.size("_warnings") > 0)).alias("warned")


def changes_of(outcome: DataFrame, record: Record) -> DataFrame:
    """The change set; columns: op, those of the record, content_hash, and row (for op U)."""
    changes = (CHANGED, VANISHED, VANISHED_BY_REJECT, TAKEN_DOWN)
    changing = outcome.where(F.col(OUTCOME).isin(*changes))
    return changing.select("op", *record.change_columns, F.col("_row").alias("row"))


def thinned(checked: DataFrame, table: DataFrame, record: Record) -> DataFrame:
    """`checked`, in which rows that equal the table's have null in all columns that are not needed.

    Takes and returns frames as `compare` takes them. Such a row can only come out as `same` or
    `duplicate`, so it keeps only the columns that decide between the two. The hashes of the table are
    broadcast to every executor, about 100 bytes per product, so use this only for tables that fit.
    """
    known = table.select(*_halves(record, "_known"), F.lit(True).alias("_held"))
    halved = checked.select("*", *_halves(record, "_half"))
    same = [halved[f"_half{n}"] == known[f"_known{n}"] for n in (1, 2)]
    joined = halved.join(F.broadcast(known), same, "left")
    plain = (F.size("_rejects") == 0) & (F.size("_warnings") == 0) & (F.col("op") == "U")
    plain = plain & F.col(RULE).isNull()
    needed = F.col("_held").isNull() | ~plain
    deciding = {*_DECIDING, *record.key, record.newest_by}
    columns = {
        name: F.col(name) if name in deciding else F.when(needed, F.col(name))
        for name in checked.columns
    }
    return joined.select(*[column.alias(name) for name, column in columns.items()])


def _halves(record: Record, name: str) -> list[Column]:
    """Id and hash as two longs: these 128 bits take a third of the memory of the texts."""
    parts = {1: F.substring("content_hash", 1, 32), 2: F.substring("content_hash", 33, 32)}
    return [F.xxhash64(*record.key, part).alias(f"{name}{n}") for n, part in parts.items()]


_DECIDING = ("_pos", "op", "content_hash", "_rejects", "_warnings", RULE)
_COUNTED = (OUTCOME, "op", "mall_id", "_rejects", "_warnings", RULE)


def _facts_of_the_id(together: DataFrame, record: Record, duplicates: Duplicates) -> DataFrame:
    """Adds to each row the facts about its product id: the winning row, the table's hash, and whether
    rows were accepted or refused, or a later feed touches it."""
    from_feed = F.col("_source") == "feed"
    accepted = from_feed & (F.size("_rejects") == 0)
    of_id = Window.partitionBy("_key", "mall_id")
    in_order = of_id.orderBy(*_winner_first(record, duplicates))
    hides = F.col("_accepted") & F.col(RULE).isNotNull()
    # Few projections: for each one, Spark analyses the whole plan of the feed again.
    return together.withColumns(_rivals(record, accepted)).withColumns(
        {
            "_rank": F.row_number().over(in_order),
            "_hidden": F.first(hides).over(in_order),
            "_hash": F.max(F.when(F.col("_source") == "table", _hash())).over(of_id),
            "_any": F.max("_accepted").over(of_id),
            "_refused": F.max(from_feed & ~F.col("_accepted")).over(of_id),
            "_later": F.max(F.col("_source") == "later").over(of_id),
        }
    )


def with_duplicates_marked(frame: DataFrame, record: Record, duplicates: Duplicates) -> DataFrame:
    """The normalised frame of one feed with a boolean column `_duplicate`: true for accepted rows that
    another row of the same id overrides, by the rule of `compare`.

    For examining a feed without a table: preview, diff, goldens. If the frame has no column `_rejects`,
    all its rows count as accepted.
    """
    accepted = F.size("_rejects") == 0 if "_rejects" in frame.columns else F.lit(True)
    rank = F.row_number().over(
        Window.partitionBy("_key").orderBy(*_winner_first(record, duplicates))
    )
    ranked = frame.withColumns(_rivals(record, accepted)).withColumn("_rank", rank)
    overridden = F.col("_accepted") & (F.col("_rank") > 1)
    return ranked.withColumn(DUPLICATE_MARK, overridden).drop("_accepted", "_key", "_rank")


def _rivals(record: Record, accepted: Column) -> dict[str, Column]:
    """Columns `_accepted` and `_key`: rows with the same key compete; a row without an id competes with none."""
    alone = F.concat(F.lit("\0"), F.col("_pos").cast("string"))
    return {
        "_accepted": F.coalesce(accepted, F.lit(False)),
        "_key": F.coalesce(record.key[1], alone),
    }


def _winner_first(record: Record, duplicates: Duplicates) -> list[Column]:
    """The order of rows that have the same id; the winner comes first.

    Only accepted rows can win: neither in a full feed nor in a delta does a refused row override an
    earlier good one. The mall is informed of the refusal, and the product stays as in its last good
    row. A row that a rule leaves out wins like any other: the product is as the mall last said, hidden. In a
    delta the last operation counts, so U then D deletes the product, and D then U brings it back. With `newest`, the highest `record.newest_by` wins, and the later row if that is equal or null.
    """
    order: list[Column] = [F.col("_accepted").desc()]
    if duplicates == "newest" and record.newest_by:
        order.append(F.col(record.newest_by).desc_nulls_last())
    place = F.col("_pos")
    return [*order, place.asc_nulls_last() if duplicates == "first" else place.desc_nulls_last()]


def _hash() -> Column:
    return F.col("content_hash")


def _goes(mode: Mode) -> Column:
    """Whether a row that is left out removes its product: in a full feed, the product is absent."""
    exists = F.col("_hash").isNotNull() & ~F.col("_later")
    return exists if mode == "delta" else F.lit(False)


def _is_taken_down(mode: Mode) -> Column:
    """Whether the row becomes a delete: a product of the table, or what a delta hides."""
    hidden = F.col(RULE).isNotNull() & F.col("_accepted") & (F.col("_rank") == 1)
    return (F.col("_source") == "table") | (hidden & _goes(mode))


def _outcome(mode: Mode, on_reject: str) -> Column:
    in_table = F.col("_hash").isNotNull()
    differs = ~in_table | (F.col("_hash") != _hash())
    changes = F.when(F.col("op") == "D", in_table).otherwise(differs) & ~F.col("_later")
    of_feed = (
        F.when(~F.col("_accepted"), REJECTED)
        .when(F.col("_rank") > 1, DUPLICATE)
        .when(F.col(RULE).isNotNull(), F.when(_goes(mode), TAKEN_DOWN).otherwise(DROPPED))
        .when(changes, CHANGED)
        .otherwise(SAME)
    )
    if mode == "delta":
        of_table = F.lit(STAYS)
    else:
        refused = KEPT if on_reject == "keep" else VANISHED_BY_REJECT
        of_table = (
            F.when((F.col("_any") & ~F.col("_hidden")) | F.col("_later"), STAYS)
            .when(F.col("_any"), VANISHED)
            .when(F.col("_refused"), refused)
            .otherwise(VANISHED)
        )
    return F.when(F.col("_source") == "table", of_table).otherwise(of_feed)
