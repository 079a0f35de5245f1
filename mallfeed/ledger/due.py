"""The feed that a moment makes: a sale of the mall begins or ends, a product ends (docs/feeds-and-time.md)."""

from __future__ import annotations

from datetime import datetime

from mallfeed.ledger.identity import feed_id, order_key
from mallfeed.ledger.model import Event, FeedRecord
from mallfeed.ledger.states import State

_KEPT = {
    "mall_id",
    "bucket",
    "catalog_version",
    "catalog_hash",
    "format",
    "priority",
    "code_version",
}


def due_feed(moment: datetime, last: FeedRecord, at: datetime, again: int = 0) -> FeedRecord:
    """The feed of a mall's moment; the same one whenever it is made.

    `last` is one of the mall's feeds in the table, `at` the time now; `again` counts the feeds of the moment that are
    loaded already.
    """
    key = f"moment/{moment.isoformat()}"
    version = f"again {again}" if again else "none"
    identity = feed_id(last.mall_id, last.bucket, key, version)
    note = f"due at {moment.isoformat()}: what begins or ends then is brought to the sinks"
    return FeedRecord(
        **last.model_dump(include=_KEPT),
        feed_id=identity,
        key=key,
        version_id=version,
        etag="",  # equal to no file
        size_bytes=0,
        parts=(),
        last_modified=moment,
        feed_time=moment,
        order=order_key(moment, key, again, identity),
        arrived_at=at,
        mode="delta",
        state=State.WAITING,
        released=True,
        due_at=moment,
        events=(Event(at=at, state=State.WAITING, note=note),),
    )
