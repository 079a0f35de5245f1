"""One moto server for these tests, started as the local stack starts it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from infra.local.deploy import Clients
from infra.local.place import CREDENTIALS, REGION
from infra.local.ports import LOOPBACK, free_ports
from infra.local.processes import answers
from infra.paths import CHECKOUT


@pytest.fixture(scope="session")
def aws_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Credentials and endpoint of a fresh local AWS."""
    (port,) = free_ports(1)
    log = tmp_path_factory.mktemp("aws") / "log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "infra.local.aws", str(port)],
            stdout=sink,
            stderr=subprocess.STDOUT,
            env={**os.environ, **CREDENTIALS},
            cwd=CHECKOUT,
        )
    deadline = time.monotonic() + 60
    while not answers(port, "/moto-api/data.json"):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, "moto did not start"
    yield {**CREDENTIALS, "AWS_ENDPOINT_URL": f"http://{LOOPBACK}:{port}"}
    process.kill()
    process.wait()


@pytest.fixture(scope="session")
def clients(aws_environment: dict[str, str]) -> Clients:
    """boto3 clients of that AWS."""
    return Clients(aws_environment)


@pytest.fixture
def bucket(clients: Any, request: pytest.FixtureRequest) -> str:
    """An empty bucket of the test's own."""
    name = "t-" + "".join(c if c.isalnum() else "-" for c in request.node.name.lower())[:50].strip(
        "-"
    )
    clients("s3").create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    return name
