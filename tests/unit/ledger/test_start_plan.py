"""Entering a plan while another transaction works on the same feeds."""

from __future__ import annotations

from secrets import token_hex
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mallfeed.aws import failures
from mallfeed.errors import ConditionFailed
from mallfeed.ledger import items, start_plan
from mallfeed.ledger.model import Part
from tests.unit.ledger.records import feed, plan

ONE, TWO = feed(1, "mall_a"), feed(1, "mall_b")
CONFLICT, MOVED, FINE = "TransactionConflict", "ConditionalCheckFailed", "None"


class Client:
    """DynamoDB that cancels transactions with these reasons, one after the other."""

    def __init__(self, *cancelled: list[str]) -> None:
        self.cancelled = list(cancelled)
        self.written: list[int] = []

    def transact_write_items(self, TransactItems: list[dict[str, Any]]) -> None:  # noqa: N803
        if self.cancelled:
            reasons = [{"Code": code} for code in self.cancelled.pop(0)]
            assert len(reasons) == len(TransactItems)
            raise ClientError(
                {
                    "Error": {"Code": "TransactionCanceledException", "Message": "cancelled"},
                    "CancellationReasons": reasons,
                },
                "TransactWriteItems",
            )
        self.written.append(len(TransactItems))


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "PAUSE_S", 0.0)


def enter(client: Client) -> list[str]:
    entered, _ = start_plan.enter_plan(client, "ledger", plan("p", ONE, TWO), [ONE, TWO])
    return [one.mall_id for one in entered]


def test_a_conflict_that_passes_costs_no_feed() -> None:
    both_lost = [FINE, CONFLICT, FINE, FINE, CONFLICT]
    client = Client(both_lost, both_lost)
    assert enter(client) == ["mall_a", "mall_b"]
    assert client.written == [5]


def test_who_lost_the_conflict_keeps_what_the_other_did_not_take() -> None:
    client = Client([FINE, CONFLICT, FINE, FINE, FINE], [FINE, MOVED, MOVED, FINE, FINE])
    assert enter(client) == ["mall_b"]
    assert client.written == [3]


def test_a_conflict_that_stays_counts_as_moved() -> None:
    held = [FINE, CONFLICT, FINE, FINE, FINE]
    assert enter(Client(held, held, held, held)) == ["mall_b"]
    everywhere = [FINE, CONFLICT, CONFLICT, CONFLICT, CONFLICT]
    with pytest.raises(ConditionFailed, match="every feed of it has moved"):
        enter(Client(*[everywhere] * 4))


def test_a_feed_refused_for_itself_keeps_no_other_out() -> None:
    too_large = [FINE, FINE, FINE, "ItemCollectionSizeLimitExceeded", FINE]
    client = Client(too_large)
    assert enter(client) == ["mall_a"]
    assert client.written == [3]


def test_a_plan_that_exists_is_moved() -> None:
    with pytest.raises(ConditionFailed, match="has moved in the meantime"):
        enter(Client([MOVED, FINE, FINE, FINE, FINE]))


def test_a_transaction_is_bounded_by_what_its_items_weigh() -> None:
    """A folder's names may be any ids: four megabytes are DynamoDB's limit for all items."""
    parts = tuple(
        Part(key=f"feeds/m/{token_hex(40)}", version_id=token_hex(16), size_bytes=1, etag="e")
        for _ in range(3000)
    )
    folders = [feed(1, f"mall_{number}", parts=parts) for number in range(30)]
    client = Client()
    entered, _ = start_plan.enter_plan(client, "ledger", plan("p", *folders), folders)
    assert len(entered) == 30
    weight = items.size_bytes(items.feed_item(folders[0]))
    assert len(client.written) > 1
    assert max(client.written) // 2 * weight < 4_000_000


def test_a_later_part_of_a_plan_that_is_refused_for_now_is_left_for_the_next_one() -> None:
    many = [feed(1, f"mall_{number:02d}") for number in range(60)]
    fine = [FINE] * (1 + 2 * 49)
    throttled = ["ThrottlingError", *[FINE] * (2 * 11)]
    client = Client()
    transact = client.transact_write_items

    def only_the_first(TransactItems: list[dict[str, Any]]) -> None:  # noqa: N803
        if len(TransactItems) < len(fine):
            client.cancelled = [throttled]
        transact(TransactItems)

    client.transact_write_items = only_the_first  # type: ignore[method-assign]
    entered, _ = start_plan.enter_plan(client, "ledger", plan("p", *many), many)
    assert len(entered) == 49
