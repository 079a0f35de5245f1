"""The Spark session of the jobs: what holds everywhere is set here, endpoints come from outside.

The catalog `lake` and everything that must be known before the JVM starts stand in the job's
`--conf` (template.yaml); what only a local machine needs, in its spark-defaults.conf.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from pyspark.sql import SparkSession

from mallfeed.product.spark_conf import REQUIRED_SPARK_CONF

_RUNTIME_CONF = {
    **REQUIRED_SPARK_CONF,
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.adaptive.coalescePartitions.parallelismFirst": "false",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.compression.codec": "zstd",
}

BYTES_A_PARTITION = 48 * 1024 * 1024
"""Feed bytes a shuffle partition: rows of ~620 bytes then sort within a task's memory."""


def session(feed_bytes: int, at_start: Mapping[str, str] | None = None) -> SparkSession:
    """The session, with shuffles sized for so many bytes of feeds.

    `at_start` are settings that Spark reads only when it starts.
    """
    builder = SparkSession.builder.appName("mallfeed")
    spark = builder.config(map=dict(at_start or {})).getOrCreate()
    for key, value in _RUNTIME_CONF.items():
        spark.conf.set(key, value)
    cores = spark.sparkContext.defaultParallelism
    partitions = max(cores, math.ceil(feed_bytes / BYTES_A_PARTITION))
    spark.conf.set("spark.sql.shuffle.partitions", str(min(partitions, 2000)))
    return spark
