"""A Java that runs one Glue run after the other, so that each small one does not pay for a Java warming up.

Glue starts a Java per run, and so does a stack for large feeds. Where all feeds are small
(`infra.local.small_feeds`), nine tenths of a run's CPU time are Java's start; there the Java of a run that ended
by itself serves the next one with the same settings and jars. Its Spark is stopped in between: only classes, compiled
code and connections stay. A run that was killed, stopped or out of time takes its Java along, and the first run of each
release has a fresh one, so what only works in a warm Java is noticed.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shlex import split
from struct import unpack
from uuid import uuid4

_CONNECTION = "_PYSPARK_DRIVER_CONN_INFO_PATH"
"""Where Spark's gateway writes its port and secret (pyspark/java_gateway.py, PythonGatewayServer.scala)."""
_STARTS_WITHIN_S = 120.0
_LOOK_EACH_S = 0.02


@dataclass(frozen=True, eq=False)
class JavaProcess:
    """A Java whose gateway listens on `port`, for whoever knows the secret."""

    process: subprocess.Popen[bytes]
    key: tuple[str, ...]
    port: int
    secret: str

    def environment(self) -> dict[str, str]:
        """By which pyspark uses it instead of starting one."""
        return {"PYSPARK_GATEWAY_PORT": str(self.port), "PYSPARK_GATEWAY_SECRET": self.secret}

    def end(self) -> None:
        """Kill it, and whatever it started."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        with self.process:  # closes its standard input, and waits
            pass

    def stop_spark(self) -> bool:
        """Stop the session that a run has left; False where Java does not answer."""
        from py4j.clientserver import ClientServer, JavaParameters

        known = JavaParameters(port=self.port, auth_token=self.secret, auto_convert=True)
        client = ClientServer(java_parameters=known)
        try:
            left = client.jvm.org.apache.spark.sql.SparkSession.getDefaultSession()
            if left.isDefined():
                left.get().stop()
            return True
        except Exception:  # py4j raises several kinds, each of which means: not to be used again
            return False
        finally:
            client.close()


class Javas:
    """The Javas of a stack: taken by a run, given back by one that ended by itself.

    Parameters
    ----------
    folder : where they work
    log : file to which each writes what Spark says of itself
    kept : how many wait for a next run
    """

    def __init__(self, folder: Path, log: Path, kept: int = 1) -> None:
        self._folder, self._log, self._kept = folder, log, kept
        self._idle: list[JavaProcess] = []
        self._lock = threading.Lock()

    def take(self, environment: Mapping[str, str], settings: str) -> JavaProcess:
        """One for a run with this environment and these settings of the stack's, which waits or is started now."""
        key = (settings, *_of_java(environment))
        with self._lock:
            for java in self._idle:
                if java.key == key and java.process.poll() is None:
                    self._idle.remove(java)
                    return java
        return self._started(environment, key)

    def give_back(self, java: JavaProcess) -> None:
        """It waits for a next run, in place of the one that has waited longest; it ends if it does not answer."""
        usable = java.stop_spark()
        with self._lock:
            waiting = [*self._idle, java] if usable else self._idle
            self._idle = waiting[-self._kept :]
        for one in {java, *waiting}.difference(self._idle):
            one.end()

    def end(self) -> None:
        """End those that wait."""
        with self._lock:
            ending, self._idle = self._idle, []
        for java in ending:
            java.end()

    def _started(self, environment: Mapping[str, str], key: tuple[str, ...]) -> JavaProcess:
        self._folder.mkdir(parents=True, exist_ok=True)
        connection = self._folder / uuid4().hex
        spark_submit = Path(environment["SPARK_HOME"]) / "bin" / "spark-submit"
        with self._log.open("ab") as sink:
            process = subprocess.Popen(
                [str(spark_submit), *split(environment["PYSPARK_SUBMIT_ARGS"])],
                stdin=subprocess.PIPE,  # at whose end it ends: with the stack's process, however that ends
                stdout=sink,
                stderr=subprocess.STDOUT,
                env={**environment, "TMPDIR": str(self._folder), _CONNECTION: str(connection)},
                cwd=self._folder,
                start_new_session=True,
            )
        end = time.monotonic() + _STARTS_WITHIN_S
        while not connection.exists():
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"Java did not start; see {self._log}")
            time.sleep(_LOOK_EACH_S)
        port, secret = _read(connection.read_bytes())
        connection.unlink()
        return JavaProcess(process, key, port, secret)


def _of_java(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Of the environment, what a Java reads at its start: settings, jars, credentials, endpoints."""
    given = {name: value for name, value in environment.items() if name.startswith("AWS_")}
    names = ("PYSPARK_SUBMIT_ARGS", "SPARK_DIST_CLASSPATH", "PYSPARK_PYTHON")
    return (*(environment.get(name, "") for name in names), repr(sorted(given.items())))


def _read(told: bytes) -> tuple[int, str]:
    """Port and secret, each number of four bytes."""
    port, length = unpack(">ii", told[:8])
    return port, told[8 : 8 + length].decode()
