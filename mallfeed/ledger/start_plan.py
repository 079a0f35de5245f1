"""Entering a plan in DynamoDB: plan, feeds and mall locks, in transactions of at most 100 items.

The plan goes in with the first feeds; further feeds follow in transactions that check that the plan
still exists. Each transaction is all or nothing for its feeds, and each feed takes its mall's
lock in the same one. A crash between two of them leaves a smaller plan, which is a valid plan:
whoever acts on a plan checks for each feed whether it belongs to it (`FeedRecord.plan_id`).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from botocore.exceptions import ClientError

from mallfeed.aws.failures import code_of, pause, transient
from mallfeed.errors import ConditionFailed, Transient
from mallfeed.ledger import items
from mallfeed.ledger.bounds import bounded
from mallfeed.ledger.model import FeedRecord, PlanRecord
from mallfeed.ledger.moves import into_plan

MAX_FEEDS = 49  # two items each, beside the plan: 100 in all is DynamoDB's limit
MAX_BYTES = 3_000_000  # 4 MB in all is DynamoDB's limit

_PLAN_MOVED = frozenset({"ConditionalCheckFailed", "TransactionConflict"})
_PASSING = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
"""Reasons after which the same write may succeed a moment later. In a conflict the winner is unknown."""
_FINE = "None"
_AGAIN = 3
Pair = tuple[FeedRecord, FeedRecord]
_LOG = logging.getLogger(__name__)


class _NotEntered(Transient):
    """Nothing of a chunk was written."""


def enter_plan(
    client: Any, table: str, plan: PlanRecord, feeds: Sequence[FeedRecord]
) -> tuple[list[FeedRecord], PlanRecord]:
    """Returns the feeds that are in the plan now, and the plan as stored (it may name more).

    Raises ConditionFailed if no feed is left, or the plan already exists; Transient if
    DynamoDB did not answer.
    """
    by_mall = {feed.mall_id: feed for feed in reversed(feeds)}
    chosen = [feed for feed in feeds if by_mall[feed.mall_id] is feed]
    stored = plan.model_copy(update={"revision": 1})
    entered: list[FeedRecord] = []
    for chunk in _chunks([_moved(feed, plan) for feed in chosen]):
        try:
            entered += _enter_chunk(client, table, stored, chunk, first=not entered)
        except (ConditionFailed, _NotEntered):
            if not entered:
                raise
            break  # the feeds that are in go now; the others wait for the next plan
    if not entered:
        raise ConditionFailed(f"plan {plan.plan_id}: every feed of it has moved in the meantime")
    return entered, stored


def _moved(feed: FeedRecord, plan: PlanRecord) -> Pair:
    after = bounded(into_plan(feed, plan))
    return feed, after.model_copy(update={"revision": feed.revision + 1})


def _chunks(pairs: list[Pair]) -> list[list[Pair]]:
    chunks: list[list[Pair]] = [[]]
    size = 0
    for pair in pairs:
        bytes_of = items.size_bytes(items.feed_item(pair[1]))
        if len(chunks[-1]) == MAX_FEEDS or (chunks[-1] and size + bytes_of > MAX_BYTES):
            chunks.append([])
            size = 0
        chunks[-1].append(pair)
        size += bytes_of
    return chunks


def _enter_chunk(
    client: Any, table: str, plan: PlanRecord, pairs: list[Pair], first: bool
) -> list[FeedRecord]:
    """Enters as many of these feeds as possible, and returns them.

    Those that have moved, or that DynamoDB refuses, are left out. Two simultaneous dispatchers may
    cancel each other's transactions, so a conflict is retried before the feed counts as moved. A feed
    that is refused for itself (its item is too large) must not keep the others out.
    """
    again = 0
    while pairs:
        reasons = _transact(client, [_plan_write(table, plan, first), *_writes(table, plan, pairs)])
        if reasons is None:
            return [after for _, after in pairs]
        if again < _AGAIN and not _PASSING.isdisjoint(reasons):
            pause(again)
            again += 1
            continue
        if reasons[0] in _PLAN_MOVED:
            raise ConditionFailed(f"plan {plan.plan_id} has moved in the meantime")
        left = [
            pair
            for place, pair in enumerate(pairs)
            if reasons[1 + 2 * place] == reasons[2 + 2 * place] == _FINE
        ]
        _LOG.info("not entered in plan %s: %s", plan.plan_id, sorted({*reasons} - {_FINE}))
        if len(left) == len(pairs):
            raise _NotEntered(f"plan {plan.plan_id}: the ledger refused it for now: {reasons[0]}")
        pairs = left
    return []


def _transact(client: Any, writes: list[dict[str, Any]]) -> list[str] | None:
    """None if written, else the reason per item (`None` if that item is not to blame)."""
    try:
        with transient("ledger: start plan"):
            client.transact_write_items(TransactItems=writes)
    except ClientError as error:
        if code_of(error) != "TransactionCanceledException":
            raise
        return [str(reason.get("Code")) for reason in error.response["CancellationReasons"]]
    return None


def _plan_write(table: str, plan: PlanRecord, first: bool) -> dict[str, Any]:
    if first:
        return _put(table, items.plan_item(plan), "attribute_not_exists(pk)")
    return {
        "ConditionCheck": {
            "TableName": table,
            "Key": items.plan_key(plan.plan_id),
            "ConditionExpression": "revision = :r",
            "ExpressionAttributeValues": {":r": {"N": str(plan.revision)}},
        }
    }


def _writes(table: str, plan: PlanRecord, pairs: list[Pair]) -> list[dict[str, Any]]:
    writes: list[dict[str, Any]] = []
    for before, after in pairs:
        lock = {**items.lock_key(before.mall_id), "holder": {"S": plan.plan_id}}
        feed = _put(table, items.feed_item(after), "revision = :r")
        feed["Put"]["ExpressionAttributeValues"] = {":r": {"N": str(before.revision)}}
        writes += [feed, _put(table, lock, "attribute_not_exists(pk)")]
    return writes


def _put(table: str, item: items.Item, condition: str) -> dict[str, Any]:
    return {"Put": {"TableName": table, "Item": item, "ConditionExpression": condition}}
