"""Small feeds of several malls staged together and each by itself, in a process of its own (S3A).

Run by test_together.py: `python -m tests.contract.small_feeds_on_spark AWS FOLDER`. Prints one line of JSON:
for each way, what every feed counts and changes, and what the tables hold in the end.
"""

# ruff: noqa: T201 - its output is its answer
from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812

from infra.local.glue_conf import java_options
from infra.paths import jars, java_home
from mallfeed.catalog.lookup_table import LookupTable
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.read import read_catalog
from mallfeed.errors import FeedHeld
from mallfeed.ledger.model import FeedRecord, Part
from mallfeed.ledger.neighbours import Neighbours
from mallfeed.load.labels import labelled
from mallfeed.load.preparing import Preparing
from mallfeed.load.rejects import Rejects
from mallfeed.load.session import session
from mallfeed.load.small_feeds import Small, Together
from mallfeed.load.spark_engine import SparkEngine
from mallfeed.normalise.jvm import functions_jar
from mallfeed.product.record import PRODUCT
from mallfeed.spark_paths import on_class_path
from mallfeed.table.iceberg import IcebergProductTable
from mallfeed.table.port import Staged
from mallfeed.table.schema import table_name
from tests.unit.ledger.records import feed

LAKE, FEEDS = "lake-of-together", "feeds-of-together"
NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
_HEAD = """
mall: {mall}
version: {version}
effective_from: 2026-01-01T00:00:00+09:00
owner: feeds
contact: md@example.com
"""
SAME = (
    _HEAD
    + """
fields: {{product_id: id, title: title, price: price, url: url, category_path: category, gtin: gtin}}
feeds: {{full: {{format: csv}}}}
"""
)
OTHER = (
    _HEAD
    + """
fields: {{product_id: id, title: title, price: price, url: url, category_path: category}}
attributes: {{barcode: gtin}}
feeds: {{full: {{format: csv}}}}
"""
)
DELTA = (
    _HEAD
    + """
fields: {{product_id: id, title: title, price: price, url: url, category_path: category}}
rows: {{drop: {{hidden: title = '숨김'}}}}
feeds: {{full: {{format: csv, mode: delta, operation: {{from: gtin, upsert: [U], delete: [D]}}}}}}
"""
)
PARTIAL = (
    _HEAD
    + """
fields: {{product_id: id, title: title, price: price, url: url, category_path: category}}
feeds: {{full: {{format: csv, mode: delta, operation: {{from: op, upsert: [U], delete: [D]}}}}}}
"""
)
ARTICLE = (
    _HEAD
    + """
fields:
  product_id: id
  title: title
  price: price
  url: url
  category_path: {{type: lookup, from: category, table: categories, key: code, value: path}}
feeds: {{full: {{format: csv, inherit: {{key: id}}}}}}
"""
)
STAMPED = (
    _HEAD
    + """
fields: {{product_id: id, title: title, price: price, url: url, category_path: category}}
as_of: gtin
feeds: {{full: {{format: csv}}}}
"""
)
TABLES = {"categories": LookupTable(("code", "path"), (("C1", "패션 > 가방"),), "")}
COLUMNS = "id,title,price,url,category,gtin"
HEADS = {PARTIAL: "id,price,op"}
"""Other columns, by catalog."""
GOOD = ["1,가방,1000,https://shop.kr/1,패션 > 가방,", "2,신발,2000,https://shop.kr/2,패션,1234"]
BAD = ["3,모자,,https://shop.kr/3,패션,", ",양말,100,https://shop.kr/4,패션,", '5,"끝없는']
BEFORE = {
    "same_a": (SAME, []),
    "same_b": (SAME, [*GOOD, "9,사라질 것,900,https://shop.kr/9,패션,"]),
    "other": (OTHER, GOOD[:1]),
    "delta_a": (SAME, [*GOOD, "7,곧 숨김,700,https://shop.kr/7,패션,"]),
    "delta_b": (SAME, []),
    "partial_a": (SAME, GOOD),
    "partial_b": (SAME, GOOD),
    "stamped": (
        STAMPED,
        [
            "1,가방,1000,https://shop.kr/1,패션,2026-11-02",
            "2,신발,2000,https://shop.kr/2,패션,2026-11-02",
        ],
    ),
}
NEXT = {
    "same_a": (SAME, [*GOOD, *BAD]),
    "same_b": (SAME, [GOOD[0], "2,신발,1900,https://shop.kr/2,패션,", "1,가방 둘,1000,https://shop.kr/1,패션,"]),
    "other": (OTHER, [*GOOD, BAD[0]]),
    "delta_a": (DELTA, ["1,,,,,D", "2,신발,2100,https://shop.kr/2,패션,U", "8,,,,,D",
                        "7,숨김,,https://shop.kr/7,패션,U", "6,숨김,,https://shop.kr/6,패션,U"]),
    "delta_b": (DELTA, ["1,가방,1000,https://shop.kr/1,패션,U", "1,가방,1000,https://shop.kr/1,패션,X"]),
    "partial_a": (PARTIAL, ["1,900,U", "9,5,U", "2,,D"]),
    "partial_b": (PARTIAL, ["2,1500,U", "2,,U", "2,1400,U"]),
    "article": (ARTICLE, ["1,가방,1000,https://shop.kr/1,C1,", "2,신발,2000,https://shop.kr/2,C2,",
                          "1,,900,,,", "1,,,,,"]),
    "stamped": (STAMPED, ["1,가방,900,https://shop.kr/1,패션,2026-11-01", "2,신발,1900,https://shop.kr/2,패션,2026-11-03"]),
    "drifted": (SAME, None),
    "empty": (SAME, []),
}  # fmt: skip


def spark_of(aws: str, folder: Path) -> SparkSession:
    os.environ |= {"JAVA_HOME": str(java_home(17)), "PYSPARK_PYTHON": sys.executable}
    os.environ |= on_class_path([functions_jar()])
    os.environ.pop("SPARK_CONF_DIR", None)
    settings = {
        "spark.master": "local[2]",
        "spark.driver.memory": "1g",
        "spark.driver.extraClassPath": f"{jars('spark')}/*",
        "spark.driver.extraJavaOptions": java_options(),
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        "spark.sql.catalog.lake": "org.apache.iceberg.spark.SparkCatalog",
        "spark.sql.catalog.lake.type": "hadoop",
        "spark.sql.catalog.lake.warehouse": str(folder / "lake"),
        "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        "spark.hadoop.fs.s3a.endpoint": aws,
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.hadoop.fs.s3a.access.key": "test",
        "spark.hadoop.fs.s3a.secret.key": "test",
    }
    return session(1, settings)


class Way:
    """A table of its own, and feeds staged into it one way."""

    def __init__(self, spark: SparkSession, s3: Any, name: str, together: bool) -> None:
        self.spark, self.s3, self.name, self.together = spark, s3, name, together
        self.table = IcebergProductTable(spark, name, PRODUCT)
        self.gathered: list[str] = []
        self.held: dict[str, str] = {}
        self.staged: list[Staged] = []

    def load(self, number: int, said: dict[str, tuple[str, list[str] | None]]) -> None:
        """Stage and commit one feed per mall."""
        catalogs: dict[str, Catalog] = {}
        records = []
        for mall, (text, rows) in said.items():
            record = self._put(number, mall, rows, HEADS.get(text, COLUMNS))
            catalog = read_catalog(text.format(mall=mall, version=number), mall)
            catalogs[record.feed_id] = catalog.with_tables(TABLES)
            records.append(record)
        preparing = Preparing(LAKE, lambda record: catalogs[record.feed_id])
        rejects = Rejects(self.spark, self.name, LAKE)
        engine = SparkEngine(
            self.spark, self.table, LAKE, preparing.catalog_of, lambda: NOW, rejects, preparing
        )
        with preparing.ahead(records):
            engine.suit(records)
            if self.together:
                engine.ahead([(record, Neighbours()) for record in records])
            self.gathered = sorted(engine._ahead)
            self.staged = [one for record in records if (one := self._staged(engine, record))]
        self.table.commit(self.staged)
        engine.keep_rejects([one.feed_id for one in self.staged])

    def load_late(self, mall: str, rows: list[str], later: str) -> list[str]:
        """A full feed that comes before a loaded delta; the mall's products after it."""
        record = self._put(3, mall, rows, COLUMNS)
        catalog = read_catalog(SAME.format(mall=mall, version=3), mall)
        preparing = Preparing(LAKE, lambda _: catalog)
        rejects = Rejects(self.spark, self.name, LAKE)
        engine = SparkEngine(
            self.spark, self.table, LAKE, preparing.catalog_of, lambda: NOW, rejects, preparing
        )
        with preparing.ahead([record]):
            self.table.commit([engine.stage(record, Neighbours((f"{mall}-{self.name}{later}",)))])
        products = self.spark.table(self.table.name).where(F.col("mall_id") == mall)
        columns = ("product_id", "title", "price", "feed_id")
        return self._rows(products.select(*columns).orderBy("product_id"))

    def _put(self, number: int, mall: str, rows: list[str] | None, head: str) -> FeedRecord:
        head = head if rows is not None else head.replace("price", "cost")
        body = "\n".join([head, *(rows if rows is not None else GOOD)]).encode()
        key = f"feeds/{mall}/{self.name}-{number}.csv"
        version = self.s3.put_object(Bucket=FEEDS, Key=key, Body=body)["VersionId"]
        part = Part(key=key, version_id=version, size_bytes=len(body), etag="e")
        made = feed(number, mall, bucket=FEEDS, key=key, version_id=version, parts=(part,))
        return made.model_copy(
            update={
                "feed_id": f"{mall}-{self.name}{number}",
                "attempt": 1,
                "catalog_version": number,
            }
        )

    def _staged(self, engine: SparkEngine, record: FeedRecord) -> Staged | None:
        try:
            return engine.stage(record, Neighbours())
        except FeedHeld as held:
            self.held[record.mall_id] = held.code
            return None

    def told(self) -> dict[str, Any]:
        """The counts of the last load and the content of both tables, in a form that is the same for each way."""
        products = self.spark.table(self.table.name)
        rejected = self.spark.table(table_name(self.name, "rejects")).drop("rejected_at")
        files = self.spark.table(f"{self.table.name}.files").where("content = 0")
        return {
            "gathered": [one.partition("-")[0] for one in self.gathered],
            "held": self.held,
            "counts": {one.mall_id: one.counts.model_dump() for one in self.staged},
            "products": self._rows(products.orderBy("mall_id", "product_id")),
            "rejects": self._rows(rejected.orderBy("mall_id", "row", "code")),
            "files": {
                row[0]: row[1] for row in files.groupBy("partition.mall_id").count().collect()
            },
        }

    def _rows(self, frame: Any) -> list[str]:
        feed_id = F.regexp_replace("feed_id", self.name, "")
        return [str(row.asDict()) for row in frame.withColumn("feed_id", feed_id).collect()]


def _breaks(_: Together, feeds: Sequence[Small]) -> dict[str, Staged]:
    raise RuntimeError(f"{len(feeds)} feeds are too many")


def _pools(spark: SparkSession) -> dict[str, Any]:
    """How jobs are scheduled, and the pool of a job within each of two steps."""
    found = {"mode": spark.sparkContext.getConf().get("spark.scheduler.mode")}
    for step in ("opensearch", "redshift"):
        with labelled(spark, step, ["mall_a-1"]):
            found[step] = spark.sparkContext.getLocalProperty("spark.scheduler.pool")
    return {**found, "after": spark.sparkContext.getLocalProperty("spark.scheduler.pool")}


def main(aws: str, folder: Path) -> None:
    """Load twice, each way."""
    s3 = boto3.client("s3", endpoint_url=aws)
    where = {"LocationConstraint": s3.meta.region_name}
    for bucket in (LAKE, FEEDS):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=where)
    s3.put_bucket_versioning(Bucket=FEEDS, VersioningConfiguration={"Status": "Enabled"})
    spark = spark_of(aws, folder)
    found: dict[str, Any] = {"scheduler": _pools(spark)}
    for name in ("together", "alone", "broken"):
        way = Way(spark, s3, name, together=name != "alone")
        way.load(1, BEFORE)
        if (
            name == "broken"
        ):  # one feed after the other takes long: what it begins with is loaded together
            Together._staged = _breaks  # type: ignore[method-assign]
        way.load(2, NEXT)
        found[name] = way.told()
        late = [GOOD[0].replace("가방", "새 가방"), *GOOD[1:], "3,모자,300,https://shop.kr/3,패션,"]
        found[name]["late"] = way.load_late("partial_a", late, "2")
    mode = "spark.sql.codegen.factoryMode"
    found["modes"] = [spark.conf.get(mode), session(1).conf.get(mode)]
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
