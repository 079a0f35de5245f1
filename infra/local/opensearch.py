"""OpenSearch 3.5 with nori, the real one, as a process (jar set `opensearch`, Java 25)."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from pathlib import Path

from infra.local.ports import LOOPBACK, free_port_between
from infra.local.processes import Spec, StackError
from infra.local.small_feeds import FIRST_COMPILER_ONLY, small_feeds
from infra.paths import jars, java

HEAP_VARIABLE = "MALLFEED_OPENSEARCH_HEAP"
DEFAULT_HEAP = "1g"
_LONG = ("-XX:+UseG1GC",)
_SHORT = ("-XX:+UseSerialGC", FIRST_COMPILER_ONLY)
"""For small indices: a third less CPU time than with both compilers and their threads."""
_NORI = "org.opensearch.plugin.analysis.nori.AnalysisNoriPlugin"


def free_port() -> int:
    """A free port that the runner accepts: none above 9299."""
    return free_port_between(8300, 9299)


def spec(port: int, data: Path, cluster: str) -> Spec:
    """One node that listens on that port of the loopback interface only."""
    program = java(25)
    if not program.exists() or not any(jars("opensearch").glob("*.jar")):
        raise StackError(
            f"OpenSearch's Java or jars are not under {program.parents[5]}: make setup"
        )
    heap = os.environ.get(HEAP_VARIABLE, DEFAULT_HEAP)
    command = [
        str(program),
        f"-Xms{heap}",
        f"-Xmx{heap}",
        *(_SHORT if small_feeds() else _LONG),
        "-Djava.locale.providers=SPI,CLDR",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        f"{jars('opensearch')}/*",
        "org.codelibs.opensearch.runner.OpenSearchRunner",
        *("-basePath", str(data)),
        *("-clusterName", cluster),
        *("-numOfNode", "1"),
        *("-baseHttpPort", str(port - 1)),
        "-printOnFailure",
        *("-pluginTypes", _NORI),
    ]
    return Spec(
        name="opensearch",
        cwd=data.parent,
        command=command,
        port=port,
        timeout_s=120,
        healthy=lambda: _is_ready(port, cluster),
    )


def _is_ready(port: int, cluster: str) -> bool:
    url = f"http://{LOOPBACK}:{port}/_cluster/health?wait_for_status=yellow&timeout=1s"
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            body = json.load(answer)
    except (OSError, urllib.error.URLError, ValueError):
        return False
    if body["cluster_name"] != cluster:
        raise StackError(f"port {port} answers for {body['cluster_name']}, not {cluster}")
    return bool(body["status"] in ("green", "yellow"))


def allow_full_disks(port: int) -> None:
    """No disk watermarks: a nearly full laptop must not turn the indices read-only."""
    body = {"persistent": {"cluster.routing.allocation.disk.threshold_enabled": False}}
    request = urllib.request.Request(
        f"http://{LOOPBACK}:{port}/_cluster/settings",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
        method="PUT",
    )
    with urllib.request.urlopen(request, timeout=30):  # noqa: S310
        pass
