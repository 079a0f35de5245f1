"""Ledgers to test with, and feeds on their way through them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from mallfeed.ledger import moves
from mallfeed.ledger.dynamodb import DynamoLedger
from mallfeed.ledger.endings import Endings
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.port import Ledger
from mallfeed.ledger.states import State
from tests.twins.ledger_table import table_definition
from tests.unit.ledger.records import at


def dynamo_ledger(client: Any, endings: Endings | None = None) -> DynamoLedger:
    """A ledger in a table of its own."""
    table = f"ledger-{uuid4().hex[:8]}"
    client.create_table(**table_definition(table))
    return DynamoLedger(client, table, endings)


def to_state(ledger: Ledger, record: FeedRecord, *states: State) -> FeedRecord:
    for state in states:
        record = ledger.update(record, moves.moved(record, at(200), state, "test"))
    return record


def loaded(ledger: Ledger, record: FeedRecord) -> FeedRecord:
    return to_state(ledger, ledger.enter(record), State.RUNNING, State.SYNCING, State.LOADED)
