"""Stamps of rows from the file into the table: how they are read, and what is remembered beside the products."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from mallfeed.catalog.read import read_catalog
from mallfeed.load.outcome import changes
from mallfeed.load.stamps import Stamps
from mallfeed.normalise.judge import judge
from mallfeed.product.record import PRODUCT, SAID_AT
from mallfeed.product.supplement import MEMORY, partition_of
from mallfeed.table import compare as cmp
from mallfeed.table.counts import Counts
from mallfeed.table.fold import Folding
from mallfeed.table.iceberg import IcebergProductTable
from mallfeed.table.place import Place
from mallfeed.table.port import Commit, Staged
from tests.table.test_holding import normalised
from tests.unit.ledger.records import feed as record_of

pytestmark = [pytest.mark.spark, pytest.mark.timeout(1200)]

NOW = datetime(2026, 11, 30, 3, tzinfo=UTC)
MALL = "mall_m"
CATALOG = read_catalog(
    """
mall: mall_m
version: 1
effective_from: 2026-01-01T00:00:00+09:00
owner: feeds
contact: md@example.com
as_of: updated_at
fields: {product_id: id, title: title, price: price, url: url, category_path: category, brand: {from: brand, optional: true}}
feeds:
  full: {format: json}
  changes: {format: json, mode: delta, operation: {from: op}, key_pattern: "c*"}
""",
    "v1.yaml",
)
Rows = Sequence[dict[str, Any]]


def row(product_id: str, stamp: str | None, **more: Any) -> dict[str, Any]:
    plain = {
        "title": "t",
        "price": 10_000,
        "url": "https://a.kr/1",
        "category": "전자",
        "brand": "x",
    }
    return {"id": product_id, "op": "U", "updated_at": stamp, **plain, **more}


def part(product_id: str, stamp: str | None, **more: Any) -> dict[str, Any]:
    return {"id": product_id, "op": "U", "updated_at": stamp, **more}


class Mall:
    """A mall whose feeds are staged as the job stages them, and committed."""

    def __init__(self, spark: SparkSession, scratch: Path) -> None:
        self.spark, self.scratch = spark, scratch
        self.table = IcebergProductTable(spark, f"stamps_{scratch.name}", PRODUCT)
        self.loads = 0
        self.at: list[Commit] = []

    def load(self, name: str, rows: Rows) -> tuple[dict[str, list[str]], Staged]:
        """Product → what is told of its rows, and the change set."""
        self.loads += 1
        feed = record_of(self.loads, MALL, feed_name=name, mode=CATALOG.feeds[name].mode)
        scratch = self.scratch / str(self.loads)
        checked = normalised(self.spark, CATALOG, name, list(rows), scratch, NOW)
        spec, stamps = CATALOG.feeds[name], Stamps(self.table, feed, NOW)
        touched = checked.select(*PRODUCT.key) if spec.mode == "delta" else None
        judges = judge(PRODUCT, CATALOG, name, NOW)
        folding = Folding(
            PRODUCT, spec.mode, spec.on_reject, spec.duplicates, Place(f"'{feed.order}'"), judges
        )
        compared = stamps.of(folding, touched).compared(
            checked, self.table.products(MALL, touched=touched)
        )
        outcome = cmp.worth_keeping(compared, spec.mode).localCheckpoint()
        made = changes(outcome, PRODUCT, {feed.feed_id: 1}, NOW)
        counts = Counts(changed=made.count(), products_before=1)
        staged = stamps.staged(Staged(feed.feed_id, MALL, counts, made), outcome, 1)
        self.at.append(self.table.commit([staged]))
        told = outcome.where("_row is not null").select("product_id", "_rejects", "_warnings")
        found: dict[str, list[str]] = {}
        for one in told.collect():
            codes = [fault["code"] for fault in (*one[1], *one[2])]
            found |= {one[0]: [*found.get(one[0], []), *codes]} if codes else {}
        return found, staged

    def products(self) -> dict[str, tuple[int, str | None]]:
        rows = self.table.products(MALL).collect()
        return {one["product_id"]: (int(one["price"]), one["brand"]) for one in rows}

    def remembered(self) -> dict[str, list[str]]:
        rows = self.table.memory(MALL).collect()
        return {one["product_id"]: [said["does"] for said in one[SAID_AT]] for one in rows}


def test_what_is_older_never_replaces_what_is_newer(spark: SparkSession, tmp_path: Path) -> None:
    mall = Mall(spark, tmp_path)
    day = "2026-11-30T"
    full = [
        row("late", f"{day}09:00:00+09:00"),
        row("deleted", f"{day}09:00:00"),
        row("unstamped", None),
        row("odd", "soon"),
        row("ahead", "2026-12-30T00:00:00Z"),
        row("nearly", f"{day}12:04:00"),
    ]
    told, first = mall.load("full", full)
    assert told == {
        "unstamped": ["as_of_missing"],
        "odd": ["as_of_invalid"],
        "ahead": ["as_of_ahead"],
    }
    assert first.counts.beside == 6
    served = mall.table.served(first).select("mall_id").distinct().collect()
    assert [one[0] for one in served] == [MALL], "sinks never see what is remembered"
    assert mall.table.supplements(MALL) == {}
    assert mall.table.malls() == {MALL}

    told, second = mall.load(
        "changes",
        [
            part("late", f"{day}10:00:00", price=9_000),
            {"id": "deleted", "op": "D", "updated_at": f"{day}10:00:00"},
            part("waits", f"{day}10:00:00", price=5_000),
            {"id": "stranger", "op": "D", "updated_at": "x"},
        ],
    )
    assert told["waits"] == ["product_unknown"]
    assert told["stranger"] == ["as_of_invalid"]
    assert set(mall.products()) == {"late", "unstamped", "odd", "ahead", "nearly"}
    assert second.counts.changed == 2
    assert {"deleted", "waits", "stranger"} <= set(mall.remembered())

    told, _ = mall.load(
        "changes",
        [
            row("late", f"{day}09:30:00", price=8_000, brand="y"),
            row("deleted", f"{day}09:30:00"),
            row("waits", f"{day}09:30:00"),
            part("nearly", f"{day}11:00:00", brand="z"),
        ],
    )
    assert told == {name: ["older_than_known"] for name in ("late", "deleted", "waits", "nearly")}
    products = mall.products()
    assert products["late"] == (9_000, "y"), "field by field"
    assert "deleted" not in products, "a delete is a value too"
    assert products["waits"] == (5_000, "x"), (
        "what was refused counts once its product turns out to have been there"
    )
    assert products["nearly"] == (10_000, "x")
    assert mall.remembered()["late"] == ["makes", "makes", "sets"]

    again = mall.table.restoring(partition_of(MALL, MEMORY), mall.at[1].snapshot_id)
    found = {one["product_id"]: one["op"] for one in again.collect()}
    assert found == {"late": "U", "waits": "U"}, "a rollback brings back what was known"
