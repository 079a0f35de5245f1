"""The ledger's DynamoDB, ready to use."""

from __future__ import annotations

from mallfeed.aws.clients import client
from mallfeed.ledger.dynamodb import DynamoLedger


def ledger(table: str, region: str | None = None) -> DynamoLedger:
    """The ledger in this table."""
    return DynamoLedger(client("dynamodb", region), table)
