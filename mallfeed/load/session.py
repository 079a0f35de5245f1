"""The Spark session of the jobs, with the settings that apply everywhere; endpoints come from outside.

The catalog `lake`, and everything else that Spark needs before its JVM starts, are set in the job's
`--conf` (template.yaml); settings that only a local machine needs, in its spark-defaults.conf.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from pyspark.sql import SparkSession

from mallfeed.normalise.spark_conf import COMPILED, REQUIRED_SPARK_CONF

_RUNTIME_CONF = {
    **REQUIRED_SPARK_CONF,
    **COMPILED,
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.adaptive.coalescePartitions.parallelismFirst": "false",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.compression.codec": "zstd",
}

_START_CONF = {"spark.scheduler.mode": "FAIR"}  # pools: mallfeed.load.labels
MB_PER_PARTITION = 50
"""Size of a shuffle partition, as MB of CSV rows: at this size the rows can be sorted in a task's memory."""


def session(rows_mb: float, at_start: Mapping[str, str] | None = None) -> SparkSession:
    """The session, with shuffles sized for `rows_mb` MB of rows (`mallfeed.plan.sizing`).

    `at_start` are settings that Spark reads only when it starts.
    """
    builder = SparkSession.builder.appName("mallfeed")
    spark = builder.config(map={**_START_CONF, **(at_start or {})}).getOrCreate()
    for key, value in _RUNTIME_CONF.items():
        spark.conf.set(key, value)
    cores = spark.sparkContext.defaultParallelism
    partitions = max(cores, math.ceil(rows_mb / MB_PER_PARTITION))
    spark.conf.set("spark.sql.shuffle.partitions", str(min(partitions, 2000)))
    return spark
