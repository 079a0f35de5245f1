"""The table `rejects` has the rows of a feed that were refused when it was last read."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.ledger.neighbours import Neighbours
from mallfeed.load import rejects as kept
from mallfeed.load.outcome import Noted
from mallfeed.load.rejects import Rejects
from mallfeed.load.spark_engine import SparkEngine
from mallfeed.product.record import PRODUCT
from mallfeed.table.counts import Counts
from mallfeed.table.port import Staged
from mallfeed.table.schema import REJECT_COLUMNS, ensure_tables, table_name
from tests.unit.ledger.records import feed

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)


def noted(_bucket: str, feed_id: str) -> Noted | None:
    """Every feed was staged, and none of its rows refused."""
    return None if "lost" in feed_id else Noted("s3://x", Counts(rejected=0))


def test_a_feed_that_is_clean_now_loses_the_rejects_of_its_earlier_attempt(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "noted", noted)
    ensure_tables(spark, "kept", PRODUCT)
    name = table_name("kept", "rejects")
    for feed_id in ("ab-1", "ab-2", "ab-lost"):
        row = spark.range(1).select(F.lit("ab").alias("mall_id"), F.lit(feed_id).alias("feed_id"))
        nothing = spark.table(name).limit(0)
        nothing.unionByName(row, allowMissingColumns=True).writeTo(name).append()
    rejects = Rejects(spark, "kept", "lake")
    rejects.keep([("ab", "ab-1"), ("ab", "ab-lost")], NOW)
    assert {row.feed_id for row in spark.table(name).collect()} == {"ab-2", "ab-lost"}
    snapshots = spark.table(f"{name}.snapshots").count()
    rejects.keep([("ab", "ab-1")], NOW)
    assert spark.table(f"{name}.snapshots").count() == snapshots  # no commit for nothing


def test_a_table_that_a_later_release_has_grown_takes_rejects_as_before(
    spark: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_refused = Noted("s3://x", Counts(rejected=1))
    monkeypatch.setattr(kept, "noted", lambda *_: one_refused)
    row = {"mall_id": "ab", "feed_id": "ab-1", "code": "price_missing"}
    columns = [F.lit(row.get(one)).cast(kind).alias(one) for one, kind in REJECT_COLUMNS]
    monkeypatch.setattr(Rejects, "_rows", lambda *_: spark.range(1).select(*columns))
    ensure_tables(spark, "grown_rejects", PRODUCT)
    name = table_name("grown_rejects", "rejects")
    spark.sql(f"ALTER TABLE {name} ADD COLUMN later map<string,int>")
    rejects = Rejects(spark, "grown_rejects", "lake")
    for _ in range(2):
        rejects.keep([("ab", "ab-1")], NOW)
    held = [(one.code, one.later) for one in spark.table(name).collect()]
    assert held == [("price_missing", None)]


@pytest.mark.parametrize(("attempt", "rejected", "asked"), [(1, 0, 0), (2, 0, 1), (1, 3, 1)])
def test_only_a_first_attempt_without_rejects_is_left_out(
    attempt: int, rejected: int, asked: int
) -> None:
    told: list[tuple[str, str]] = []
    rejects = SimpleNamespace(keep=lambda feeds, _at: told.extend(feeds))
    engine = SparkEngine(None, None, "lake", None, lambda: NOW, rejects, None)  # type: ignore[arg-type]
    one = feed(1, attempt=attempt)
    counts = Counts(rejected=rejected)
    engine._ahead[one.feed_id] = Staged(one.feed_id, one.mall_id, counts, None)
    engine.stage(one, Neighbours())
    engine.keep_rejects([one.feed_id])
    assert told == [(one.mall_id, one.feed_id)] * asked
