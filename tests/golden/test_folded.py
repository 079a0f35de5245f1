"""Products that a delta brings whole come out of the fold as they went in: the same fields, the same hash."""

from __future__ import annotations

from functools import reduce
from pathlib import Path

import pytest
from pyspark.sql import DataFrame, Row, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mallfeed.feed.prepare import LocalFiles, LocalParts, prepare
from mallfeed.feed.source_columns import wanted_columns
from mallfeed.load.raw_frame import raw_frame
from mallfeed.normalise.judge import judge, judged_by
from mallfeed.normalise.normalise import normalise
from mallfeed.product.record import PRODUCT, said_column
from mallfeed.table import compare as cmp
from mallfeed.table import outcomes
from mallfeed.table.fold import Folding
from mallfeed.table.place import Place
from tests.golden.run_golden import MOMENT, catalog_of, inputs_of

pytestmark = pytest.mark.spark

FOLDERS = (
    "attributes_over_100", "attributes_over_8kb", "available_at", "card_and_coupon_prices",
    "currency_by_row_and_in_price", "expiry", "extra_images", "google_sale_price_is_todays",
    "gtins_in_columns", "list_price_below_price", "measures", "pack_and_least_quantity",
    "prices_in_currencies", "reviews_and_ratings", "sale_in_two_columns",
    "sale_price_no_lower_is_no_sale", "sale_windows", "shipping_fee", "stock_quantity", "tags",
    "timestamps_iso", "typed_attributes", "unit_price_measures", "yes_and_no",
)  # fmt: skip


def normalised(spark: SparkSession, name: str, scratch: Path) -> DataFrame:
    folder = Path(__file__).parent / name
    catalog = catalog_of(folder)
    feed = next(iter(catalog.feeds))
    parts = LocalParts(scratch / name)
    raw = prepare(
        LocalFiles(inputs_of(folder)), catalog.feeds[feed], wanted_columns(catalog, feed), parts
    )
    frame = normalise(raw_frame(spark, [raw]), catalog, feed, PRODUCT, moment=MOMENT)
    return frame.withColumn("mall_id", F.lit(name))


def _alike() -> list[list[str]]:
    """The folders by what their catalogs say of hashes, six at most: one judge does for all of a group."""
    found: dict[object, list[str]] = {}
    for name in FOLDERS:
        catalog = catalog_of(Path(__file__).parent / name)
        found.setdefault(judged_by(catalog, next(iter(catalog.feeds))), []).append(name)
    return [names[at : at + 6] for names in found.values() for at in range(0, len(names), 6)]


@pytest.mark.parametrize("names", _alike(), ids=lambda names: names[0])
def test_whole_products_come_out_of_the_fold_as_they_went_in(
    spark: SparkSession, tmp_path: Path, names: list[str]
) -> None:
    columns = ", ".join(f"`{name}` {kind}" for name, kind in PRODUCT.columns)
    table = spark.createDataFrame([], columns)
    catalog = catalog_of(Path(__file__).parent / names[0])
    judged = judge(PRODUCT, catalog, next(iter(catalog.feeds)), MOMENT)
    frames = [normalised(spark, name, tmp_path) for name in names]
    checked = reduce(DataFrame.unionByName, frames).localCheckpoint()
    folding = Folding(PRODUCT, "delta", "vanish", "last", Place("'o'"), judged)
    shown = [
        "_row",
        *PRODUCT.change_columns,
        *map(said_column, PRODUCT.said),
        "expired",
        "_warnings",
    ]

    def changed(frame: DataFrame) -> list[Row]:
        return frame.where(F.col(outcomes.OUTCOME) == outcomes.CHANGED).select(*shown).collect()

    went_in = changed(cmp.compare(checked, table, PRODUCT, mode="delta"))
    came_out = changed(folding.compared(checked, table))
    assert sorted(map(str, came_out)) == sorted(map(str, went_in))
    assert {row["mall_id"] for row in came_out} == set(names)
