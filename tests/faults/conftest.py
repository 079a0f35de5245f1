"""A world of its own for each scripted fault, and the proxy between it and OpenSearch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import boto3
import pytest

from infra.local.place import CREDENTIALS, REGION
from tests.contract.ledgers import dynamo_ledger
from tests.contract.sink_twins import IndexInOpenSearch, WarehouseInRedshift
from tests.faults.proxy import Proxy, fault_proxy
from tests.faults.real_world import RealWorld
from tests.sink_services import SinkServices


@dataclass
class Scene:
    """A world, and the proxy between it and OpenSearch."""

    world: RealWorld
    opensearch: Proxy


@pytest.fixture
def scene(services: SinkServices) -> Iterator[Scene]:
    """Everything real but feeds and table; nothing loaded yet."""
    dynamodb = boto3.client(
        "dynamodb",
        endpoint_url=services.aws_url,
        region_name=REGION,
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )
    index, tables = IndexInOpenSearch(services), WarehouseInRedshift(services)
    with fault_proxy(services.opensearch.endpoint) as proxy:
        ledger = dynamo_ledger(dynamodb)
        yield Scene(RealWorld(services, index, tables, ledger, proxy.url), proxy)
    index.close()
