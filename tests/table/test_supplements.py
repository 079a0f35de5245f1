"""Supplements lie over what primary feeds say, whatever comes in which order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from mallfeed.catalog.model import Catalog
from mallfeed.catalog.read import read_catalog
from mallfeed.ledger.model import FeedRecord
from mallfeed.load.outcome import changes
from mallfeed.load.supplements import Supplements
from mallfeed.normalise.judge import judge
from mallfeed.product.record import PRODUCT, SUPPLEMENTED
from mallfeed.product.supplement import partition_of, slice_of
from mallfeed.table.counts import Counts
from mallfeed.table.fold import Folding
from mallfeed.table.iceberg import IcebergProductTable
from mallfeed.table.place import Place
from mallfeed.table.port import Commit, Staged
from tests.table.test_holding import normalised
from tests.unit.ledger.records import feed as record_of

pytestmark = pytest.mark.spark

NOW = datetime(2026, 11, 25, tzinfo=UTC)
MALL = "mall_m"
CATALOG = read_catalog(
    """
mall: mall_m
version: 2
effective_from: 2026-01-01T00:00:00+09:00
owner: feeds
contact: md@example.com
fields:
  product_id: id
  title: title
  price: price
  url: url
  category_path: category
  brand: {from: brand, optional: true}
  gtin: {from: gtin, optional: true}
  list_price: {from: list, optional: true}
attributes:
  color: {from: color, optional: true}
  size: {from: size, optional: true}
feeds:
  full: {format: json}
  changes: {format: json, mode: delta, operation: {from: op}}
  gtins:
    format: json
    role: supplement
    fields: {gtin: gtin, brand: brand, title: title, shipping_fee: fee}
    attributes: {color: color}
  corrections:
    format: json
    mode: delta
    operation: {from: op}
    role: supplement
    priority: 5
    fields: {brand: brand, category_path: category, price: price, list_price: list}
    attributes: {color: color, weight: weight}
""",
    "v2.yaml",
)
ONE, TWO = "8801234567893", "4006381333931"
Rows = Sequence[dict[str, Any]]


def row(product_id: str, **more: Any) -> dict[str, Any]:
    plain = {
        "title": "t",
        "price": 10_000,
        "url": "https://a.kr/1",
        "category": "전자",
        "brand": "x",
    }
    return {"id": product_id, "op": "U", **plain, **more}


class Mall:
    """A mall whose feeds are staged as the job stages them, and committed."""

    def __init__(self, spark: SparkSession, scratch: Path) -> None:
        self.spark, self.scratch = spark, scratch
        self.table = IcebergProductTable(spark, f"supplements_{scratch.name}", PRODUCT)
        self.catalog: Catalog = CATALOG
        self.loads = 0
        self.at: Commit | None = None

    def primary(self, name: str, rows: Rows) -> None:
        """A feed of products."""
        feed, checked = self._read(name, rows)
        spec = self.catalog.feeds[name]
        key = list(PRODUCT.key)
        touched = checked.select(*key) if spec.mode == "delta" else None
        place = Place(f"'{feed.order}'", "'full'")
        over = self._supplements().rows(MALL, of=touched) if self._has_any() else None
        judges = judge(PRODUCT, self.catalog, name, NOW)
        folding = Folding(
            PRODUCT, spec.mode, spec.on_reject, spec.duplicates, place, judges, supplements=over
        )
        outcome = folding.compared(checked, self.table.products(MALL, touched=touched))
        made = changes(outcome.localCheckpoint(), PRODUCT, {feed.feed_id: 2}, NOW)
        self._commit(Staged(feed.feed_id, MALL, self._counts(made.count()), made))

    def supplement(self, name: str, rows: Rows) -> None:
        """A feed of a supplement."""
        feed, checked = self._read(name, rows)
        of = self._supplements()
        place = Place(f"'{feed.order}'", f"'{slice_of(name)}'")
        outcome = of.folded(feed, name, self.catalog.feeds[name], checked, place, ())
        outcome = outcome.localCheckpoint()
        made = of.change_set(feed, name, outcome, self.catalog)
        self._commit_beside(feed, name, made)

    def dropped(self, name: str) -> None:
        """All that a supplement says is taken back."""
        feed = record_of(100, mall=MALL)
        self._commit_beside(feed, name, self._supplements().emptying(feed, name))

    def shown(self, *fields: str) -> dict[str, list[Any]]:
        """Product → what sinks have of these fields."""
        assert self.at is not None
        rows = self.table.contents(MALL, self.at).frame.where(f"mall_id = '{MALL}'").collect()
        return {one["product_id"]: [one[name] for name in fields] for one in rows}

    def sent(self, since: Commit) -> set[tuple[str, str]]:
        assert self.at is not None
        rows = self.table.changes(MALL, since, self.at).frame.collect()
        return {(one["op"], one["product_id"]) for one in rows}

    def _has_any(self) -> bool:
        return bool(self.table.supplements(MALL))

    def _supplements(self) -> Supplements:
        return Supplements(self.spark, self.table, "lake", {2: self.catalog}, NOW)

    def _read(self, name: str, rows: Rows) -> tuple[FeedRecord, Any]:
        self.loads += 1
        feed = record_of(self.loads, mall=MALL)
        scratch = self.scratch / str(self.loads)
        checked = normalised(self.spark, self.catalog, name, list(rows), scratch, NOW)
        return feed, checked.localCheckpoint()

    def _counts(self, changed: int, beside: int = 0) -> Counts:
        before = self.table.ids(MALL).count()
        return Counts(changed=changed, beside=beside, products_before=before)

    def _commit_beside(self, feed: FeedRecord, name: str, made: Any) -> None:
        made = made.localCheckpoint()
        counts = self._counts(0, made.count())
        partitions = (partition_of(MALL, name),)
        self._commit(Staged(feed.feed_id, MALL, counts, made, partitions=partitions))

    def _commit(self, staged: Staged) -> None:
        self.at = self.table.commit([staged])


@pytest.fixture(scope="module")
def mall(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Mall:
    return Mall(spark, tmp_path_factory.mktemp("mall"))


def test_what_a_supplement_gives_outlives_primary_feeds_until_it_is_taken_back(mall: Mall) -> None:
    fields = ("brand", "gtin", "attributes")
    mall.primary("full", [row("A", color="red", size="L"), row("B"), row("C")])
    before = mall.at
    assert before is not None
    mall.supplement(
        "gtins",
        [
            {"id": "A", "gtin": ONE, "color": "blue"},
            {"id": "B", "brand": "Z", "title": ""},
            {"id": "D", "gtin": TWO},
        ],
    )
    given = {
        "A": ["x", ONE, {"color": "blue", "size": "L"}],
        "B": ["Z", None, None],
        "C": ["x", None, None],
    }
    assert mall.shown(*fields) == given
    assert mall.sent(before) == {("U", "A"), ("U", "B")}, "no sink has what waits"
    assert mall.table.malls() == {MALL}
    assert mall.at is not None
    assert mall.table.slices(MALL, mall.at) == {"full": 3, "+gtins": 3}

    mall.supplement(
        "corrections",
        [
            {"id": "B", "op": "U", "brand": "Q", "weight": "1 kg"},
            {"id": "A", "op": "U", "price": 9_000, "list": 12_000, "color": "green"},
        ],
    )
    mall.primary("full", [row("A", title="new", color="red"), row("B", brand="y"), row("D")])
    assert mall.shown("title", *fields) == {
        "A": ["new", "x", ONE, {"color": "green"}],
        "B": ["t", "Q", None, {"weight": "1 kg"}],
        "D": ["t", "x", TWO, None],
    }
    assert mall.shown("price", "list_price")["A"] == [9_000, 12_000]
    mall.primary("changes", [{"id": "B", "op": "U", "brand": "y3"}])
    assert mall.shown("brand")["B"] == ["Q"]
    mall.supplement("gtins", [{"id": "B", "brand": "Z"}, {"id": "D", "gtin": TWO}])
    assert mall.shown(*fields)["A"] == ["x", None, {"color": "green"}]
    mall.dropped("corrections")
    assert mall.shown("brand", "price", "list_price", "attributes") == {
        "A": ["x", 10_000, None, {"color": "red"}],
        "B": ["Z", 10_000, None, None],
        "D": ["x", 10_000, None, None],
    }
    held = {
        one["product_id"]: one[SUPPLEMENTED] and json.loads(one[SUPPLEMENTED])
        for one in mall.table.products(MALL).collect()
    }
    assert held["A"] is None
    assert held["B"]["own"]["brand"] == "y3", "what the primary feed said last"
    assert held["D"]["names"] == ["gtin", "gtins"]
