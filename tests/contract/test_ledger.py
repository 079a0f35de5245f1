"""One behaviour suite over both ledgers: in memory, and DynamoDB behind a real HTTP server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import boto3
import pytest

from mallfeed.errors import ConditionFailed, TransitionRefused
from mallfeed.ledger import moves
from mallfeed.ledger.dynamodb import DynamoLedger
from mallfeed.ledger.memory import MemoryLedger
from mallfeed.ledger.model import Counts, Event, FeedRecord, Part
from mallfeed.ledger.port import Ledger
from mallfeed.ledger.schema import table_definition
from mallfeed.ledger.states import ENTRY, TRANSITIONS, State
from mallfeed.table.port import Commit
from tests.moto_process import REGION, moto_server
from tests.unit.ledger.records import at, delta, feed, plan


@pytest.fixture(scope="module")
def dynamodb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    with moto_server(tmp_path_factory.mktemp("moto") / "moto.log") as url:
        yield boto3.client(
            "dynamodb",
            endpoint_url=url,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )


@pytest.fixture(params=["memory", "dynamodb"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    if request.param == "memory":
        return MemoryLedger()
    client = request.getfixturevalue("dynamodb")
    table = f"ledger-{uuid4().hex[:8]}"
    client.create_table(**table_definition(table))
    return DynamoLedger(client, table)


def to_state(ledger: Ledger, record: FeedRecord, *states: State) -> FeedRecord:
    for state in states:
        record = ledger.update(record, moves.moved(record, at(200), state, "test"))
    return record


def loaded(ledger: Ledger, record: FeedRecord) -> FeedRecord:
    return to_state(ledger, ledger.enter(record), State.RUNNING, State.SYNCING, State.LOADED)


def test_what_was_entered_is_read_back_whole(ledger: Ledger) -> None:
    record = feed(1, message="한글 메시지", counts=Counts(rows_read=3, reject_codes={"x": 1}))
    stored = ledger.enter(record)
    assert stored == record.model_copy(update={"revision": 1})
    assert ledger.feed(record.feed_id) == stored
    assert ledger.feeds("mall_a") == [stored]


def test_entering_again_returns_what_is_stored(ledger: Ledger) -> None:
    first = ledger.enter(feed(1))
    held = ledger.update(first, moves.held(first, "drift", "a column is gone", at(5)))
    assert ledger.enter(feed(1)) == held


def test_an_unknown_feed_is_none(ledger: Ledger) -> None:
    assert ledger.feed("mall_a-0000000000000000") is None
    assert ledger.feeds("mall_a") == []
    assert ledger.plan("none") is None


def test_feeds_of_one_mall_come_in_order_and_alone(ledger: Ledger) -> None:
    for number in (3, 1, 2):
        ledger.enter(feed(number))
    ledger.enter(feed(1, mall="mall_ab"))
    assert [one.key[-8:] for one in ledger.feeds("mall_a")] == ["0001.csv", "0002.csv", "0003.csv"]


def test_an_update_from_an_old_revision_fails_and_changes_nothing(ledger: Ledger) -> None:
    first = ledger.enter(feed(1))
    second = ledger.update(first, moves.noted(first, at(1), "one"))
    with pytest.raises(ConditionFailed, match=first.feed_id):
        ledger.update(first, moves.noted(first, at(2), "two"))
    assert ledger.feed(first.feed_id) == second
    assert second.revision == first.revision + 1


def test_a_feed_that_is_not_there_cannot_be_updated(ledger: Ledger) -> None:
    with pytest.raises(ConditionFailed):
        ledger.update(feed(1), feed(1))


@pytest.mark.parametrize("state", sorted(set(State) - ENTRY))
def test_a_feed_enters_in_no_other_state(ledger: Ledger, state: State) -> None:
    with pytest.raises(TransitionRefused, match="cannot enter"):
        ledger.enter(feed(1, state=state))
    assert ledger.feed(feed(1).feed_id) is None


@pytest.mark.parametrize("before", sorted(State))
def test_no_other_transition_is_possible(ledger: Ledger, before: State) -> None:
    for number, after in enumerate(sorted(set(State) - {before}), start=1):
        record = ledger.enter(feed(number))
        record = to_state(ledger, record, *_way_to(before))
        if after in TRANSITIONS[before]:
            assert to_state(ledger, record, after).state is after
        else:
            with pytest.raises(TransitionRefused, match=f"is {before} and cannot become {after}"):
                to_state(ledger, record, after)
            assert ledger.feed(record.feed_id) == record


def _way_to(state: State) -> list[State]:
    ways: dict[State, list[State]] = {State.WAITING: []}
    queue = [State.WAITING]
    while queue:
        here = queue.pop(0)
        for there in sorted(TRANSITIONS[here]):
            if there not in ways:
                ways[there] = [*ways[here], there]
                queue.append(there)
    return ways[state]


def test_of_many_simultaneous_updates_one_wins(ledger: Ledger) -> None:
    record = ledger.enter(feed(1))
    barrier = threading.Barrier(4)

    def race(name: int) -> bool:
        barrier.wait()
        try:
            ledger.update(record, moves.noted(record, at(name), f"racer {name}"))
        except ConditionFailed:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(race, range(4))) == [False, False, False, True]


def test_only_malls_with_open_feeds_are_open(ledger: Ledger) -> None:
    ledger.enter(feed(1, mall="mall_a"))
    loaded(ledger, feed(1, mall="mall_b"))
    ledger.enter(feed(1, mall="mall_c", state=State.HELD))
    to_state(ledger, ledger.enter(feed(1, mall="mall_d")), State.RUNNING, State.SYNCING)
    assert ledger.open_malls() == {"mall_a", "mall_d"}
    assert [one.mall_id for one in ledger.open_feeds()] == ["mall_a", "mall_d"]
    assert [one.mall_id for one in ledger.blocking_feeds()] == ["mall_c"]


def test_recent_is_newest_first_over_all_malls_and_limited(ledger: Ledger) -> None:
    for number, mall in ((1, "mall_a"), (3, "mall_b"), (2, "mall_c")):
        ledger.enter(feed(number, mall=mall))
    assert [one.mall_id for one in ledger.recent()] == ["mall_b", "mall_c", "mall_a"]
    assert [one.mall_id for one in ledger.recent(limit=1)] == ["mall_b"]


def test_feeds_leaves_out_what_no_decision_needs(ledger: Ledger) -> None:
    loaded(ledger, feed(1))
    loaded(ledger, delta(2))
    full = loaded(ledger, feed(3))
    loaded(ledger, delta(4))
    last = loaded(ledger, delta(6))
    assert ledger.feeds("mall_a") == [full, last]


def test_feeds_has_the_loaded_deltas_behind_an_unsettled_feed(ledger: Ledger) -> None:
    full = loaded(ledger, feed(1))
    loaded(ledger, delta(2))
    four, five = loaded(ledger, delta(4)), loaded(ledger, delta(5))
    after_55 = delta(55).order + "~"
    late = ledger.enter(delta(99, feed_id="mall_a-late", order=after_55))
    read: list[int] = []

    def count(parsed: dict[str, Any], **kwargs: object) -> None:
        read.append(parsed["ScannedCount"])

    dynamodb.meta.events.register("after-call.dynamodb.Query", count)
    feeds = ledger.feeds("mall_a")
    dynamodb.meta.events.unregister("after-call.dynamodb.Query", count)
    assert [one.key[-8:-4] for one in feeds if one.feed_id != late.feed_id] == [
        "0040", "0056", "0057", "0058", "0059",
    ]  # fmt: skip
    assert sum(read) < 10


def test_a_closed_feed_expires_and_an_open_or_blocking_one_never(dynamodb: Any) -> None:
    table = f"ledger-{uuid4().hex[:8]}"
    dynamodb.create_table(**table_definition(table))
    ledger = DynamoLedger(dynamodb, table)
    for number, state in enumerate((State.WAITING, State.HELD, State.IGNORED)):
        ledger.enter(feed(number, state=state))
    items = dynamodb.scan(TableName=table)["Items"]
    expiring = {item["state"]["S"]: "expires_at" in item for item in items}
    assert expiring == {"WAITING": False, "HELD": False, "IGNORED": True}
