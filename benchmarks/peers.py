"""Running the peers: each as a process of its own, from its start to its end."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import warehouse
from benchmarks.bench_stack import Stand
from benchmarks.feed_files import FeedFile
from benchmarks.verify import prove
from infra.local import glue_conf
from infra.local.glue_conf import MEMORY_VARIABLE
from infra.paths import java_home

_FOLDER = Path(__file__).parent
SCRIPTS = {"peer_a": _FOLDER / "peer_duckdb.py", "peer_b": _FOLDER / "peer_glue_sample.py"}
HAS_KEY = {"peer_a": True, "peer_b": False}
"""Peer A upserts by the table's primary key; peer B appends to a table without one."""
_TIMEOUT_S = 3600.0


class PeerFailed(Exception):
    """The script ended with an error; its last lines."""


def begin(at: Stand, peer: str) -> None:
    """An empty index and an empty table of its own."""
    at.fresh_index(index_of(peer))
    warehouse.fresh_schema(at.dsn, peer, with_key=HAS_KEY[peer])


def end(at: Stand, peer: str) -> None:
    """Free the machine of what it has loaded."""
    at.drop_index(index_of(peer))
    warehouse.drop(at.dsn, peer)


def load(at: Stand, peer: str, feed: FeedFile, mall: str) -> tuple[float, dict[str, float]]:
    """Seconds of the whole script, and its own figures; raises if it failed or loaded wrong data."""
    command = [sys.executable, "-P", str(SCRIPTS[peer]), "--feed", str(feed.path), "--mall", mall]
    command += ["--index", index_of(peer), "--opensearch", at.opensearch_url]
    command += ["--dsn", at.dsn, "--schema", peer]
    start = time.monotonic()
    done = subprocess.run(
        command,
        env=_environment(at),
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_S,
        check=False,
    )
    took = time.monotonic() - start
    if done.returncode:
        sys.stderr.write(done.stderr)
        raise PeerFailed(" ".join(done.stderr.split())[-300:])
    prove(at, feed, mall, index_of(peer), peer)
    return took, json.loads(done.stdout.strip().splitlines()[-1])


def index_of(peer: str) -> str:
    """Its index: the products' template applies to it, the alias does not."""
    return f"products-{peer.replace('_', '-')}"


def _environment(at: Stand) -> dict[str, str]:
    """Spark as the local stack runs our own job: two cores, the same heap and JVM options."""
    conf = glue_conf.properties_file(at.directory)
    memory = os.environ.get(MEMORY_VARIABLE, "2g")
    submit = f"--properties-file {shlex.quote(str(conf))} --master local[2] --driver-memory {memory} pyspark-shell"
    return {
        **os.environ,
        "JAVA_HOME": str(java_home(17)),
        "SPARK_CONF_DIR": glue_conf.NO_FOLDER,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
        "PYSPARK_SUBMIT_ARGS": submit,
        "TZ": "UTC",
    }
