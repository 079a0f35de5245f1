"""What DynamoDB does under load and with concurrent writers, but moto never does."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from mallfeed.aws import failures
from mallfeed.errors import ConditionFailed, Transient
from mallfeed.ledger import items
from mallfeed.ledger.dynamodb import DynamoLedger
from tests.unit.ledger.records import feed

CONFLICT = "TransactionConflictException"


class Client:
    """A client that first refuses with these codes, and leaves keys unprocessed this many times."""

    def __init__(self, *codes: str, unread: int = 0) -> None:
        self.codes = list(codes)
        self.unread = unread
        self.calls = 0
        self.stored = [feed(1), feed(2)]

    def put_item(self, **arguments: Any) -> None:
        self._answer("PutItem")

    def delete_item(self, **arguments: Any) -> None:
        self._answer("DeleteItem")

    def batch_get_item(self, RequestItems: dict[str, Any]) -> dict[str, Any]:  # noqa: N803
        self.calls += 1
        keys = RequestItems["t"]["Keys"]
        wanted = {items.feed_key(one.feed_id)["sk"]["S"]: one for one in self.stored}
        given, left = (keys[:1], keys[1:]) if self.calls <= self.unread else (keys, [])
        if self.unread > 10:
            given, left = [], keys
        found = [items.feed_item(wanted[key["sk"]["S"]]) for key in given]
        return {
            "Responses": {"t": found},
            "UnprocessedKeys": {"t": {"Keys": left}} if left else {},
        }

    def _answer(self, name: str) -> None:
        self.calls += 1
        if self.codes:
            raise ClientError({"Error": {"Code": self.codes.pop(0), "Message": "no"}}, name)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "PAUSE_S", 0.0)


def test_a_write_that_meets_a_transaction_is_tried_again() -> None:
    client = Client(CONFLICT, CONFLICT)
    assert DynamoLedger(client, "t").enter(feed(1)).revision == 1
    DynamoLedger(Client(CONFLICT), "t").unlock_mall("mall_a", "p")
    assert client.calls == 3


def test_retries_end_and_nothing_that_may_have_been_done_is_repeated() -> None:
    with pytest.raises(Transient):
        DynamoLedger(Client(*[CONFLICT] * 20), "t").enter(feed(1))
    unknown = Client("InternalServerError")
    with pytest.raises(Transient):
        DynamoLedger(unknown, "t").enter(feed(1))
    assert unknown.calls == 1
    throttled = Client("ThrottlingException")
    with pytest.raises(Transient):  # botocore has repeated it already
        DynamoLedger(throttled, "t").enter(feed(1))
    assert throttled.calls == 1
    moved = Client("ConditionalCheckFailedException")
    with pytest.raises(ConditionFailed):
        DynamoLedger(moved, "t").update(feed(1), feed(1))
    assert moved.calls == 1


def test_keys_left_unread_are_asked_for_again_but_not_for_ever() -> None:
    ids = [one.feed_id for one in (feed(1), feed(2))]
    client = Client(unread=1)
    assert sorted(DynamoLedger(client, "t").feeds_by_id(ids)) == sorted(ids)
    assert client.calls == 2
    with pytest.raises(Transient, match="repeatedly left keys unprocessed"):
        DynamoLedger(Client(unread=100), "t").feeds_by_id(ids)
