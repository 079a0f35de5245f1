"""What is due at a moment: the products of which something begins or ends, and no others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import DataFrame, Row, SparkSession

from mallfeed.catalog.model import Catalog
from mallfeed.ledger.due import due_feed
from mallfeed.load.due import Due
from mallfeed.load.outcome import changes
from mallfeed.product.record import PRODUCT
from mallfeed.product.silence import Silence
from mallfeed.table import compare as cmp
from mallfeed.table import counting
from mallfeed.table.counts import Counts
from mallfeed.table.iceberg import IcebergProductTable
from mallfeed.table.port import Commit, Staged
from tests.table.test_holding import CATALOG, MOMENT, normalised, prices, whole
from tests.unit.ledger.records import feed

pytestmark = pytest.mark.spark

STARTS, ENDS = datetime(2026, 12, 9, 15, tzinfo=UTC), datetime(2026, 12, 26, 15, tzinfo=UTC)
ROWS = [
    whole("coming", sale=800, when="2026-12-10/2026-12-26"),
    whole("running", sale=800, when="2026-11-25/2026-12-26"),
    whole("ending", until="2026-12-09"),
    whole("for_ever"),
    whole("over", sale=800, when="2026-11-01/2026-11-20"),
]


class Mall:
    """A mall whose products are loaded, and moved on."""

    def __init__(
        self,
        spark: SparkSession,
        scratch: Path,
        catalog: Catalog = CATALOG,
        silence: Silence | None = None,
    ) -> None:
        self.spark, self.scratch = spark, scratch
        self.catalog, self.silence = catalog, silence
        self.table = IcebergProductTable(spark, f"due_{scratch.name}", PRODUCT)
        self.loads = 0

    def load(self, rows: list[dict[str, Any]], moment: datetime) -> tuple[Commit, dict[str, int]]:
        """Of a full feed the commit, and how many rows have which outcome."""
        self.loads += 1
        scratch = self.scratch / str(self.loads)
        checked = normalised(self.spark, self.catalog, "full", rows, scratch, moment)
        found = cmp.compare(checked, self.table.ids("mall_m"), PRODUCT, mode="full")
        outcome = found.localCheckpoint()
        told = {
            row["_outcome"]: row["count"] for row in outcome.groupBy("_outcome").count().collect()
        }
        made = changes(outcome, PRODUCT, {f"mall_m-{self.loads}": 2}, moment)
        return self.commit(f"mall_m-{self.loads}", made), told

    def turn(self, moment: datetime, now: datetime | None = None) -> tuple[Commit, dict[str, Row]]:
        """What is due at the moment: the commit, and what it changes."""
        last = feed(1, mall="mall_m")
        due = due_feed(moment, last, moment)
        of = Due(self.spark, self.table, "lake", {2: self.catalog}, now or moment, self.silence)
        made = of._changes(due, moment).localCheckpoint()
        rows = {row["product_id"]: row for row in made.collect()}
        return self.commit(due.feed_id, made.drop("_goes")), rows

    def commit(self, feed_id: str, made: DataFrame) -> Commit:
        counts = Counts(changed=made.count(), products_before=self.table.ids("mall_m").count())
        return self.table.commit([Staged(feed_id, "mall_m", counts, made)])

    def shown(self, at: Commit) -> dict[str, list[int | None]]:
        rows = self.table.contents("mall_m", at).frame.collect()
        return {row["product_id"]: prices(row) for row in rows}


@pytest.fixture
def mall(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Mall:
    return Mall(spark, tmp_path_factory.mktemp("mall"))


@dataclass(frozen=True)
class Moved:
    """What came of a mall that is loaded, moved on to STARTS, loaded again a minute later, and moved on to ENDS."""

    next_moments: list[datetime | None]
    begun: dict[str, Row]
    to_sinks: set[tuple[str, str]]
    shown_begun: dict[str, list[int | None]]
    told_again: dict[str, int]
    over: dict[str, Row]
    shown_over: dict[str, list[int | None]]


@pytest.fixture(scope="module")
def moved(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Moved:
    mall = Mall(spark, tmp_path_factory.mktemp("moved"))
    first, _ = mall.load(ROWS, MOMENT)
    ahead = [mall.table.next_moment("mall_m", MOMENT)]
    at_start, begun = mall.turn(STARTS)
    of_sinks = mall.table.changes("mall_m", first, at_start).frame.collect()
    ahead.append(mall.table.next_moment("mall_m", STARTS))
    _, told_again = mall.load(ROWS, STARTS + timedelta(minutes=1))
    at_end, over = mall.turn(ENDS)
    ahead.append(mall.table.next_moment("mall_m", ENDS))
    to_sinks = {(row["op"], row["product_id"]) for row in of_sinks}
    return Moved(ahead, begun, to_sinks, mall.shown(at_start), told_again, over, mall.shown(at_end))


def test_a_moment_moves_what_begins_or_ends_and_nothing_else(moved: Moved) -> None:
    assert moved.next_moments == [STARTS, ENDS, None]
    assert set(moved.begun) == {"coming", "ending"}
    assert prices(moved.begun["coming"]) == [800, 1000, 1000, 800]
    assert moved.begun["ending"]["expired"] is True
    assert moved.begun["coming"]["loaded_at"].replace(tzinfo=UTC) == STARTS
    assert moved.to_sinks == {("U", "coming"), ("D", "ending")}
    assert "ending" not in moved.shown_begun
    assert set(moved.over) == {"coming", "running"}
    assert moved.shown_over["running"] == [1000, None, 1000, 800]


def test_what_a_moment_makes_is_what_a_feed_of_that_moment_would(moved: Moved) -> None:
    assert moved.told_again.keys() <= {"same", "stays"}, "the same hashes"


def test_no_product_goes_back_behind_the_moment_of_its_last_feed(mall: Mall) -> None:
    mall.load(ROWS, MOMENT)
    later, _ = mall.load(ROWS, ENDS + timedelta(days=1))
    assert mall.shown(later)["coming"] == [1000, None, 1000, 800]
    _, moved = mall.turn(STARTS, ENDS + timedelta(days=1))  # the run was late
    assert "coming" not in moved, "the feed has found it as it was"
    _, moved = mall.turn(ENDS, ENDS + timedelta(days=1))
    assert moved == {}


def test_a_feed_tells_the_next_moment_of_what_it_writes(mall: Mall) -> None:
    checked = normalised(mall.spark, CATALOG, "full", ROWS, mall.scratch / "next", MOMENT)
    compared = cmp.compare(checked, mall.table.ids("mall_m"), PRODUCT, mode="full")
    (found,) = compared.agg(counting.next_moment(MOMENT)).collect()
    assert found["next_moment"] == int(STARTS.timestamp()) * 1_000_000
