"""What the bench expects of a product is what comes out: a field that a release adds would fail the bench first, and late."""

from __future__ import annotations

from pathlib import Path

import pyarrow.csv as pa_csv
import pytest
from pyspark.sql import SparkSession

from benchmarks.expected_products import LINEAGE, documents
from benchmarks.feeds import Shop, table
from benchmarks.ours import catalog_of
from mallfeed.authoring.engine import prepared
from mallfeed.catalog.read import read_catalog
from mallfeed.load.raw_frame import raw_frame
from mallfeed.normalise.normalise import normalise
from mallfeed.product.fields import document_id
from mallfeed.product.record import PRODUCT
from mallfeed.sinks.opensearch.document import document

pytestmark = pytest.mark.spark


def test_the_bench_expects_the_documents_that_a_load_sends(
    spark: SparkSession, tmp_path: Path
) -> None:
    shop, catalog = Shop(40), read_catalog(catalog_of("bench"), "v1.yaml")
    numbers = shop.numbers("first")
    feed = tmp_path / "feed.csv"
    pa_csv.write_csv(table(shop, numbers, "first"), feed)
    raw = prepared(catalog, "full", [feed], tmp_path / "frame")
    rows = normalise(raw_frame(spark, [raw]), catalog, "full", PRODUCT).collect()
    found = {document_id(row["mall_id"], row["product_id"]): document(row.asDict()) for row in rows}
    told = {key: {k: v for k, v in one.items() if k not in LINEAGE} for key, one in found.items()}
    assert told == documents(shop, "bench", [int(n) for n in numbers], "first")
