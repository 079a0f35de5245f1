"""What an operator may do with a feed: release, drop, retry, replay, roll back. Its story records who and why.

Each function returns what would be done (`Operation`), so that a person can confirm it first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from mallfeed.errors import ConditionFailed, Terminal
from mallfeed.ledger import moves
from mallfeed.ledger.identity import feed_id, order_key
from mallfeed.ledger.model import Event, FeedRecord
from mallfeed.ledger.port import Ledger
from mallfeed.ledger.slices import last_published, products_by_slice, published_slices, slice_name
from mallfeed.ledger.states import OPEN, UNCHANGED_BYTES, State
from mallfeed.product.supplement import named_by

OVERRIDES = ("guard_", "older_than_published")
"""Releasing a feed held for one of these means that a person vouches for its data."""

COSTLY = ("too_costly", "archive_ratio")
"""Releasing a feed held for one of these means that it may cost what it costs, in a run of its own."""

Repick = Callable[[FeedRecord, int | None], FeedRecord]
"""The record with its catalog chosen again (or the named version); raises FeedHeld if none applies.
`mallfeed.arrival.repick.repick` in the pipeline."""


class OperationRefused(Terminal):
    """The feed is in a state in which this cannot be done; the message says what can."""


@dataclass(frozen=True)
class Operation:
    """What would be done, in words, and the record before and after it (`before` is None for a new feed)."""

    before: FeedRecord | None
    after: FeedRecord
    what: str


def release(
    record: FeedRecord,
    who: str,
    why: str,
    at: datetime,
    repick: Repick,
    catalog_version: int | None = None,
) -> Operation:
    """HELD → WAITING, to be read with the named catalog version, or with one that is chosen again.

    Guards and feed-time do not hold it a second time if they were what held it; a feed that was too costly
    gets a run of its own, which reads it without a budget.
    """
    _require_reason(who, why)
    _expect(record, {State.HELD}, "release", "retry a FAILED feed; replay a closed one")
    picked = repick(record, catalog_version)
    vouched = record.released or (record.code or "").startswith(OVERRIDES)
    after = moves.moved(
        picked,
        at,
        State.WAITING,
        f"released ({record.code}): {why}",
        by=who,
        released=vouched,
        alone=record.alone or record.code in COSTLY,
        code=None,
        message=None,
        finished_at=None,
        not_before=None,
        tries=0,
        exported_at=None if record.code == "older_than_published" else picked.exported_at,
        catalog_named=picked.catalog_named or catalog_version is not None,
    )
    return Operation(
        record,
        after,
        f"load {record.key} with catalog v{after.catalog_version} as soon as it is due"
        + (", in a run of its own" if after.alone else ""),
    )


def drop(record: FeedRecord, who: str, why: str, at: datetime) -> Operation:
    """WAITING, HELD or FAILED → DROPPED: it is never loaded, and no longer blocks anything."""
    _require_reason(who, why)
    _expect(record, {State.WAITING, State.HELD, State.FAILED}, "drop", "a committed feed stays")
    if record.is_due:
        raise OperationRefused(
            f"feed {record.feed_id} brings what begins or ends at {record.due_at} to the sinks, and the mall's next "
            "moments wait for it: retry it"
        )
    if record.committing:
        raise OperationRefused(
            f"feed {record.feed_id} may already be in the table: let it run, then roll back"
        )
    after = moves.moved(
        record, at, State.DROPPED, f"dropped: {why}", by=who, finished_at=at, not_before=None
    )
    return Operation(record, after, f"never load {record.key}; feeds behind it go on")


def retry(record: FeedRecord, who: str, why: str, at: datetime) -> Operation:
    """FAILED → WAITING with all its tries again; a feed in backoff may start at once."""
    _require_reason(who, why)
    _expect(record, {State.FAILED, State.WAITING, State.SYNCING}, "retry", "release a HELD feed")
    if record.plan_id is not None:
        raise OperationRefused(f"feed {record.feed_id} is being loaded in plan {record.plan_id}")
    state = State.SYNCING if record.state is State.SYNCING else State.WAITING
    changes: dict[str, object] = {"not_before": None}
    if record.state is State.FAILED:
        changes |= {"tries": 0, "code": None, "message": None, "finished_at": None}
    after = moves.moved(record, at, state, f"retried: {why}", by=who, **changes)
    return Operation(record, after, f"load {record.key} as soon as it is due")


def replay(
    record: FeedRecord,
    who: str,
    why: str,
    at: datetime,
    repick: Repick,
    catalog_version: int | None = None,
) -> Operation:
    """A new feed of the same object version, last in its mall's order, so that it is loaded once more.

    A person has asked for it, so neither guards nor its feed-time will hold it.
    """
    _require_reason(who, why)
    unchanged = record.state is State.IGNORED and record.code == UNCHANGED_BYTES
    if not unchanged:
        done = {State.LOADED, State.SUPERSEDED, State.DROPPED}
        _expect(record, done, "replay", "release a HELD feed, retry a FAILED one")
    identity = feed_id(
        record.mall_id, record.bucket, record.key, f"{record.version_id} again {at.isoformat()}"
    )
    note = f"replay of {record.feed_id}: {why}"
    fresh = FeedRecord(
        **record.model_dump(include=_KEPT),
        feed_id=identity,
        order=order_key(at, record.key, 0, identity),
        arrived_at=at,
        state=State.WAITING,
        released=True,
        replay_of=record.replay_of or record.feed_id,
        events=(Event(at=at, state=State.WAITING, note=note, by=who),),
    )
    after = repick(fresh, catalog_version)
    if catalog_version is not None:
        after = after.model_copy(update={"catalog_named": True})
    return Operation(
        None,
        after,
        f"load {record.key} once more with catalog v{after.catalog_version}, as the mall's newest "
        f"{record.mode} feed",
    )


def rollback(record: FeedRecord, mall_id: str, who: str, why: str, at: datetime) -> Operation:
    """A new full feed that restores the mall's state in the product table right after this feed.

    It is loaded like any other: claim, commit, both sinks. Later deltas are applied on top, and feeds
    that arrive late count as older. No file is read, so guards and catalog do not apply.
    """
    _require_reason(who, why)
    if record.mall_id != mall_id:
        raise OperationRefused(
            f"feed {record.feed_id} is one of {record.mall_id}, not of {mall_id}"
        )
    _expect(record, {State.LOADED}, "rollback", "choose a feed that was loaded: mallfeed runs")
    if record.snapshot_id is None:  # pragma: no cover - a LOADED feed has one
        raise OperationRefused(f"feed {record.feed_id} has no snapshot: replay a full feed instead")
    version = f"{record.version_id} restored {at.isoformat()}"
    identity = feed_id(record.mall_id, record.bucket, record.key, version)
    after = FeedRecord(
        **record.model_dump(
            include=_KEPT - {"etag", "mode", "slice"}
        ),  # it restores the whole shop
        feed_id=identity,
        order=order_key(at, record.key, 0, identity),
        arrived_at=at,
        state=State.WAITING,
        mode="full",
        etag="",  # equal to no file, so that the mall's next feed is loaded
        released=True,
        replay_of=record.feed_id,
        rollback_to=record.snapshot_id,
        events=(
            Event(at=at, state=State.WAITING, note=f"rollback to {record.feed_id}: {why}", by=who),
        ),
    )
    return Operation(
        None,
        after,
        f"publish the {record.mall_id} of snapshot {record.snapshot_id} (after {record.feed_id}) "
        "as the mall's newest full feed",
    )


def drop_slice(
    mall_id: str,
    name: str,
    feeds: Sequence[FeedRecord],
    owned: Collection[str],
    who: str,
    why: str,
    at: datetime,
) -> Operation:
    """A new full feed of a slice that has no products any more, so that all of it leaves the shop; or of a supplement,
    which takes back what it gave.

    `feeds` are the mall's, as `Ledger.feeds` gives them; `owned` are the slices that feeds of the catalog in force
    still send. It is loaded like any other, and supersedes what waits for the slice.

    Raises OperationRefused for a slice that the mall does not have, that a feed still sends, or that is being
    dropped already.
    """
    _require_reason(who, why)
    products = products_by_slice(feeds)
    published = {
        part: one
        for one in last_published(feeds)
        for part in (published_slices(one) or (slice_name(one),))
    }
    known = {part for part, count in products.items() if count} or {*published} - {None}
    if name not in known:
        has = ", ".join(sorted(repr(one) for one in known)) or "none"
        raise OperationRefused(
            f"mall {mall_id} has no products in a slice {name!r}; it has some in: {has}"
        )
    supplement = named_by(name)
    if name in owned:
        sends = (
            f"the supplement {supplement!r}, which would give its values again"
            if supplement
            else f"a full feed of the slice {name!r}, which would bring its products back"
        )
        raise OperationRefused(
            f"the catalog of {mall_id} still has {sends}: publish a version without it first"
        )
    for one in feeds:
        if one.drops_slice and one.slice == name and one.state in OPEN:
            raise OperationRefused(f"{one.feed_id}, which is {one.state}, drops the slice already")
    last = published.get(name) or max(published.values(), key=lambda one: one.order)
    key = f"slice/{name}"
    identity = feed_id(mall_id, last.bucket, key, f"dropped {at.isoformat()}")
    nothing = {"etag", "slice", "alone", "key", "version_id", "size_bytes", "parts", "feed_name"}
    after = FeedRecord(
        **last.model_dump(include=_KEPT - nothing),
        feed_id=identity,
        key=key,
        version_id="none",
        size_bytes=0,
        parts=(),
        order=order_key(at, key, 0, identity),
        arrived_at=at,
        state=State.WAITING,
        slice=name,
        feed_name=last.feed_name,
        etag="",
        released=True,
        drops_slice=True,
        events=(Event(at=at, state=State.WAITING, note=f"slice {name} dropped: {why}", by=who),),
    )
    many = f"the {products[name]:,}" if name in products else "all"
    what = f"take {many} products of the slice {name!r} of {mall_id} off the shop"
    if supplement:
        what = f"take back what the supplement {supplement!r} gives to {many} products of {mall_id}"
    return Operation(None, after, what)


_KEPT = {
    "mall_id", "bucket", "key", "version_id", "etag", "size_bytes", "parts", "last_modified",
    "feed_time", "feed_name", "format", "mode", "slice", "catalog_version", "catalog_hash",
    "catalog_named", "code_version", "priority", "zone", "alone",
}  # fmt: skip


def carry_out(ledger: Ledger, operation: Operation) -> FeedRecord:
    """Writes the operation and returns the stored record.

    Raises OperationRefused if the feed has moved since the operation was shown.
    """
    if operation.before is None:
        return ledger.enter(operation.after)
    try:
        return ledger.update(operation.before, operation.after)
    except ConditionFailed as error:
        raise OperationRefused(
            f"feed {operation.after.feed_id} has moved in the meantime: look at it again"
        ) from error


def _require_reason(who: str, why: str) -> None:
    if not who.strip() or not why.strip():
        raise OperationRefused("say who does this and why: it goes into the feed's story")


def _expect(record: FeedRecord, states: set[State], verb: str, instead: str) -> None:
    if record.state not in states:
        expected = ", ".join(sorted(states))
        raise OperationRefused(
            f"feed {record.feed_id} is {record.state}: {verb} needs {expected} ({instead})"
        )
