"""The parts that every process of a stack needs: the clock, the ledger, the stack's parameters."""

from __future__ import annotations

from datetime import UTC, datetime

from mallfeed.aws.clients import client
from mallfeed.aws.ssm import parameters
from mallfeed.ledger.dynamodb import DynamoLedger
from mallfeed.ledger.endings import Endings
from mallfeed.settings import Settings


def now() -> datetime:
    """The clock: this moment, UTC."""
    return datetime.now(UTC)


def ledger_of(settings: Settings, endings: Endings | None = None) -> DynamoLedger:
    """The stack's ledger; `endings` collects the feeds that this process ends."""
    return DynamoLedger(client("dynamodb", settings.region), settings.ledger_table, endings)


def stack_parameters(settings: Settings) -> dict[str, str]:
    """Name below the stack's prefix → value, for all parameters of the stack."""
    return parameters(client("ssm"), settings.parameter_prefix)
