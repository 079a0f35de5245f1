"""What the product table held at snapshots: read by Spark, as a load of the stack would read it.

Run as a script with the stack's Spark settings in PYSPARK_SUBMIT_ARGS: `table_at.py TABLE COLUMNS SNAPSHOT …`
prints one JSON object, snapshot id → rows of mall, product id and those columns (separated by commas).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pyspark.sql import SparkSession

from infra.local import glue_arguments, glue_conf
from infra.paths import java_home
from mallfeed.normalise.spark_conf import REQUIRED_SPARK_CONF
from mallfeed.spark_paths import NO_FOLDER

if TYPE_CHECKING:
    from tests.local_parts import Parts

MARK = "table at: "


Row = tuple[str | None, ...]


def products_at(
    parts: Parts, snapshots: Sequence[int], columns: Sequence[str]
) -> dict[int, dict[tuple[str, str], Row]]:
    """Snapshot id → (mall, product id) → the columns' values as text.

    Read with the arguments of the stack's load job: the catalog of its tables is among them.
    """
    stack = parts.stack
    load = parts.client("glue").get_job(JobName=stack.outputs["LoadFeedsJobName"])["Job"]
    job = load["DefaultArguments"]
    table = f"lake.{stack.outputs['GlueDatabaseName']}.products"
    conf = glue_conf.properties_file(stack.directory)
    done = subprocess.run(
        [sys.executable, __file__, table, ",".join(columns), *map(str, snapshots)],
        env={
            **os.environ,
            **stack.environment(),
            "JAVA_HOME": str(java_home(17)),
            "SPARK_CONF_DIR": NO_FOLDER,
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
    return {int(snapshot): _by_product(rows) for snapshot, rows in told.items()}


def _by_product(rows: Sequence[Sequence[Any]]) -> dict[tuple[str, str], Row]:
    return {(mall, product): tuple(values) for mall, product, *values in rows}


def main(table: str, columns: Sequence[str], snapshots: Sequence[str]) -> None:
    """Print what the table held."""
    spark = SparkSession.builder.config(map={**REQUIRED_SPARK_CONF}).getOrCreate()
    told = {}
    for snapshot in snapshots:
        reader = spark.read.format("iceberg").option("snapshot-id", snapshot)
        rows = reader.load(table).select("mall_id", "product_id", *columns).collect()
        told[snapshot] = [[None if cell is None else str(cell) for cell in row] for row in rows]
    print(MARK + json.dumps(told))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2].split(","), sys.argv[3:])
