"""What a feed changes: each row of the feed and each product of the table gets its outcome."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from random import Random

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.product.record import PRODUCT
from mallfeed.table import compare as cmp
from mallfeed.table import counting, outcomes

CHECKED = (
    "_pos long, _row string, mall_id string, product_id string, op string, content_hash string, "
    "mall_updated_at timestamp, _rejects array<struct<code:string,field:string,value:string>>, "
    "_warnings array<struct<code:string,field:string,value:string>>, _dropped string"
)
BAD = [("price_missing", None, None)]
Row = tuple[object, ...]


def row(pos: int, pid: str | None, content: str, op: str = "U", **more: object) -> Row:
    at = more.get("at")
    return (
        pos,
        str(pos),
        more.get("mall", "m"),
        pid,
        op,
        content,
        at,
        more.get("rejects", []),
        more.get("warnings", []),
        more.get("rule"),
    )


def held(spark: SparkSession, products: dict[str, str], mall: str = "m") -> DataFrame:
    rows = [(mall, product_id, content) for product_id, content in products.items()]
    return spark.createDataFrame(rows, "mall_id string, product_id string, content_hash string")


def compared(
    spark: SparkSession, rows: list[Row], table: dict[str, str], **options: object
) -> DataFrame:
    """Computed once: what is asked of it would each compare anew."""
    later, thin = options.pop("later", None), options.pop("thin", False)
    frame = spark.createDataFrame(rows, CHECKED)
    stored = held(spark, table)
    ids = None if later is None else held(spark, dict.fromkeys(later, ""))
    frame = cmp.thinned(frame, stored, PRODUCT) if thin else frame
    found = cmp.compare(frame, stored, PRODUCT, **{"mode": "full", **options}, later=ids)
    return found.localCheckpoint()


def outcomes_of(frame: DataFrame) -> list[tuple[str | None, str, str]]:
    found = frame.select("product_id", "op", outcomes.OUTCOME).collect()
    return sorted((tuple(one) for one in found), key=str)


def counts(frame: DataFrame) -> dict[str, int]:
    return frame.agg(*counting.counted()).first().asDict()


def test_a_full_feed_changes_what_differs_and_removes_what_is_absent(
    spark: SparkSession,
) -> None:
    frame = compared(
        spark,
        [row(0, "new", "a"), row(1, "same", "b"), row(2, "other", "c2")],
        {"same": "b", "other": "c1", "gone": "d"},
    )
    assert outcomes_of(frame) == [
        ("gone", "D", "vanished"),
        ("new", "U", "changed"),
        ("other", "D", "stays"),
        ("other", "U", "changed"),
        ("same", "D", "stays"),
        ("same", "U", "same"),
    ]
    assert counts(frame) == {
        "accepted": 3, "deletes": 0, "rejected": 0, "duplicates": 0, "dropped": 0, "changed": 2,
        "vanished": 1, "vanished_by_reject": 0, "products_before": 3, "elsewhere": 0,
    }  # fmt: skip


def test_the_last_good_row_of_an_id_wins_and_a_bad_one_does_not_override_it(
    spark: SparkSession,
) -> None:
    rows = [row(0, "p", "a"), row(1, "p", "b"), row(2, "p", "c", rejects=BAD)]
    frame = compared(spark, rows, {})
    found = {r["_row"]: r[outcomes.OUTCOME] for r in frame.collect()}
    assert found == {"0": "duplicate", "1": "changed", "2": "rejected"}


def test_ids_of_repeated_rows_are_shown_by_example(spark: SparkSession) -> None:
    ids = ["a", "b", "b", "c", "c", "d", "d"]
    rows = [row(i, one, str(i)) for i, one in enumerate(ids)]
    whole = compared(spark, rows, {})
    for frame in (whole, cmp.bared(whole, "full", PRODUCT)):
        assert tuple(frame.agg(*counting.repeated(PRODUCT)).first()) == ("b", "d")
    none = compared(spark, [row(0, "a", "0")], {})
    assert tuple(none.agg(*counting.repeated(PRODUCT)).first()) == (None, None)


def test_newest_wins_where_the_catalog_says_so(spark: SparkSession) -> None:
    new, old = datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    rows = [row(0, "p", "a", at=new), row(1, "p", "b", at=old), row(2, "p", "c")]
    frame = compared(spark, rows, {}, duplicates="newest")
    found = {r["_row"]: r[outcomes.OUTCOME] for r in frame.collect()}
    assert found == {"0": "changed", "1": "duplicate", "2": "duplicate"}


def test_the_first_wins_where_the_catalog_says_so(spark: SparkSession) -> None:
    rows = [row(0, "p", "a", rejects=BAD), row(1, "p", "b"), row(2, "p", "c")]
    frame = compared(spark, rows, {"p": "x"}, duplicates="first")
    found = {r["_row"]: r[outcomes.OUTCOME] for r in frame.where("_row is not null").collect()}
    assert found == {"0": "rejected", "1": "changed", "2": "duplicate"}


def test_a_refused_row_removes_its_product_or_keeps_it_as_the_catalog_says(
    spark: SparkSession,
) -> None:
    rows = [row(0, "p", "x", rejects=BAD), row(1, None, "y", rejects=BAD)]
    vanishing = compared(spark, rows, {"p": "a", "q": "b"})
    assert counts(vanishing)["vanished"] == 2
    assert counts(vanishing)["vanished_by_reject"] == 1
    keeping = compared(spark, rows, {"p": "a", "q": "b"}, on_reject="keep")
    assert ("p", "D", "kept") in outcomes_of(keeping)
    assert counts(keeping)["vanished"] == 1


def test_a_product_that_a_rule_leaves_out_vanishes_from_a_full_feed(spark: SparkSession) -> None:
    rows = [
        row(0, "shown", "a"),
        row(1, "hidden", "b", rule="r"),
        row(2, "hidden again", "c"),
        row(3, "hidden again", "d", rule="r"),
        row(4, "back", "e", rule="r"),
        row(5, "back", "f"),
        row(6, "refused", "g", rule="r"),
        row(7, "refused", "h", rejects=BAD),
        row(8, None, "i", rule="r"),
        row(9, "never there", "j", rule="r"),
    ]
    frame = compared(spark, rows, dict.fromkeys(["hidden", "hidden again", "back", "refused"], "x"))
    found = {r["_row"]: r[outcomes.OUTCOME] for r in frame.where("_row is not null").collect()}
    assert found == {
        "0": "changed", "1": "dropped", "2": "duplicate", "3": "dropped", "4": "duplicate",
        "5": "changed", "6": "dropped", "7": "rejected", "8": "dropped", "9": "dropped",
    }  # fmt: skip
    vanished = frame.where(F.col(outcomes.OUTCOME) == "vanished").select("product_id").collect()
    assert {r[0] for r in vanished} == {"hidden", "hidden again", "refused"}
    assert counts(frame) == {
        "accepted": 2, "deletes": 0, "rejected": 1, "duplicates": 2, "dropped": 5, "changed": 2,
        "vanished": 3, "vanished_by_reject": 0, "products_before": 4, "elsewhere": 0,
    }  # fmt: skip


def test_a_row_that_is_left_out_of_a_delta_takes_its_product_down(spark: SparkSession) -> None:
    rows = [
        row(0, "there", "a", rule="r"),
        row(1, "not there", "b", rule="r"),
        row(2, "touched later", "c", rule="r"),
        row(3, "brought back", "d", rule="r"),
        row(4, "brought back", "e"),
        row(5, "deleted, then hidden", "f", op="D"),
        row(6, "deleted, then hidden", "g", rule="r"),
    ]
    table = dict.fromkeys(["there", "touched later", "brought back", "deleted, then hidden"], "x")
    frame = compared(spark, rows, table, mode="delta", later=["touched later"])
    found = {
        r["_row"]: (r["op"], r[outcomes.OUTCOME]) for r in frame.where("_row is not null").collect()
    }
    assert found == {
        "0": ("D", "taken_down"), "1": ("U", "dropped"), "2": ("U", "dropped"),
        "3": ("U", "duplicate"), "4": ("U", "changed"), "5": ("D", "duplicate"),
        "6": ("D", "taken_down"),
    }  # fmt: skip
    counted = counts(frame)
    assert (counted["dropped"], counted["vanished"], counted["deletes"]) == (4, 2, 0)
    kept = cmp.worth_keeping(frame, "delta")
    touched = {r[0]: None for r in cmp.touched(kept, PRODUCT).select("product_id").collect()}
    assert set(touched) == {*table, "not there"}


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
    found = {r["_row"]: (r["op"], r[outcomes.OUTCOME]) for r in frame.collect() if r["_row"]}
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


def test_a_late_feed_leaves_alone_products_that_later_ones_touch(spark: SparkSession) -> None:
    frame = compared(
        spark,
        [row(0, "p", "old"), row(1, "q", "q1")],
        {"p": "new", "r": "r1", "s": "s1"},
        later=["p", "r"],
    )
    assert outcomes_of(frame) == [
        ("p", "D", "stays"),
        ("p", "U", "same"),
        ("q", "U", "changed"),
        ("r", "D", "stays"),
        ("s", "D", "vanished"),
    ]


def test_every_row_is_accounted_for_once(spark: SparkSession) -> None:
    rows = [
        row(
            i, f"p{i % 7}", f"h{i}", rejects=BAD if i % 5 == 0 else [], rule="r" if i > 95 else None
        )
        for i in range(100)
    ]
    seen = counts(compared(spark, rows, {"p1": "x"}))
    parts = ("accepted", "deletes", "rejected", "duplicates", "dropped")
    assert sum(seen[part] for part in parts) == 100
    assert all(seen[part] for part in parts if part != "deletes")


def test_only_what_matters_is_kept_and_all_of_a_delta(spark: SparkSession) -> None:
    rows = [
        row(0, "p", "a"),
        row(1, "q", "b", warnings=[("gtin_invalid", None, None)]),
        row(2, "r", "c"),
    ]
    frame = compared(spark, rows, {"p": "a", "q": "b", "z": "z"})
    kept = cmp.worth_keeping(frame, "full")
    assert {r["product_id"] for r in kept.collect()} == {"q", "r", "z"}
    delta = compared(spark, rows, {"p": "a", "q": "b", "z": "z"}, mode="delta")
    kept = cmp.worth_keeping(delta, "delta")
    assert {r["product_id"] for r in cmp.touched(kept, PRODUCT).collect()} == {"p", "q", "r"}


def sent(rows: int) -> tuple[list[Row], dict[str, str]]:
    """A feed of all kinds of rows, and a table that holds about half of them as they are."""
    chance = Random(11)
    feed = [
        row(
            n,
            None if chance.random() < 0.02 else f"p{chance.randrange(rows // 2)}",
            chance.choice(HASHES),
            op="D" if chance.random() < 0.05 else "U",
            at=datetime(2026, 11, chance.randint(1, 28), tzinfo=UTC),
            rejects=BAD if chance.random() < 0.1 else [],
            warnings=[("gtin_invalid", None, None)] if chance.random() < 0.1 else [],
            rule="hidden" if chance.random() < 0.1 else None,
        )
        for n in range(rows)
    ]
    return feed, {f"p{n}": chance.choice(HASHES) for n in range(0, rows // 2, 2)}


HASHES = [sha256(bytes([n])).hexdigest() for n in range(3)]


@pytest.mark.parametrize("duplicates", ["last", "newest"])
@pytest.mark.parametrize("mode", ["full", "delta"])
def test_thinned_rows_have_the_same_outcome_and_kept_rows_are_complete(
    spark: SparkSession, mode: str, duplicates: str
) -> None:
    rows, table = sent(2_000)
    options = {"mode": mode, "duplicates": duplicates, "later": [f"p{n}" for n in range(0, 90, 3)]}
    wide = compared(spark, rows, table, **options)
    thin = compared(spark, rows, table, thin=True, **options)
    told = ("_pos", "product_id", "op", outcomes.OUTCOME)
    assert sorted(wide.select(*told).collect(), key=str) == sorted(
        thin.select(*told).collect(), key=str
    )
    whole = [cmp.worth_keeping(one, "full").collect() for one in (wide, thin)]
    assert sorted(whole[0], key=str) == sorted(whole[1], key=str)
    lost = thin.where("_pos is not null and _row is null")
    plain = "size(_rejects) = 0 and size(_warnings) = 0 and op = 'U' and _dropped is null"
    assert lost.where(f"not ({plain})").count() == 0
    assert (
        lost.where(F.col(outcomes.OUTCOME).isin(outcomes.SAME, outcomes.DUPLICATE)).count()
        == lost.count()
    )
    as_they_are = wide.where(plain).where("_pos >= 0")
    as_they_are = as_they_are.join(held(spark, table), ["product_id", "content_hash"], "left_semi")
    assert lost.count() == as_they_are.count()
    assert lost.count() > 100


@pytest.mark.parametrize("mode", ["full", "delta"])
def test_malls_compared_together_have_the_same_outcome_as_alone(
    spark: SparkSession, mode: str
) -> None:
    rows, table = sent(300)
    others = [(pos, row_, "n", *rest) for pos, row_, _, *rest in rows[::2]]
    both = spark.createDataFrame([*rows, *others], CHECKED)
    tables = held(spark, table).union(held(spark, dict(list(table.items())[:40]), "n"))
    together = cmp.compare(both, tables, PRODUCT, mode=mode).localCheckpoint()  # type: ignore[arg-type]
    for mall in ("m", "n"):
        of_mall = F.col("mall_id") == mall
        own = both.where(of_mall), tables.where(of_mall)
        alone = cmp.compare(*own, PRODUCT, mode=mode).localCheckpoint()  # type: ignore[arg-type]
        mine = sorted(together.where(of_mall).collect(), key=str)
        assert mine == sorted(alone.collect(), key=str)
        is_whole = "_pos is not null or (product_id is not null and _outcome != 'duplicate')"
        bare = cmp.bared(together, mode, PRODUCT).where(of_mall)  # type: ignore[arg-type]
        assert counts(bare) == counts(alone)
        kept = cmp.worth_keeping(alone, mode)  # type: ignore[arg-type]
        assert bare.where(is_whole).count() == kept.count()
