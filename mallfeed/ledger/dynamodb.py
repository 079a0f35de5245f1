"""The ledger in DynamoDB: conditional writes by revision, strongly consistent reads by mall."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import Any

from botocore.exceptions import ClientError

from mallfeed.aws.failures import ATTEMPTS, code_of, patiently, pause, transient
from mallfeed.errors import ConditionFailed, Transient
from mallfeed.ledger import items
from mallfeed.ledger.bounds import bounded
from mallfeed.ledger.endings import Endings
from mallfeed.ledger.feeds_for_decision import deltas_since, relevant
from mallfeed.ledger.identity import order_time
from mallfeed.ledger.model import FeedRecord, PlanRecord
from mallfeed.ledger.schema import BY_ORDER, OPEN_INDEX, RECENT_INDEX
from mallfeed.ledger.sent_by_mall import LONGEST_UPLOAD, is_sent_since
from mallfeed.ledger.slices import last_published
from mallfeed.ledger.start_plan import enter_plan
from mallfeed.ledger.states import check_entry, check_transition

_ABSENT = "attribute_not_exists(pk)"
_LOOK = 25
"""Feeds per page when one of the newest is looked up: the first ones are usually enough."""


class DynamoLedger:
    """Implements `mallfeed.ledger.port.Ledger` over one table (`mallfeed.ledger.schema`).

    `endings` collects the feeds that are ended by writes of this ledger.
    """

    def __init__(self, client: Any, table: str, endings: Endings | None = None) -> None:
        self._client = client
        self._table = table
        self._endings = endings or Endings()

    def enter(self, record: FeedRecord) -> FeedRecord:
        """See the port."""
        check_entry(record.feed_id, record.state)
        stored = bounded(record).model_copy(update={"revision": 1})
        try:
            self._put(items.feed_item(stored), _ABSENT)
        except ConditionFailed:
            return self.feed(record.feed_id) or stored
        self._endings.note(stored)
        return stored

    def feed(self, feed_id: str) -> FeedRecord | None:
        """See the port."""
        item = self._get(items.feed_key(feed_id))
        return items.feed_of(item) if item else None

    def feeds_by_id(self, feed_ids: Sequence[str]) -> dict[str, FeedRecord]:
        """See the port."""
        keys = [items.feed_key(feed_id) for feed_id in dict.fromkeys(feed_ids)]
        found = map(items.feed_of, self._batch(keys))
        return {record.feed_id: record for record in found}

    def feeds(self, mall_id: str) -> list[FeedRecord]:
        """See the port."""
        unsettled = [items.feed_of(item) for item in self._of_class(mall_id, "U")]
        fulls = last_published(self._newest_fulls(mall_id))
        last_delta = self._newest(mall_id, "L", 1)
        later: list[FeedRecord] = []
        since = deltas_since(unsettled, fulls)
        if since is not None and last_delta:
            later = [items.feed_of(item) for item in self._of_class(mall_id, "L", since)]
        everything = {f.feed_id: f for f in (*unsettled, *fulls, *last_delta, *later)}
        return relevant(everything.values())

    def history(self, mall_id: str, limit: int = 100) -> list[FeedRecord]:
        """See the port."""
        groups = [items.index_group(kind, None) for kind in "ULX"] + self._groups_of_fulls(mall_id)
        newest = [feed for group in groups for feed in self._newest_in(mall_id, group, limit)]
        return sorted(newest, key=lambda feed: feed.order, reverse=True)[:limit]

    def sent_since(self, mall_id: str, since: Mapping[str, datetime]) -> set[str]:
        """See the port."""
        missing = dict(since)
        # A feed may move from class U to another one while this reads: in this order it is not missed.
        for group in self._groups(mall_id):
            if not missing:
                break
            lower = order_time(min(missing.values()) - LONGEST_UPLOAD)
            for item in self._in_group(mall_id, group, lower, ScanIndexForward=False, Limit=_LOOK):
                feed = items.feed_of(item)
                if is_sent_since(feed, missing):
                    del missing[str(feed.feed_name)]
                if not missing:
                    break
        return set(since) - set(missing)

    def open_malls(self) -> set[str]:
        """See the port."""
        return {items.mall_of(item) for item in self._index(OPEN_INDEX, "open_kind", "feed")}

    def open_feeds(self) -> list[FeedRecord]:
        """See the port."""
        return self._by_arrival(self._index(OPEN_INDEX, "open_kind", "feed"))

    def blocking_feeds(self) -> list[FeedRecord]:
        """See the port."""
        return self._by_arrival(self._index(OPEN_INDEX, "open_kind", "blocking"))

    def recent(self, limit: int = 100) -> list[FeedRecord]:
        """See the port."""
        newest = self._index(RECENT_INDEX, "recent_kind", "feed", newest_first=True)
        return self._by_arrival(islice(newest, limit))[::-1]

    def update(self, before: FeedRecord, after: FeedRecord) -> FeedRecord:
        """See the port."""
        check_transition(before.feed_id, before.state, after.state)
        stored = bounded(after).model_copy(update={"revision": before.revision + 1})
        self._put(items.feed_item(stored), "revision = :r", before.revision)
        if stored.state is not before.state:
            self._endings.note(stored)
        return stored

    def note_moment(self, mall_id: str, moment: datetime) -> None:
        """See the port."""
        earlier = "attribute_not_exists(pk) OR moment > :m"
        with suppress(ConditionFailed):
            self._put_if(
                items.moment_item(mall_id, moment), earlier, {":m": {"S": items.sortable(moment)}}
            )

    def settle_moment(self, mall_id: str, moment: datetime | None) -> None:
        """See the port."""
        with transient(f"ledger: moment of {mall_id}"):
            if moment is None:
                key = items.moment_key(mall_id)
                patiently(lambda: self._client.delete_item(TableName=self._table, Key=key))
            else:
                item = items.moment_item(mall_id, moment)
                patiently(lambda: self._client.put_item(TableName=self._table, Item=item))

    def moments(self, until: datetime) -> dict[str, datetime]:
        """See the port."""
        noted = self._query(
            ConsistentRead=True,
            KeyConditionExpression="pk = :pk",
            FilterExpression="moment <= :until",
            ExpressionAttributeValues={
                ":pk": {"S": items.MOMENTS_PK},
                ":until": {"S": items.sortable(until)},
            },
        )
        return dict(map(items.moment_of, noted))

    def start_plan(self, plan: PlanRecord, feeds: Sequence[FeedRecord]) -> list[FeedRecord]:
        """See the port."""
        entered, stored = enter_plan(self._client, self._table, plan, feeds)
        if stored.feed_ids != tuple(feed.feed_id for feed in entered):
            narrowed = stored.model_copy(
                update={
                    "feed_ids": tuple(feed.feed_id for feed in entered),
                    "malls": tuple(feed.mall_id for feed in entered),
                }
            )
            self._put_plan(stored, narrowed)
        return entered

    def plan(self, plan_id: str) -> PlanRecord | None:
        """See the port."""
        item = self._get(items.plan_key(plan_id))
        return items.plan_of(item) if item else None

    def open_plans(self) -> list[PlanRecord]:
        """See the port."""
        keys = [
            {"pk": item["pk"], "sk": item["sk"]}
            for item in self._index(OPEN_INDEX, "open_kind", "plan")
        ]
        plans = [items.plan_of(item) for item in self._batch(keys)]
        still_open = [plan for plan in plans if plan.state != "CLOSED"]
        return sorted(still_open, key=lambda plan: (plan.created_at, plan.plan_id))

    def update_plan(self, before: PlanRecord, after: PlanRecord) -> PlanRecord:
        """See the port."""
        if after.state == "CLOSED":
            now = self.plan(before.plan_id)
            if now is None or now.revision != before.revision:
                raise ConditionFailed(f"plan {before.plan_id} has moved in the meantime")
            # The locks first: a crash in between leaves an open plan, which is closed again.
            for mall_id in before.malls:
                self.unlock_mall(mall_id, before.plan_id)
        return self._put_plan(before, after)

    def lock_mall(self, mall_id: str, holder: str) -> bool:
        """See the port."""
        item = {**items.lock_key(mall_id), "holder": {"S": holder}}
        try:
            self._put(item, _ABSENT)
        except ConditionFailed:
            return self.lock_holder(mall_id) == holder
        return True

    def unlock_mall(self, mall_id: str, holder: str) -> None:
        """See the port."""
        try:
            with transient(f"ledger: unlock {mall_id}"):
                patiently(
                    lambda: self._client.delete_item(
                        TableName=self._table,
                        Key=items.lock_key(mall_id),
                        ConditionExpression="holder = :h",
                        ExpressionAttributeValues={":h": {"S": holder}},
                    )
                )
        except ClientError as error:
            if code_of(error) != "ConditionalCheckFailedException":
                raise

    def lock_holder(self, mall_id: str) -> str | None:
        """See the port."""
        item = self._get(items.lock_key(mall_id))
        return str(item["holder"]["S"]) if item else None

    def lock_holders(self, mall_ids: Collection[str]) -> dict[str, str]:
        """See the port."""
        locks = self._batch([items.lock_key(mall_id) for mall_id in sorted(set(mall_ids))])
        return {items.mall_of(lock): str(lock["holder"]["S"]) for lock in locks}

    def _put_plan(self, before: PlanRecord, after: PlanRecord) -> PlanRecord:
        stored = after.model_copy(update={"revision": before.revision + 1})
        self._put(items.plan_item(stored), "revision = :r", before.revision)
        return stored

    def _put(self, item: items.Item, condition: str, revision: int | None = None) -> None:
        self._put_if(item, condition, {} if revision is None else {":r": {"N": str(revision)}})

    def _put_if(self, item: items.Item, condition: str, values: items.Item) -> None:
        try:
            with transient(f"ledger: put {item['sk']['S']}"):
                patiently(
                    lambda: self._client.put_item(
                        TableName=self._table,
                        Item=item,
                        ConditionExpression=condition,
                        **({"ExpressionAttributeValues": values} if values else {}),
                    )
                )
        except ClientError as error:
            if code_of(error) != "ConditionalCheckFailedException":
                raise
            raise ConditionFailed(f"{item['sk']['S']} has moved in the meantime") from error

    def _get(self, key: items.Item) -> items.Item | None:
        with transient("ledger: get"):
            answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        item: items.Item | None = answer.get("Item")
        return item

    def _by_arrival(self, found: Iterable[items.Item]) -> list[FeedRecord]:
        return sorted(map(items.feed_of, found), key=lambda f: (f.arrived_at, f.feed_id))

    def _groups(self, mall_id: str) -> Iterator[str]:
        """What the sort keys in `by_order` begin with: by class, and full feeds by slice."""
        yield items.index_group("U", None)
        yield from self._groups_of_fulls(mall_id)
        yield items.index_group("L", None)
        yield items.index_group("X", None)

    def _groups_of_fulls(self, mall_id: str) -> list[str]:
        found = [items.group_of(one) for one in self._newest_fulls(mall_id)]
        whole = items.index_group("F", None)
        return [*found, *([] if whole in found else [whole])]

    def _newest_fulls(self, mall_id: str) -> list[FeedRecord]:
        """The newest published full feed of each slice: one read per slice, each beginning where the group of
        the one before begins."""
        found: list[FeedRecord] = []
        begin, below = items.index_group("F", None), 'F"'
        while True:
            newest = self._between(mall_id, begin, below, ScanIndexForward=False, Limit=1)
            item = next(newest, None)
            if item is None:
                return found
            found.append(items.feed_of(item))
            below = items.group_of(found[-1])
            if below == begin:
                return found

    def _of_class(
        self, mall_id: str, kind: str, since: str | None = None, **how: Any
    ) -> Iterator[items.Item]:
        return self._in_group(mall_id, items.index_group(kind, None), since, **how)

    def _in_group(
        self, mall_id: str, group: str, since: str | None = None, **how: Any
    ) -> Iterator[items.Item]:
        """The items whose sort key begins with `group`, from an order on."""
        begin = items.index_order(group, since or "")
        return self._between(mall_id, begin, items.group_end(group), **how)

    def _between(self, mall_id: str, lower: str, upper: str, **how: Any) -> Iterator[items.Item]:
        return self._query(
            IndexName=BY_ORDER,
            ConsistentRead=True,
            KeyConditionExpression="pk = :pk AND #o BETWEEN :from AND :to",
            ExpressionAttributeNames={"#o": "order"},
            ExpressionAttributeValues={
                ":pk": {"S": items.mall_pk(mall_id)},
                ":from": {"S": lower},
                ":to": {"S": upper},
            },
            **how,
        )

    def _newest(self, mall_id: str, kind: str, limit: int) -> list[FeedRecord]:
        return self._newest_in(mall_id, items.index_group(kind, None), limit)

    def _newest_in(self, mall_id: str, group: str, limit: int) -> list[FeedRecord]:
        newest = self._in_group(mall_id, group, ScanIndexForward=False, Limit=limit)
        return [items.feed_of(item) for item in islice(newest, limit)]

    def _index(
        self, index: str, attribute: str, value: str, newest_first: bool = False
    ) -> Iterator[items.Item]:
        return self._query(
            IndexName=index,
            ScanIndexForward=not newest_first,
            KeyConditionExpression="#k = :v",
            ExpressionAttributeNames={"#k": attribute},
            ExpressionAttributeValues={":v": {"S": value}},
        )

    def _query(self, **arguments: Any) -> Iterator[items.Item]:
        start: dict[str, Any] = {}
        while True:
            with transient("ledger: query"):
                page = self._client.query(TableName=self._table, **arguments, **start)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def _batch(self, keys: list[items.Item]) -> Iterator[items.Item]:
        for at in range(0, len(keys), 100):
            request: dict[str, Any] = {
                self._table: {"Keys": keys[at : at + 100], "ConsistentRead": True}
            }
            for attempt in range(ATTEMPTS):
                with transient("ledger: batch get"):
                    page = self._client.batch_get_item(RequestItems=request)
                yield from page["Responses"].get(self._table, [])
                request = page.get("UnprocessedKeys") or {}
                if not request:
                    break
                pause(attempt)
            else:
                raise Transient("ledger: batch get: DynamoDB repeatedly left keys unprocessed")
