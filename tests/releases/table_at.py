"""What the product table held at snapshots: read by Spark, as a load of the stack would read it.

Run as a script with the stack's Spark settings in PYSPARK_SUBMIT_ARGS: `table_at.py TABLE SNAPSHOT …`
prints one JSON object, snapshot id → product key → title, price and content_hash.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

MARK = "table at: "


def table_at(directory: Any, job: dict[str, Any], table: str, snapshots: Sequence[int]) -> Any:
    """Snapshot id → (mall, product id) → (title, price, content_hash), for the stack of that folder."""
    from infra.local import glue_arguments, glue_conf
    from infra.paths import java_home

    conf = glue_conf.properties_file(directory)
    done = subprocess.run(
        [sys.executable, __file__, table, *map(str, snapshots)],
        env={
            **os.environ,
            "JAVA_HOME": str(java_home(17)),
            "SPARK_CONF_DIR": glue_conf.NO_FOLDER,
            "SPARK_LOCAL_IP": "127.0.0.1",
            "PYSPARK_SUBMIT_ARGS": glue_arguments.spark_submit_arguments(job, conf),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith(MARK)]
    assert len(lines) == 1, done.stdout + done.stderr
    told = json.loads(lines[0].removeprefix(MARK))
    return {
        int(snapshot): {(mall, one): (title, float(price), hashed) for mall, one, title, price, hashed in rows}
        for snapshot, rows in told.items()
    }  # fmt: skip


def main(table: str, snapshots: Sequence[str]) -> None:
    """Print what the table held."""
    from pyspark.sql import SparkSession

    from mallfeed.normalise.spark_conf import REQUIRED_SPARK_CONF

    spark = SparkSession.builder.config(map={**REQUIRED_SPARK_CONF}).getOrCreate()
    columns = ("mall_id", "product_id", "title", "price", "content_hash")
    told = {}
    for snapshot in snapshots:
        reader = spark.read.format("iceberg").option("snapshot-id", snapshot)
        told[snapshot] = [[str(cell) for cell in row] for row in reader.load(table).select(*columns).collect()]  # fmt: skip
    print(MARK + json.dumps(told))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
