"""Fixtures: the local stack's real parts, started once per test session and shared by its modules.

A test asks for the least it needs: `aws` (moto's server), `warehouse` (PostgreSQL, the Data API, S3),
`opensearch`, or `stack` (all of them with template.yaml deployed and the pump at work). Everything
ends with the test process, however that ends. MALLFEED_TEST_STACK names the stack, so that two
test sessions can run in one checkout; each worker of a session has a stack of its own. Imports wait until a part is asked for: the environment of
`make test-glue6` has none of what the stack needs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

PARTS = frozenset({"local_stack", "aws", "warehouse", "opensearch", "services"})
"""Fixtures of a part of the stack."""

if TYPE_CHECKING:
    from infra.local.stack import Stack
    from tests.sink_services import SinkServices


@dataclass(frozen=True)
class Parts:
    """A stack of which some parts run, and clients for them."""

    stack: Stack
    env: dict[str, str]

    def client(self, service: str) -> Any:
        """A boto3 client of that service."""
        import boto3

        url = self.env.get(f"AWS_ENDPOINT_URL_{service.replace('-', '_').upper()}")
        return boto3.client(
            service,
            endpoint_url=url or self.env["AWS_ENDPOINT_URL"],
            region_name=self.env["AWS_DEFAULT_REGION"],
            aws_access_key_id=self.env["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.env["AWS_SECRET_ACCESS_KEY"],
        )


@pytest.fixture(scope="session")
def local_stack() -> Iterator[Stack]:
    """The session's stack, nothing started yet."""
    from infra.local import small_feeds
    from infra.local.stack import Stack

    os.environ.setdefault(small_feeds.VARIABLE, "1")
    os.environ.setdefault("MALLFEED_OPENSEARCH_HEAP", "768m")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    name = os.environ.get("MALLFEED_TEST_STACK", "test") + worker
    with Stack(name, glue_start_s=0).session() as stack:
        yield stack
        asked = stack.asked_of_iam()
    refused = {role: told["refused"] for role, told in asked.items() if told["refused"]}
    assert refused == {}, "roles of template.yaml were refused what they called"


@pytest.fixture(scope="session")
def aws(local_stack: Stack) -> Parts:
    """moto's server."""
    local_stack.start_aws()
    return Parts(local_stack, local_stack.environment())


@pytest.fixture(scope="session")
def warehouse(local_stack: Stack) -> Parts:
    """PostgreSQL behind the Data API, and S3."""
    local_stack.start_warehouse()
    return Parts(local_stack, local_stack.environment())


@pytest.fixture(scope="session")
def opensearch(local_stack: Stack) -> Iterator[str]:
    """OpenSearch's URL. What this process's clients ask of it is held against what a domain on AWS serves."""
    from opensearchpy import Transport

    from infra.local.limits import domain

    ask = Transport.perform_request

    def perform_request(self: Any, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        body = kwargs.get("body")
        domain.check_request(method, url, body if isinstance(body, dict) else None)
        return ask(self, method, url, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Transport, "perform_request", perform_request)
        yield local_stack.start_opensearch()


@pytest.fixture(scope="session")
def services(opensearch: str, warehouse: Parts) -> SinkServices:
    """OpenSearch, and a warehouse of the sink tests' own."""
    from tests.sink_services import sink_services

    return sink_services(opensearch, warehouse)


@pytest.fixture(scope="session")
def stack(local_stack: Stack) -> Parts:
    """The whole stack: template.yaml deployed, functions and jobs run by themselves."""
    from infra.local.clock import NEVER

    local_stack.start_all()
    local_stack.deploy(MaintainSchedule=NEVER)
    return Parts(local_stack, local_stack.environment())
