"""What a feed changes: each row of the feed and each product of the table gets its outcome."""

from __future__ import annotations

from datetime import UTC, datetime

from pyspark.sql import DataFrame, SparkSession

from mallfeed.table import compare as cmp

CHECKED = (
    "_pos long, _row string, product_id string, op string, content_hash string, "
    "mall_updated_at timestamp, _rejects array<struct<code:string>>, "
    "_warnings array<struct<code:string>>"
)
BAD = [("price_missing",)]
Row = tuple[object, ...]


def row(pos: int, pid: str | None, content: str, op: str = "U", **more: object) -> Row:
    at = more.get("at")
    return (pos, str(pos), pid, op, content, at, more.get("rejects", []), more.get("warnings", []))


def compared(
    spark: SparkSession, rows: list[Row], table: dict[str, str], **options: object
) -> DataFrame:
    later = options.pop("later", None)
    frame = spark.createDataFrame(rows, CHECKED)
    stored = spark.createDataFrame(list(table.items()), "product_id string, content_hash string")
    ids = (
        None if later is None else spark.createDataFrame([(x,) for x in later], "product_id string")
    )
    return cmp.compare(frame, stored, **{"mode": "full", **options}, later=ids)


def outcomes(frame: DataFrame) -> list[tuple[str | None, str, str]]:
    found = frame.select("product_id", "op", cmp.OUTCOME).collect()
    return sorted((tuple(one) for one in found), key=str)


def counts(frame: DataFrame) -> dict[str, int]:
    return frame.agg(*cmp.counted()).first().asDict()


def test_a_full_feed_changes_what_differs_and_takes_away_what_is_absent(
    spark: SparkSession,
) -> None:
    frame = compared(
        spark,
        [row(0, "new", "a"), row(1, "same", "b"), row(2, "other", "c2")],
        {"same": "b", "other": "c1", "gone": "d"},
    )
    assert outcomes(frame) == [
        ("gone", "D", "vanished"),
        ("new", "U", "changed"),
        ("other", "D", "stays"),
        ("other", "U", "changed"),
        ("same", "D", "stays"),
        ("same", "U", "same"),
    ]
    assert counts(frame) == {
        "accepted": 3, "deletes": 0, "rejected": 0, "duplicates": 0, "changed": 2,
        "vanished": 1, "vanished_by_reject": 0, "products_before": 3,
    }  # fmt: skip


def test_the_last_good_row_of_an_id_wins_and_a_bad_one_does_not_knock_it_out(
    spark: SparkSession,
) -> None:
    rows = [row(0, "p", "a"), row(1, "p", "b"), row(2, "p", "c", rejects=BAD)]
    frame = compared(spark, rows, {})
    found = {r["_row"]: r[cmp.OUTCOME] for r in frame.collect()}
    assert found == {"0": "duplicate", "1": "changed", "2": "rejected"}


def test_newest_wins_where_the_catalog_says_so(spark: SparkSession) -> None:
    new, old = datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    rows = [row(0, "p", "a", at=new), row(1, "p", "b", at=old), row(2, "p", "c")]
    frame = compared(spark, rows, {}, duplicates="newest")
    found = {r["_row"]: r[cmp.OUTCOME] for r in frame.collect()}
    assert found == {"0": "changed", "1": "duplicate", "2": "duplicate"}


def test_a_refused_row_takes_its_product_away_or_keeps_it_as_the_catalog_says(
    spark: SparkSession,
) -> None:
    rows = [row(0, "p", "x", rejects=BAD), row(1, None, "y", rejects=BAD)]
    vanishing = compared(spark, rows, {"p": "a", "q": "b"})
    assert counts(vanishing)["vanished"] == 2
    assert counts(vanishing)["vanished_by_reject"] == 1
    keeping = compared(spark, rows, {"p": "a", "q": "b"}, on_reject="keep")
    assert ("p", "D", "kept") in outcomes(keeping)
    assert counts(keeping)["vanished"] == 1


def test_a_delta_deletes_only_what_it_names_and_its_last_operation_counts(
    spark: SparkSession,
) -> None:
    rows = [
        row(0, "p", "x", op="D"),
        row(1, "q", "b2"),
        row(2, "q", None, op="D"),
        row(3, "r", None, op="D"),
        row(4, "s", None, op="D"),
        row(5, "s", "s2"),
    ]
    frame = compared(spark, rows, {"p": "a", "q": "b", "s": "s1", "t": "t"}, mode="delta")
    found = {r["_row"]: (r["op"], r[cmp.OUTCOME]) for r in frame.collect() if r["_row"]}
    assert found == {
        "0": ("D", "changed"),
        "1": ("U", "duplicate"),
        "2": ("D", "changed"),
        "3": ("D", "same"),
        "4": ("D", "duplicate"),
        "5": ("U", "changed"),
    }
    assert counts(frame)["vanished"] == 2
    assert counts(frame)["deletes"] == 3


def test_a_late_feed_leaves_alone_what_later_ones_have_spoken_of(spark: SparkSession) -> None:
    frame = compared(
        spark,
        [row(0, "p", "old"), row(1, "q", "q1")],
        {"p": "new", "r": "r1", "s": "s1"},
        later=["p", "r"],
    )
    assert outcomes(frame) == [
        ("p", "D", "stays"),
        ("p", "U", "same"),
        ("q", "U", "changed"),
        ("r", "D", "stays"),
        ("s", "D", "vanished"),
    ]


def test_every_row_is_accounted_for_once(spark: SparkSession) -> None:
    rows = [row(i, f"p{i % 7}", f"h{i}", rejects=BAD if i % 5 == 0 else []) for i in range(100)]
    seen = counts(compared(spark, rows, {"p1": "x"}))
    assert seen["accepted"] + seen["deletes"] + seen["rejected"] + seen["duplicates"] == 100


def test_only_what_matters_is_kept_and_all_of_a_delta(spark: SparkSession) -> None:
    rows = [row(0, "p", "a"), row(1, "q", "b", warnings=[("gtin_invalid",)]), row(2, "r", "c")]
    frame = compared(spark, rows, {"p": "a", "q": "b", "z": "z"})
    kept = cmp.worth_keeping(frame, "full")
    assert {r["product_id"] for r in kept.collect()} == {"q", "r", "z"}
    delta = compared(spark, rows, {"p": "a", "q": "b", "z": "z"}, mode="delta")
    kept = cmp.worth_keeping(delta, "delta")
    assert {r["product_id"] for r in cmp.touched(kept).collect()} == {"p", "q", "r"}
