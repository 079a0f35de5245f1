"""Progress items beside the ledger's: a run believed dead does not overwrite those of its successor."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from mallfeed.ledger.dynamodb import DynamoLedger
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.states import State
from mallfeed.progress.model import FeedProgress, SinkProgress
from mallfeed.progress.store import DynamoProgress
from tests.twins.ledger_table import table_definition
from tests.unit.ledger.records import at, feed


@pytest.fixture(scope="module")
def table(dynamodb: Any) -> str:
    """A table of this module's own."""
    name = f"ledger-{uuid4().hex[:8]}"
    dynamodb.create_table(**table_definition(name))
    return name


@pytest.fixture
def store(dynamodb: Any, table: str) -> DynamoProgress:
    return DynamoProgress(dynamodb, table)


def running(mall: str, run: str | None = "jr_1") -> FeedRecord:
    return feed(1, mall, state=State.RUNNING, plan_id="p", job_run_id=run)


def told(record: FeedRecord, run: str = "jr_1", attempt: int = 1, **more: Any) -> FeedProgress:
    return FeedProgress(feed_id=record.feed_id, job_run_id=run, attempt=attempt, at=at(1), **more)


def test_what_was_reported_last_is_read_back(store: DynamoProgress) -> None:
    record = running("mall_a")
    sinks = {"redshift": SinkProgress(sent=3, of=9), "opensearch/i": SinkProgress(sent=1)}
    assert store.write(told(record, rows_read=1))
    newest = told(record, steps=("redshift",), rows_read=5, share_read=0.5, sinks=sinks)
    assert store.write(newest)
    assert store.of([record]) == {record.feed_id: newest}


def test_a_run_thought_dead_does_not_write_over_its_successor(store: DynamoProgress) -> None:
    record = running("mall_zombie", "jr_2")
    assert store.write(told(record, "jr_1", attempt=1, rows_read=10))
    assert store.of([record]) == {}
    successor = told(record, "jr_2", attempt=2, rows_read=3)
    assert store.write(successor)
    assert not store.write(told(record, "jr_1", attempt=1, rows_read=11))
    assert store.of([record]) == {record.feed_id: successor}


def test_two_hundred_feeds_are_asked_for_at_once_and_strangers_are_left_out(
    store: DynamoProgress,
) -> None:
    records = [running(f"mall_{number:03d}") for number in range(200)]
    for record in records[:150]:
        store.write(told(record))
    waiting = running("mall_000", None)
    assert set(store.of(records)) == {record.feed_id for record in records[:150]}
    assert store.of([waiting]) == {}
    assert store.of([]) == {}


def test_the_ledger_does_not_see_it(store: DynamoProgress, dynamodb: Any, table: str) -> None:
    ledger = DynamoLedger(dynamodb, table)
    record = ledger.enter(feed(1, "mall_seen"))
    store.write(told(record))
    assert ledger.feeds("mall_seen") == ledger.history("mall_seen") == [record]
    assert ledger.recent() == ledger.open_feeds() == [record]


def test_no_answer_is_no_progress(dynamodb: Any) -> None:
    assert DynamoProgress(dynamodb, "no-such-table").of([running("mall_a")]) == {}


def test_items_end_by_themselves(store: DynamoProgress, dynamodb: Any, table: str) -> None:
    record = running("mall_ttl")
    store.write(told(record))
    key = {"pk": {"S": "mall#mall_ttl"}, "sk": {"S": f"progress#{record.feed_id}"}}
    item = dynamodb.get_item(TableName=table, Key=key)["Item"]
    assert int(item["expires_at"]["N"]) == int(at(1).timestamp()) + 7 * 86_400
