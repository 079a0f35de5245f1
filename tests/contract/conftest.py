"""What several contract tests need: DynamoDB over HTTP, and both ledgers."""

from __future__ import annotations

from typing import Any

import pytest

from mallfeed.ledger.endings import Endings
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.port import Ledger
from tests.contract.ledgers import dynamo_ledger
from tests.local_parts import Parts


@pytest.fixture(scope="session")
def dynamodb(aws: Parts) -> Any:
    """The local stack's DynamoDB: in plain moto, a transaction undoes what others write at the same moment."""
    return aws.client("dynamodb")


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
