"""What newer rows have said, which were uploaded before, stays; each product is a case of its own."""

from __future__ import annotations

import pytest
from pyspark.sql import SparkSession

from mallfeed.product.record import PRODUCT
from mallfeed.table.fold import Folding
from mallfeed.table.fold_columns import NAMED, OLDER_THAN_KNOWN, WHOLE
from mallfeed.table.fold_rows import Later
from mallfeed.table.outcomes import OUTCOME, REJECTED, Mode
from mallfeed.table.place import Place
from tests.table.folded_rows import (
    DELETE,
    JUDGE,
    Said,
    after,
    changes,
    checked,
    folded,
    staged,
    table,
    whole,
)

NEWER: dict[str, list[Said]] = {
    "price": [changes(price=9)],
    "brand cleared": [changes(brand=None)],
    "deleted": [DELETE],
    "brought": [whole(price=7)],
    "all": [whole(title="t1", price=8)],
    "other field": [changes(price=9)],
    "hidden": [changes(price=6)],
}
BEGUN = {key: whole(brand="b0") for key in (*NEWER, "untouched", "gone") if key != "brought"}
EXPORT = {
    key: [whole(title="t2", price=20, brand="b2")]
    for key in (*NEWER, "untouched", "new")
    if key != "brought"
}


@pytest.mark.parametrize("mode", ["full", "delta"])
def test_an_export_changes_only_what_nothing_newer_has_said(
    spark: SparkSession, mode: Mode
) -> None:
    """The newer delta `o2` is in the table when the export `o3` comes, whose data were made before it."""
    held = {
        key: folded(
            None if key not in BEGUN else folded(None, [BEGUN[key]], None), NEWER.get(key, []), "o2"
        )
        for key in {**BEGUN, **NEWER}
    }
    before = table(spark, held).localCheckpoint()
    export = dict(EXPORT)
    if mode == "delta":
        export |= {"other field": [changes(brand="b2")], "unknown": [changes(price=3)]}
    feed = checked(spark, export)
    if mode == "full":
        feed = feed.drop(NAMED, WHOLE)
    newer = Later(staged(checked(spark, NEWER), "o2"), uploaded_before=True, brings=mode != "full")
    folding = Folding(PRODUCT, mode, "vanish", "last", Place("'o3'", later=("o2",)), JUDGE, [newer])
    compared = folding.compared(feed, before).localCheckpoint()
    found = after(before, compared)
    shown = {key: (int(one["price"]), one["title"], one["brand"]) for key, one in found.items()}
    right = {
        "price": (9, "t2", "b2"),
        "brand cleared": (20, "t2", None),
        "all": (8, "t1", "b2"),
        "other field": (9, "t2", "b2") if mode == "full" else (9, "t", "b2"),
        "hidden": (6, "t2", "b2"),
        "untouched": (20, "t2", "b2"),
        "new": (20, "t2", "b2"),
    }
    if mode == "delta":
        right |= {"brought": (7, "t", None), "gone": (10, "t", "b0")}
    assert shown == right
    rows = [row for row in compared.collect() if row["_row"] is not None]
    older = {
        row["product_id"]
        for row in rows
        if OLDER_THAN_KNOWN in [one["code"] for one in row["_warnings"]]
    }
    assert older == {"price", "brand cleared", "deleted", "all", "hidden"} | (
        {"other field"} if mode == "full" else set()
    )
    refused = {row["product_id"] for row in rows if row[OUTCOME] == REJECTED}
    assert refused == ({"unknown"} if mode == "delta" else set())


def test_a_delta_that_a_full_feed_has_come_after_brings_no_product(spark: SparkSession) -> None:
    held = table(spark, {"there": folded(None, [whole()], None)}).localCheckpoint()
    feed = checked(spark, {"there": [whole(price=9)], "not there": [whole(price=8)]})
    folding = Folding(PRODUCT, "delta", "vanish", "last", Place("'o3'", brings=False), JUDGE)
    compared = folding.compared(feed, held).localCheckpoint()
    assert {key: int(one["price"]) for key, one in after(held, compared).items()} == {"there": 9}
    codes = {
        row["product_id"]: [one["code"] for one in row["_rejects"]]
        for row in compared.collect()
        if row["_row"] is not None
    }
    assert codes == {"there": [], "not there": ["product_unknown"]}
