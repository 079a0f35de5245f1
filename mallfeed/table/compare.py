"""Finds what a feed changes: compares its rows with the table's ids and hashes, in one shuffle.

Pure: frames in, frame out. The rows of the feed and the (id, hash) pairs of the table are brought
together by product id. Window functions then see, for each id, which row wins, what the table holds
and whether a row was refused. That takes one shuffle, where deduplicating and joining would take two.
Most rows of a daily feed are in the table already: `thinned` sends those through the shuffle without
the columns that nothing will need.
"""

from __future__ import annotations

from functools import reduce

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.product.record import (
    PRESENT_SINCE,
    SLICE,
    SLICE_MOVES,
    SLICE_MOVES_TYPE,
    Record,
    said_column,
)
from mallfeed.table.fold_columns import AT, EFFECT, OWN, REFRESHED
from mallfeed.table.outcomes import (
    CHANGED,
    DROPPED,
    DUPLICATE,
    DUPLICATE_MARK,
    ELSEWHERE,
    KEPT,
    MEMORY,
    OUTCOME,
    REFOLDED,
    REJECTED,
    RULE,
    SAME,
    STAYS,
    TAKEN_DOWN,
    VANISHED,
    VANISHED_BY_REJECT,
    Duplicates,
    Mode,
    OnReject,
)
from mallfeed.table.place import Place, moved_warning, other_warning
from mallfeed.table.port import TABLE_ONLY

ALONE = Place()
"""That of a feed in a mall without slices, which nothing else is known of."""


def compare(
    checked: DataFrame,
    table: DataFrame,
    record: Record,
    *,
    mode: Mode,
    on_reject: OnReject = "vanish",
    duplicates: Duplicates = "last",
    later: DataFrame | None = None,
    place: Place = ALONE,
) -> DataFrame:
    """Every row of the feed and every product of the table, each with its `_outcome`.

    Feeds of several malls, at most one per mall, can be compared together: they do not affect each
    other.

    Parameters
    ----------
    checked : frame of `mallfeed.normalise.normalise.normalise`
    table : the products that these malls have now; columns: the record's key, content_hash and, but where they
        are all null, `record.fold_columns`
    record : describes the rows
    later : products that feeds later in the mall's order have touched, so that this feed does not
        change them; columns: the record's key
    place : the feed's place among the others of its mall: products of other slices neither vanish nor are
        deleted, and those that a later full feed has settled stay as they are

    Returns
    -------
    DataFrame
        The columns of `checked`, those of `record.fold_columns` and `_outcome`. Each row of the feed is in it exactly once, as
        `changed` (op U: new or different; op D: a delta deletes an existing product), `same` (nothing
        to do), `rejected`, `duplicate` (an accepted row that another one overrides), `dropped` (a rule of
        the catalog leaves it out) or `taken_down` (op D: a delta's row that is left out, whose product
        exists). So is each product of the table, as `vanished` or `vanished_by_reject` (op D: a full feed removes it),
        `kept` (its row was refused, but the catalog keeps the product), `stays` or `elsewhere`. A row that
        takes a product over from another slice, or would take it away there, has a warning.
    """
    lacking = {
        name: F.lit(None).cast(kind)
        for name, kind in record.fold_columns
        if name not in (PRESENT_SINCE, SLICE, SLICE_MOVES) and name not in checked.columns
    }
    sources = [
        checked.withColumns(
            {**lacking, "_source": F.lit("feed"), "_is_settled": F.expr(place.is_late)}
        ),
        _held(table, record, place).withColumn("_source", F.lit("table")),
    ]
    if later is not None:
        sources.append(later.select(*record.key).withColumn("_source", F.lit("later")))
    together = reduce(_union, sources)
    seen = _facts_of_the_id(together, record, duplicates).where(F.col("_source") != "later")
    since = F.expr(place.order) if mode == "delta" else F.lit(None).cast("string")
    is_new, from_table = F.col("_hash").isNull(), F.col("_source") == "table"
    elsewhere = F.when(from_table, F.expr(place.is_outside("_slice_was"))).otherwise(
        F.expr(place.is_elsewhere("_slice_was"))
    )
    seen = seen.withColumn("_elsewhere", ~is_new & elsewhere)
    outcome = seen.withColumns(
        {
            OUTCOME: _outcome(mode, on_reject, record),
            PRESENT_SINCE: F.when(is_new, since).otherwise(F.col("_since"))
            if mode == "delta"
            else since,
            SLICE: F.coalesce(F.expr(place.slice), F.col("_slice_was")),
            SLICE_MOVES: _moves(mode, place, is_new, elsewhere),
            "op": F.when(_is_taken_down(mode), F.lit("D")).otherwise(F.col("op")),
        }
    )
    return outcome.withColumn("_warnings", _with_slices(record)).drop(*_HELPERS)


def _moves(mode: Mode, place: Place, is_new: Column, elsewhere: Column) -> Column:
    """What has moved the product since a full feed brought it: this delta, too, where it takes the product over."""
    none = F.lit(None).cast(SLICE_MOVES_TYPE)
    if mode == "full":
        return none
    own = f"array(named_struct('since', {place.order}, 'before', _slice_was))"
    moved = F.expr(f"concat({place.moves_before('_slice_moves')}, {own})")
    sliced = F.expr(f"{place.slice} is not null")
    return F.when(sliced & (is_new | elsewhere), moved.cast(SLICE_MOVES_TYPE)).otherwise(
        F.col("_slice_moves")
    )


def _with_slices(record: Record) -> Column:
    """The row's warnings, and that it takes the product over from another slice, or would take it away there."""
    takes_away = (F.col("op") == "D") | F.col(RULE).isNotNull()
    moves = (F.col(OUTCOME) == CHANGED) & ~takes_away
    leaves = F.col(OUTCOME).isin(SAME, DROPPED) & takes_away
    moved = F.expr(moved_warning(record.id, "_slice_was", SLICE))
    other = F.expr(other_warning(record.id, "_slice_was"))
    of_feed = (F.col("_source") == "feed") & F.col("_elsewhere")
    return (
        F.when(of_feed & moves, F.concat("_warnings", moved))
        .when(of_feed & leaves, F.concat("_warnings", other))
        .otherwise(F.col("_warnings"))
    )


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
    "_since",
    "_was_said",
    "_held_since",
    "_held_said",
    "_held_slice",
    "_held_moves",
    "_is_settled",
    "_slice_was",
    "_slice_moves",
    "_elsewhere",
)


def _held(table: DataFrame, record: Record, place: Place) -> DataFrame:
    """Of the table's products what rows are compared with."""
    nothing = [name for name, _ in record.fold_columns if name not in table.columns]
    whole = table.withColumns({name: F.lit(None) for name in nothing}) if nothing else table
    kinds = dict(record.fold_columns)
    said = [
        F.col(said_column(name)).cast(kinds[said_column(name)]).alias(said_column(name))
        for name in record.said
    ]
    return whole.select(
        *record.key,
        "content_hash",
        F.col(PRESENT_SINCE).cast("string").alias("_held_since"),
        F.expr(place.of_table).cast("string").alias("_held_slice"),
        F.col(SLICE_MOVES).cast(SLICE_MOVES_TYPE).alias("_held_moves"),
        F.expr(place.is_settled).alias("_is_settled"),
        F.struct(*said).alias("_held_said"),
    )


def _union(one: DataFrame, other: DataFrame) -> DataFrame:
    return one.unionByName(other, allowMissingColumns=True)


def worth_keeping(compared: DataFrame, mode: Mode) -> DataFrame:
    """The rows that are staged: those that change something, were refused or left out, or have a warning.

    A delta keeps its unchanged rows too, and one whose rows change what they name all of them: a late feed that
    comes before it must know which products the delta touches, and what it says of them.
    """
    return compared.where(_kept(compared, mode))


def bared(compared: DataFrame, mode: Mode, record: Record) -> DataFrame:
    """All rows; those that `worth_keeping` leaves out have only the columns that are needed to count them."""
    kept = _kept(compared, mode)
    columns = {
        name: F.col(name) if name in _COUNTED else F.when(kept, F.col(name))
        for name in compared.columns
    }
    columns[record.id] = F.when(kept | (F.col(OUTCOME) == DUPLICATE), F.col(record.id))
    return compared.select(*[column.alias(name) for name, column in columns.items()])


def _kept(compared: DataFrame, mode: Mode) -> Column:
    outcome = F.col(OUTCOME)
    kept = outcome.isin(
        CHANGED, REJECTED, VANISHED, VANISHED_BY_REJECT, DROPPED, TAKEN_DOWN, REFOLDED
    )
    kept = kept | (F.size("_warnings") > 0)
    if MEMORY in compared.columns:
        kept = kept | F.col(MEMORY).isNotNull()
    if mode == "delta":
        kept = kept | (outcome == SAME)
        if OWN in compared.columns:  # each row counts for a feed that comes before
            kept = kept | F.col(EFFECT).isNotNull()
    return kept


def touched(outcome: DataFrame, record: Record) -> DataFrame:
    """The products that a staged delta touches; columns: the record's key."""
    touching = F.col(OUTCOME).isin(CHANGED, SAME, DROPPED, TAKEN_DOWN)
    return outcome.where(touching & F.col(record.id).isNotNull()).select(*record.key)


def changes_of(outcome: DataFrame, record: Record) -> DataFrame:
    """The change set; columns: op (TABLE_ONLY for products that are the same in all sinks), those of the record, content_hash, row and `fold_columns` (for op U)."""
    changes = (CHANGED, VANISHED, VANISHED_BY_REJECT, TAKEN_DOWN, REFOLDED)
    changing, op = F.col(OUTCOME).isin(*changes), F.col("op")
    if REFRESHED in outcome.columns:
        changing = changing | F.col(REFRESHED)
        op = F.when(F.col(REFRESHED), TABLE_ONLY).otherwise(op)
    beside = [name for name, _ in record.fold_columns]
    return outcome.where(changing).select(
        op.alias("op"), *record.change_columns, F.col("_row").alias("row"), *beside
    )


def thinned(
    checked: DataFrame, table: DataFrame, record: Record, place: Place = ALONE
) -> DataFrame:
    """`checked`, in which rows that equal the table's have null in all columns that are not needed.

    Takes and returns frames as `compare` takes them. Such a row can only come out as `same` or
    `duplicate`, so it keeps only the columns that decide between the two. The hashes of the table are
    broadcast to every executor, about 100 bytes per product, so use this only for tables that fit.
    """
    if place.named is not None:
        return checked  # which rows take a product over is known in the shuffle only
    plain_ones = table
    if SLICE in table.columns:  # a product that the row takes over changes
        plain_ones = table.where(F.expr(f"not {place.is_elsewhere(place.of_table)}"))
    for name in map(said_column, record.said):
        if name in table.columns:  # such a product changes if nothing more is said of it
            plain_ones = plain_ones.where(F.col(name).isNull())
    known = plain_ones.select(*_halves(record, "_known"), F.lit(True).alias("_held"))
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


_PRICED = ("price", "currency")
_DECIDING = ("_pos", "op", "content_hash", "_rejects", "_warnings", RULE, *_PRICED)
_COUNTED = (OUTCOME, "op", "mall_id", "_rejects", "_warnings", RULE, *_PRICED)


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
            "_since": F.max("_held_since").over(of_id),
            "_was_said": F.first("_held_said", True).over(of_id),
            "_any": F.max("_accepted").over(of_id),
            "_refused": F.max(from_feed & ~F.col("_accepted")).over(of_id),
            "_later": F.max(
                (F.col("_source") == "later") | F.coalesce("_is_settled", F.lit(False))
            ).over(of_id),
            "_slice_was": F.max("_held_slice").over(of_id),
            "_slice_moves": F.first("_held_moves", True).over(of_id),
        }
    )


def with_duplicates_marked(frame: DataFrame, record: Record, duplicates: Duplicates) -> DataFrame:
    """The normalised frame of one feed with a boolean column `_duplicate`: true for accepted rows that
    another row of the same id overrides, by the rule of `compare`.

    For examining a feed without a table: preview, diff, goldens. If the frame has no column `_rejects`,
    all its rows count as accepted.
    """
    accepted = F.size("_rejects") == 0 if "_rejects" in frame.columns else F.lit(True)
    order = _winner_first(record, duplicates)
    if AT in frame.columns:  # a row without a stamp is as new as its feed
        order = [order[0], F.col(AT).desc_nulls_first(), *order[1:]]
    rank = F.row_number().over(Window.partitionBy("_key").orderBy(*order))
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
    exists = F.col("_hash").isNotNull() & ~F.col("_later") & ~F.col("_elsewhere")
    return exists if mode == "delta" else F.lit(False)


def _is_taken_down(mode: Mode) -> Column:
    """Whether the row becomes a delete: a product of the table, or what a delta hides."""
    hidden = F.col(RULE).isNotNull() & F.col("_accepted") & (F.col("_rank") == 1)
    return (F.col("_source") == "table") | (hidden & _goes(mode))


def _outcome(mode: Mode, on_reject: str, record: Record) -> Column:
    in_table, elsewhere = F.col("_hash").isNotNull(), F.col("_elsewhere")
    differs = ~in_table | (F.col("_hash") != _hash()) | elsewhere
    for name in map(said_column, record.said):
        differs = differs | ~F.col(f"_was_said.{name}").eqNullSafe(F.col(name))
    deletes = in_table & ~elsewhere
    changes = F.when(F.col("op") == "D", deletes).otherwise(differs) & ~F.col("_later")
    of_feed = (
        F.when(~F.col("_accepted"), REJECTED)
        .when(F.col("_rank") > 1, DUPLICATE)
        .when(F.col(RULE).isNotNull(), F.when(_goes(mode), TAKEN_DOWN).otherwise(DROPPED))
        .when(changes, CHANGED)
        .otherwise(SAME)
    )
    if mode == "delta":
        of_table = F.when(elsewhere, ELSEWHERE).otherwise(STAYS)
    else:
        refused = KEPT if on_reject == "keep" else VANISHED_BY_REJECT
        of_table = (
            F.when(elsewhere, ELSEWHERE)
            .when((F.col("_any") & ~F.col("_hidden")) | F.col("_later"), STAYS)
            .when(F.col("_any"), VANISHED)
            .when(F.col("_refused"), refused)
            .otherwise(VANISHED)
        )
    return F.when(F.col("_source") == "table", of_table).otherwise(of_feed)
