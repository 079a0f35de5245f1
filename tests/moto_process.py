"""A moto server with AWS's limits as a process of its own, for tests that speak to AWS over HTTP."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from infra.local.place import CREDENTIALS
from infra.paths import CHECKOUT
from mallfeed.aws.clients import client

ENVIRONMENT = CREDENTIALS
"""Those of the local stack's operator: boto3 keeps what it found first for the whole process, and tests of one process
speak to a bare moto and to a stack, which knows who calls."""


@contextmanager
def moto_server(log: Path) -> Iterator[str]:
    """Starts a server on a free port, yields its URL, stops it."""
    port = _free_port()
    command = [sys.executable, "-m", "tests.strict_moto", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            stdout=out,
            stderr=subprocess.STDOUT,
            env={**os.environ, **ENVIRONMENT},
            cwd=CHECKOUT,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_up(port, process, log)
        yield url
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def moto_as_aws(log: Path) -> Iterator[str]:
    """A server, and this process's own AWS clients (`mallfeed.aws.clients`) pointed at it."""
    with moto_server(log) as url, pytest.MonkeyPatch.context() as patch:
        for name, value in {**ENVIRONMENT, "AWS_ENDPOINT_URL": url}.items():
            patch.setenv(name, value)
        client.cache_clear()
        try:
            yield url
        finally:
            client.cache_clear()


def _wait_until_up(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"moto ended: {log.read_text()}")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=2):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"moto not up after 60 s: {log.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
