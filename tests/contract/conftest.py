"""What several contract tests need: DynamoDB over HTTP, and both ledgers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from mallfeed.ledger.endings import Endings
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.port import Ledger
from tests.contract.ledgers import dynamo_ledger
from tests.moto_process import REGION, moto_server


@pytest.fixture(scope="module")
def dynamodb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with moto_server(tmp_path_factory.mktemp("moto") / "moto.log") as url:
        yield boto3.client(
            "dynamodb",
            endpoint_url=url,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )


@pytest.fixture
def endings() -> Endings:
    """What the test's ledger notes."""
    return Endings()


@pytest.fixture(params=["memory", "dynamodb"])
def ledger(request: pytest.FixtureRequest, endings: Endings) -> Ledger:
    """Each test runs over both."""
    if request.param == "memory":
        return MemoryLedger(endings)
    return dynamo_ledger(request.getfixturevalue("dynamodb"), endings)
