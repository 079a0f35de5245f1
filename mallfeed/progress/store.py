"""Where progress is stored: one item per feed in the ledger's table, kept for a few days.

| pk | sk |
|---|---|
| `mall#<mall_id>` | `progress#<feed_id>` |

It is in no index, no ledger record refers to it, and no decision depends on it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from mallfeed.aws.failures import code_of
from mallfeed.ledger.items import feed_key
from mallfeed.ledger.model import FeedRecord
from mallfeed.ledger.schema import EXPIRES
from mallfeed.progress.model import FeedProgress

LOG = logging.getLogger(__name__)

KEEP = timedelta(days=7)
_KEYS_PER_CALL = 100
_ASKS = 3
_OURS = "attribute_not_exists(pk) OR job_run_id = :run OR attempt < :attempt"


class Progresses(Protocol):
    """The progress of feeds, as the command line queries it."""

    def of(self, feeds: Iterable[FeedRecord]) -> dict[str, FeedProgress]:
        """Feed id → the progress reported by the run that holds the feed now; other feeds are left out.

        Raises nothing: progress that cannot be read is left out too.
        """


class NoProgress:
    """Knows the progress of no feed."""

    def of(self, feeds: Iterable[FeedRecord]) -> dict[str, FeedProgress]:  # noqa: ARG002
        """Always empty."""
        return {}


class DynamoProgress:
    """Progress in the ledger's table."""

    def __init__(self, client: Any, table: str) -> None:
        self._client = client
        self._table = table

    def write(self, progress: FeedProgress) -> bool:
        """Replace what is reported about the feed; False if a later attempt already reports on it."""
        item = {
            **_key(progress.feed_id),
            "job_run_id": {"S": progress.job_run_id},
            "attempt": {"N": str(progress.attempt)},
            "doc": {"S": progress.model_dump_json(exclude_defaults=True)},
            EXPIRES: {"N": str(int((progress.at + KEEP).timestamp()))},
        }
        mine = {
            ":run": {"S": progress.job_run_id},
            ":attempt": {"N": str(progress.attempt)},
        }
        try:
            self._client.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression=_OURS,
                ExpressionAttributeValues=mine,
            )
        except ClientError as error:
            if code_of(error) != "ConditionalCheckFailedException":
                raise
            return False
        return True

    def of(self, feeds: Iterable[FeedRecord]) -> dict[str, FeedProgress]:
        """See Progresses. Cheap: one call per hundred feeds that a run has claimed."""
        runs = {feed.feed_id: feed.job_run_id for feed in feeds if feed.job_run_id}
        ids = sorted(runs)
        by_feed: dict[str, FeedProgress] = {}
        for at in range(0, len(ids), _KEYS_PER_CALL):
            try:
                reported = list(self._read(ids[at : at + _KEYS_PER_CALL]))
            except (ClientError, BotoCoreError):
                LOG.debug("progress cannot be read", exc_info=True)
                continue
            by_feed |= {one.feed_id: one for one in reported if one.of_run(runs[one.feed_id])}
        return by_feed

    def _read(self, feed_ids: Sequence[str]) -> Iterable[FeedProgress]:
        """Items that DynamoDB leaves unprocessed are left out: the next look reads them."""
        request: Mapping[str, Any] = {self._table: {"Keys": [_key(one) for one in feed_ids]}}
        for _ in range(_ASKS):
            answer = self._client.batch_get_item(RequestItems=request)
            for item in answer["Responses"].get(self._table, []):
                yield FeedProgress.model_validate_json(item["doc"]["S"])
            request = answer.get("UnprocessedKeys") or {}
            if not request:
                return


def _key(feed_id: str) -> dict[str, Any]:
    return {"pk": feed_key(feed_id)["pk"], "sk": {"S": f"progress#{feed_id}"}}
