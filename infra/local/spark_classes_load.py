"""The load from which Spark's classes are recorded: the steps of a run and a preview on a few products."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from pyspark.sql import DataFrame, Observation, SparkSession

from infra.paths import CHECKOUT
from mallfeed.authoring.engine import prepared
from mallfeed.authoring.folder import read_file
from mallfeed.authoring.local_spark import FOR_FEW_ROWS
from mallfeed.load.distribution import of_products
from mallfeed.load.event_log import event_log_folder, event_log_settings
from mallfeed.load.outcome import changes
from mallfeed.load.raw_frame import raw_frame
from mallfeed.load.session import session
from mallfeed.normalise.normalise import normalise
from mallfeed.product.record import PRODUCT
from mallfeed.sinks.opensearch.document import spark_documents
from mallfeed.sinks.redshift.stage import StageArea
from mallfeed.table import compare as cmp
from mallfeed.table.counting import counted, warned
from mallfeed.table.counts import Counts
from mallfeed.table.iceberg import IcebergProductTable
from mallfeed.table.port import Staged

_CATALOG = CHECKOUT / "catalogs" / "hanbit_mart" / "v1.yaml"
_FEED = CHECKOUT / "sample_feeds" / "hanbit_mart" / "goods.csv"
_LAKE = {
    "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
    "spark.sql.catalog.lake": "org.apache.iceberg.spark.SparkCatalog",
    "spark.sql.catalog.lake.catalog-impl": "org.apache.iceberg.aws.glue.GlueCatalog",
    "spark.sql.catalog.lake.io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
}


def load(settings: Mapping[str, str], s3: object, bucket: str) -> None:
    """One feed loaded twice, the second time with changes, and previewed; the session is stopped."""
    given = {
        **settings,
        **_LAKE,
        **event_log_settings(event_log_folder()),
        "spark.sql.catalog.lake.warehouse": f"s3://{bucket}/warehouse/",
    }
    spark = session(1, given)
    with tempfile.TemporaryDirectory() as folder:
        products = _products(spark, Path(folder) / "frame")
        table = IcebergProductTable(spark, "classes", PRODUCT)
        mall = str(products.select("mall_id").first()[0])  # type: ignore[index]
        for number, frame in enumerate((products, products.where("_pos % 3 > 0"))):
            staged = _staged(spark, table, mall, frame, f"s3://{bucket}/staged/{number}")
            head = table.commit([staged])
            _sinks(
                spark, staged.changes if number else table.contents(mall, head).frame, s3, bucket
            )
        for setting, value in FOR_FEW_ROWS.items():
            spark.conf.set(setting, value)
        marked = cmp.with_duplicates_marked(
            _products(spark, Path(folder) / "again"), PRODUCT, "last"
        )
        marked.write.parquet(f"{folder}/marked")
    spark.stop()


def _products(spark: SparkSession, folder: Path) -> DataFrame:
    catalog = read_file(_CATALOG).catalog
    raw = prepared(catalog, "full", [_FEED], folder)
    return normalise(raw_frame(spark, [raw]), catalog, "full", PRODUCT)


def _staged(
    spark: SparkSession, table: IcebergProductTable, mall: str, products: DataFrame, uri: str
) -> Staged:
    held = table.ids(mall)
    before = table.size(mall, up_to=1)
    compared = cmp.compare(
        cmp.thinned(products, held, PRODUCT) if before else products, held, PRODUCT, mode="full"
    )
    seen = Observation()
    kept = cmp.worth_keeping(compared.observe(seen, *counted(), warned()), "full")
    kept.write.mode("overwrite").parquet(uri)
    outcome = spark.read.schema(kept.schema).parquet(uri)
    found = seen.get
    counts = Counts(
        changed=found["changed"],
        vanished=found["vanished"],
        products_before=found["products_before"],
    )
    feed_id = f"{mall}-{before}"
    return Staged(feed_id, mall, counts, changes(outcome, PRODUCT, {feed_id: 1}, datetime.now(UTC)))


def _sinks(spark: SparkSession, changes: DataFrame, s3: object, bucket: str) -> None:
    list(spark_documents(changes).toLocalIterator(prefetchPartitions=True))
    spark_documents(changes).rdd.mapPartitions(lambda rows: [sum(1 for _ in rows)]).collect()
    StageArea(s3, bucket, "stage").write(changes, f"of{id(changes)}")
    of_products(changes)
