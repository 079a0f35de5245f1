"""Loads both sinks from Spark frames, in a process of its own (its session needs S3A on the path).

Run by test_sinks_spark.py: `python -m tests.contract.sinks_on_spark OPENSEARCH INDEX AWS REDSHIFT_DATA`.
Prints one line of JSON with the results.
"""

# ruff: noqa: T201 - its output is its answer
from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import boto3
from pyspark.sql import DataFrame, SparkSession

from infra.local.glue_conf import java_options
from infra.local.small_feeds import FIRST_COMPILER_ONLY
from infra.local.warehouse import WORKGROUP
from infra.paths import jars, java_home
from mallfeed.normalise.spark_conf import REQUIRED_SPARK_CONF
from mallfeed.product.fields import PRODUCT_FIELDS
from mallfeed.sinks import frames
from mallfeed.sinks.opensearch.connection import ConnectionSpec
from mallfeed.sinks.opensearch.document import documents, spark_documents
from mallfeed.sinks.opensearch.sink import COLLECT_AT_MOST, opensearch_sinks
from mallfeed.sinks.port import MallLoad
from mallfeed.sinks.redshift.data_api import RedshiftData, Warehouse
from mallfeed.sinks.redshift.sink import RedshiftSink
from mallfeed.sinks.redshift.stage import StageArea
from mallfeed.table.port import Changes
from tests.sink_rows import commit, delete, feed_load, upsert
from tests.sink_services import BUCKET, DATABASE, ROLE

MANY = COLLECT_AT_MOST + 1_000
SCHEMA = (
    "op string, mall_id string, "
    + ", ".join(f"{f.name} {f.sql_type}" for f in PRODUCT_FIELDS)
    + ", content_hash string"
)
FULL = upsert(
    "small",
    "p1",
    9900,
    description="편안한 착용감\n긴 배터리",
    list_price=Decimal("15000.50"),
    shipping_fee=Decimal(0),
    mobile_url="https://m.shop.example/1",
    image_url="https://img.example/1.jpg",
    extra_image_urls=["https://img.example/2.jpg"],
    category_raw="전자 > 이어폰",
    brand="소니 Korea",
    maker="Sony",
    origin="베트남",
    model_number="WH-1000XM5",
    gtin="8801234567893",
    condition="new",
    item_group_id="g1",
    review_count=12,
    rating=Decimal("4.50"),
    adult=False,
    imported=True,
    parallel_import=False,
    made_to_order=False,
    tags=["무선", "O'neil \\"],
    attributes={"색상": "검정", "a.b": '"x"'},
    mall_updated_at=datetime(2026, 11, 20, 9, 30, 1, 250000, tzinfo=UTC),
)


def session(aws: str) -> SparkSession:
    os.environ["JAVA_HOME"] = str(java_home(17))
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ.pop("SPARK_CONF_DIR", None)
    settings = {
        "spark.driver.memory": "1g",
        "spark.driver.extraClassPath": f"{jars('spark')}/*",
        "spark.driver.extraJavaOptions": f"{java_options()} {FIRST_COMPILER_ONLY}",  # it ends soon
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        **REQUIRED_SPARK_CONF,
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.parquet.compression.codec": "zstd",  # as mallfeed.load.session has it
        "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        "spark.hadoop.fs.s3a.endpoint": aws,
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.hadoop.fs.s3a.access.key": "local",
        "spark.hadoop.fs.s3a.secret.key": "local-secret",
    }
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def frame(spark: SparkSession, rows: list[dict[str, Any]]) -> DataFrame:
    names = [part.split()[0] for part in SCHEMA.split(", ")]
    return spark.createDataFrame([tuple(row.get(n) for n in names) for row in rows], SCHEMA)


def load(mall_id: str, seq: int, rows: DataFrame, kind: str, count: int | None) -> MallLoad:
    changes = Changes(mall_id, kind, rows, commit(seq), count)  # type: ignore[arg-type]
    return MallLoad(changes, (feed_load(mall_id, seq),))


def same_documents(spark: SparkSession) -> bool:
    """The JVM's documents and Python's, compared as JSON."""
    odd = [
        upsert("small", "p2", brand="O'Reilly", model_number="X_1", shipping_fee=Decimal(-1)),
        upsert("small", "p3", 7, list_price=Decimal("21.99"), category_path=["가"], tags=[]),
        upsert("small", "p4", attributes={"색": None}, brand="İstanbul ß", model_number="é-1"),
        upsert("small", "p6", gtin="8801234567893", condition="damaged", pack_size=6),
        upsert("small", "p7", brand="소니", model_number="X1", condition="used", pack_size=1),
        upsert("small", "p8", condition="used", measure="0.75 l", base_measure="100 ml"),
        upsert("small", "p9", 10, gtin="8801234567893", measure="2 fl oz", base_measure="1 l"),
        upsert("small", "p10", measure="750 ml", base_measure="100 g"),
        upsert("small", "p11", 7, measure="30 ea", stock_quantity=0, least_quantity=2),
        upsert("small", "p12", 7777, measure="2.5 lb"),
        delete("small", "p5"),
    ]
    rows = [FULL, *odd]
    by_jvm = {
        r.id: r.doc and json.loads(r.doc) for r in spark_documents(frame(spark, rows)).collect()
    }
    by_python = {i: doc and json.loads(doc) for i, _op, doc in documents(rows)}
    if by_jvm != by_python:
        print(by_jvm, by_python, sep="\n", file=sys.stderr)
    return by_jvm == by_python


def same_rows(spark: SparkSession) -> bool:
    """The rows that a sink which writes row by row gets from a frame, and from a list of the same rows."""
    given = [FULL, delete("small", "p5")]
    times = {"mall_updated_at"}  # Spark gives them in the process's own zone
    found = [
        {name: value for name, value in row.items() if value is not None and name not in times}
        for row in frames.rows(frame(spark, given))
    ]
    return found == [{k: v for k, v in row.items() if k not in times} for row in given]


def main(opensearch: str, index: str, aws: str, redshift_data: str) -> None:
    spark = session(aws)
    keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local-secret"}
    region = "ap-northeast-2"
    s3 = boto3.client("s3", endpoint_url=aws, region_name=region, **keys)
    api = boto3.client("redshift-data", endpoint_url=redshift_data, region_name=region, **keys)
    data = RedshiftData(api, Warehouse(WORKGROUP, DATABASE))
    sinks = [
        *(s for s in opensearch_sinks(ConnectionSpec(opensearch)) if s.name.endswith(index)),
        RedshiftSink(data, StageArea(s3, BUCKET, "redshift/spark"), ROLE),
    ]
    many = [upsert("many", f"p{n:06d}") for n in range(MANY)]
    first, second = frame(spark, many).repartition(3), frame(spark, many[10:])
    small = frame(spark, [FULL, delete("small", "never")])
    found: dict[str, Any] = {
        "same_documents": same_documents(spark),
        "same_rows": same_rows(spark),
        "results": [],
    }
    for sink in sinks:
        both = [
            load("many", 1, first, "difference", None),
            load("small", 1, small, "difference", 2),
        ]
        one = sink.load(both, 0, lambda: None)
        two = sink.load([load("many", 2, second, "contents", None)], 0, lambda: None)
        three = sink.load(
            [load("many", 3, second.where("false"), "difference", 0)], 0, lambda: None
        )
        found["results"].append([[r.written, r.deleted, r.stale] for r in (one, two, three)])
    print(json.dumps(found))
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
