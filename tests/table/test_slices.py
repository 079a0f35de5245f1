"""Feeds of one slice, compared with a table that has products of others; each product is a case of its own."""

from __future__ import annotations

from itertools import product as combined

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.product.record import (
    EXPIRED,
    PRODUCT,
    SLICE,
    SLICE_MOVES,
    SLICE_MOVES_TYPE,
    said_column,
)
from mallfeed.table import compare as cmp
from mallfeed.table import counting, outcomes
from mallfeed.table.fold import Folding, Judge
from mallfeed.table.fold_columns import folded
from mallfeed.table.place import MOVED_SLICE, OTHER_SLICE, Place
from tests.table.test_compare import CHECKED, row

HELD = (
    "mall_id string, product_id string, content_hash string, "
    f"slice string, {SLICE_MOVES} {SLICE_MOVES_TYPE}"
)
PLACE = Place("'o3'", slice="'a'", unnamed="'a'", settled={"c": "o5"})
NO_SLICE, OWN, OTHER = (None, None), ("a", None), ("b", None)
SETTLED, MOVED_BEFORE, MOVED_AFTER = ("c", None), ("c", [("o4", "b")]), ("c", [("o6", "b")])
IN_TABLE = [None, NO_SLICE, OWN, OTHER, SETTLED, MOVED_BEFORE, MOVED_AFTER]
SAID = ["nothing", "same", "other", "delete", "hidden", "refused"]
Held = tuple[str | None, list[tuple[str, str | None]] | None]


def feed_row(pos: int, pid: str, said: str) -> tuple[object, ...]:
    more: dict[str, object] = {}
    if said == "refused":
        more["rejects"] = [("price_missing", "price", None)]
    if said == "hidden":
        more["rule"] = "gift"
    op = "D" if said == "delete" else "U"
    return row(pos, pid, "h" if said == "same" else "h2", op, **more)


def wanted(held: Held | None, said: str, mode: str) -> tuple[str | None, str | None]:
    """What becomes of the product of the table, and of the row."""
    part = None if held is None else held[0] or "a"
    settled = part == "c" and held in (SETTLED, MOVED_BEFORE)
    outside = part not in (None, "a")
    own = {
        "nothing": None, "refused": outcomes.REJECTED, "hidden": outcomes.DROPPED, "delete": outcomes.SAME,
    }.get(said, outcomes.CHANGED)  # fmt: skip
    if settled and said in ("same", "other"):
        own = outcomes.SAME
    if part == "a":
        own = outcomes.SAME if said == "same" else outcomes.CHANGED if said == "delete" else own
        if said == "hidden" and mode == "delta":
            own = outcomes.TAKEN_DOWN
    if held is None:
        return None, own
    if outside:
        return outcomes.ELSEWHERE, own
    if mode == "delta" or said in ("same", "other", "delete"):
        return outcomes.STAYS, own
    return outcomes.VANISHED_BY_REJECT if said == "refused" else outcomes.VANISHED, own


@pytest.mark.parametrize("mode", ["full", "delta"])
@pytest.mark.parametrize("thin", [False, True])
def test_a_feed_of_a_slice_leaves_those_of_others_alone(
    spark: SparkSession, mode: str, thin: bool
) -> None:
    cases = list(enumerate(combined(IN_TABLE, SAID)))
    rows = [feed_row(n, f"p{n}", said) for n, (_, said) in cases if said != "nothing"]
    held = [("m", f"p{n}", "h", *one) for n, (one, _) in cases if one is not None]
    checked, table = spark.createDataFrame(rows, CHECKED), spark.createDataFrame(held, HELD)
    if thin:
        checked = cmp.thinned(checked, table, PRODUCT, PLACE)
    frame = cmp.compare(checked, table, PRODUCT, mode=mode, place=PLACE).localCheckpoint()  # type: ignore[arg-type]
    found: dict[str, tuple[str | None, str | None]] = {}
    for one in frame.collect():
        of_table, of_feed = found.get(one["product_id"], (None, None))
        if one["_pos"] is None:
            of_table = one[outcomes.OUTCOME]
        else:
            of_feed = one[outcomes.OUTCOME]
        found[one["product_id"]] = (of_table, of_feed)
    right = {f"p{n}": wanted(one, said, mode) for n, (one, said) in cases}
    told = {
        key: (cases[int(key[1:])][1], found.get(key, (None, None)), one)
        for key, one in right.items()
    }
    assert {key: one for key, one in told.items() if one[1] != one[2]} == {}
    check_places(frame, mode)
    counts = frame.agg(*counting.counted()).first().asDict()
    assert counts["elsewhere"] == 4 * len(SAID)
    assert counts["products_before"] == 2 * len(SAID)


def check_places(frame: DataFrame, mode: str) -> None:
    """What is written is of the feed's slice, since the feed; a product that was taken over says from where."""
    written = frame.where(
        (F.col(outcomes.OUTCOME) == outcomes.CHANGED) & (F.col("op") == "U")
    ).collect()
    assert {one[SLICE] for one in written} == {"a"}
    moved = [one for one in written if one["_warnings"]]
    told = {(one.code, one.value) for row in moved for one in row["_warnings"]}
    assert {code for code, _ in told} == {MOVED_SLICE}
    assert {value.partition(": ")[2] for _, value in told} == {"b → a", "c → a"}
    kept = frame.where(F.size("_warnings") > 0).where(
        F.col(outcomes.OUTCOME).isin(outcomes.SAME, outcomes.DROPPED)
    )
    left = {(one["product_id"], one["_warnings"][0].value) for one in kept.collect()}
    assert {one["_warnings"][0].code for one in kept.collect()} == {OTHER_SLICE}
    assert all(value.startswith(f"{key}: ") for key, value in left)
    assert len(left) == 2 * 4, "a delete and a hidden row of each product of another slice"
    since = [one[SLICE_MOVES][-1].since if one[SLICE_MOVES] else None for one in moved]
    assert set(since) == {"o3" if mode == "delta" else None}


BY_ROW = Place("'o3'", slice="_slice", unnamed="'a'", settled={"c": "o5"}, named=("a", "c", "d"))


@pytest.mark.parametrize("fold", [False, True])
def test_the_rows_of_a_full_feed_say_their_slices(spark: SparkSession, fold: bool) -> None:
    """Product → the slice that holds it, what its row says and in which slice; what becomes of both."""
    cases: dict[str, tuple[Held | None, str, str | None, tuple[str | None, str | None]]] = {
        "new": (None, "other", "d", (None, outcomes.CHANGED)),
        "same": (("a", None), "same", "a", (outcomes.STAYS, outcomes.SAME)),
        "unnamed": (NO_SLICE, "same", "a", (outcomes.STAYS, outcomes.SAME)),
        "moves within": (("a", None), "same", "d", (outcomes.STAYS, outcomes.CHANGED)),
        "comes": (("b", None), "same", "d", (outcomes.ELSEWHERE, outcomes.CHANGED)),
        "gone": (("d", None), "nothing", None, (outcomes.VANISHED, None)),
        "gone of another": (("a", None), "nothing", None, (outcomes.VANISHED, None)),
        "not told of": (("b", None), "nothing", None, (outcomes.ELSEWHERE, None)),
        "settled": (("c", None), "nothing", None, (outcomes.STAYS, None)),
        "settled, late": (("c", None), "other", "c", (outcomes.STAYS, outcomes.SAME)),
        "new, but late": (None, "other", "c", (None, outcomes.SAME)),
        "moved there since": (MOVED_AFTER, "nothing", None, (outcomes.VANISHED, None)),
        "refused": (("d", None), "refused", "d", (outcomes.VANISHED_BY_REJECT, outcomes.REJECTED)),
        "hidden": (("a", None), "hidden", "d", (outcomes.VANISHED, outcomes.DROPPED)),
    }  # fmt: skip
    if fold:
        del cases["moved there since"]  # which a later delta has done, whose rows are not here
    rows = [
        (*feed_row(n, key, said), part)
        for n, (key, (_, said, part, _)) in enumerate(cases.items())
        if said != "nothing"
    ]
    held = [("m", key, "h", *one) for key, (one, *_) in cases.items() if one is not None]
    checked = spark.createDataFrame(rows, f"{CHECKED}, _slice string")
    table = spark.createDataFrame(held, HELD)
    if fold:
        said = F.when(F.col("content_hash") == "h2", F.col("content_hash"))
        checked = whole_columns(checked).withColumn("title", said).drop(*LINEAGE)
        table = whole_columns(table)
        frame = Folding(PRODUCT, "full", "vanish", "last", BY_ROW, PLAIN).compared(checked, table)
    else:
        thinned = cmp.thinned(checked, table, PRODUCT, BY_ROW)
        frame = cmp.compare(thinned, table, PRODUCT, mode="full", place=BY_ROW)
    found: dict[str, tuple[str | None, str | None]] = {}
    for one in frame.collect():
        pair = found.get(one["product_id"], (None, None))
        outcome = one[outcomes.OUTCOME]
        found[one["product_id"]] = (outcome, pair[1]) if one["_pos"] is None else (pair[0], outcome)
        if outcome == outcomes.CHANGED:
            assert one[SLICE] == "d"
    assert found == {key: one for key, (*_, one) in cases.items()}


LINEAGE = ("feed_id", "catalog_version", "row", "loaded_at")


def whole_columns(frame: DataFrame) -> DataFrame:
    """With all columns of the record, and those of a row."""
    lacking = {
        name: F.lit(None).cast(kind) for name, kind in PRODUCT.columns if name not in frame.columns
    }
    return frame.withColumns({**lacking, "_raw": F.lit(None).cast("string")})


PLAIN = Judge(
    {},
    {},
    {
        **{one.name: folded(one.name) for one in PRODUCT.fields},
        "content_hash": f"coalesce({folded('title')}, 'h')",
        **{
            said_column(one): f"cast(null as {PRODUCT.by_name[one].sql_type})"
            for one in PRODUCT.said
        },
        EXPIRED: "cast(null as boolean)",
        "_lost": "cast(array() as array<struct<code:string,field:string,value:string>>)",
        "_more": "cast(array() as array<struct<code:string,field:string,value:string>>)",
    },
)
"""Judges nothing: the title of a row that says something new stands for the hash."""
