"""What every process of a stack needs: the clock and the ledger."""

from __future__ import annotations

from datetime import UTC, datetime

from mallfeed.aws.clients import client
from mallfeed.ledger.dynamodb import DynamoLedger
from mallfeed.ledger.endings import Endings
from mallfeed.settings import Settings


def now() -> datetime:
    """The clock: this moment, UTC."""
    return datetime.now(UTC)


def ledger_of(settings: Settings, endings: Endings | None = None) -> DynamoLedger:
    """The stack's ledger; `endings` notes the feeds that this process ends."""
    return DynamoLedger(client("dynamodb", settings.region), settings.ledger_table, endings)
