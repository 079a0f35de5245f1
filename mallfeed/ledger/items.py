"""Ledger records as DynamoDB items and back."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from mallfeed.ledger.model import FeedRecord, PlanRecord
from mallfeed.ledger.parts import packed, unpacked
from mallfeed.ledger.schema import EXPIRES
from mallfeed.ledger.states import FEEDS_NOT_NEEDED, OPEN, UNSETTLED, State

KEEP = timedelta(days=400)
"""How long closed records are kept: more than a year, for the yearly comparison."""
KEEP_NO_FEED = timedelta(days=14)
"""How long records of objects that are not feeds are kept, such as the parts of a folder: as long as
SQS keeps an event at most. They share their mall's partition, which DynamoDB lets grow to 10 GB."""
MAX_INDEX_BYTES = 1_000  # a sort key holds 1,024 bytes
MAX_SLICE_BYTES = 300
BY_ROW = "\0"
"""In front of the name of a feed whose rows say their slices: no slice is called like that."""
COMPRESS_FROM_BYTES = 16_000
PACK_FROM_PARTS = 100

Item = dict[str, Any]


def mall_pk(mall_id: str) -> str:
    """Partition of a mall's feeds and its lock."""
    return f"mall#{mall_id}"


def mall_of(item: Item) -> str:
    """The mall in whose partition an item is."""
    return str(item["pk"]["S"]).removeprefix("mall#")


def feed_key(feed_id: str) -> Item:
    """Key of a feed; its id contains its mall: `<mall_id>-<16 hex>`."""
    mall_id = feed_id.rpartition("-")[0]
    return {"pk": {"S": mall_pk(mall_id)}, "sk": {"S": f"feed#{feed_id}"}}


def lock_key(mall_id: str) -> Item:
    """Key of a mall's lock."""
    return {"pk": {"S": mall_pk(mall_id)}, "sk": {"S": "lock"}}


MOMENTS_PK = "moments"
"""Partition of all malls' next moments."""


def moment_key(mall_id: str) -> Item:
    """Key of a mall's next moment."""
    return {"pk": {"S": MOMENTS_PK}, "sk": {"S": mall_id}}


def moment_item(mall_id: str, moment: datetime) -> Item:
    """A mall's next moment."""
    return {**moment_key(mall_id), "moment": {"S": sortable(moment)}}


def moment_of(item: Item) -> tuple[str, datetime]:
    """The mall and its next moment."""
    return str(item["sk"]["S"]), datetime.fromisoformat(item["moment"]["S"])


def sortable(moment: datetime) -> str:
    """A moment as text that sorts like it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def plan_key(plan_id: str) -> Item:
    """Key of a plan."""
    return {"pk": {"S": f"plan#{plan_id}"}, "sk": {"S": "plan"}}


def order_class(record: FeedRecord) -> str:
    """`U` unsettled, `F` published full, `L` loaded delta, `X` closed otherwise."""
    if record.state in UNSETTLED:
        return "U"
    if record.is_published_full:
        return "F"
    return "L" if record.state is State.LOADED and not record.is_due else "X"


def index_group(order_class: str, slice_name: str | None) -> str:
    """What the sort keys in `by_order` of one class begin with, in class `F` those of one slice.

    Feeds of the whole shop, and of its only slice, come before those of others: an order begins with a digit,
    which is before `~`.
    """
    if slice_name is None:
        return f"{order_class}!"
    name = quote(slice_name, safe="")
    if len(name) > MAX_SLICE_BYTES:
        name = sha256(slice_name.encode()).hexdigest()
    return f"{order_class}!~{name}!"


def group_end(group: str) -> str:
    """What comes after all sort keys of a group."""
    return (
        f"{group}~" if group == index_group("F", None) else f'{group[:-1]}"'
    )  # `"` comes after `!`


def index_order(group: str, order: str) -> str:
    """The sort key of `by_order`: cut to the size of a key (records are sorted again once read)."""
    return f"{group}{order}".encode()[:MAX_INDEX_BYTES].decode(errors="ignore")


def feed_item(record: FeedRecord) -> Item:
    """The item of a feed, index attributes included."""
    item = {
        **feed_key(record.feed_id),
        "order": {"S": index_order(group_of(record), record.order)},
        "recent_kind": {"S": "feed"},
        "arrived_at": {"S": _moment(record.arrived_at)},
        "state": {"S": str(record.state)},
        "revision": {"N": str(record.revision)},
        **_feed_document(record),
    }
    if record.state in UNSETTLED:
        item["open_kind"] = {"S": "feed" if record.state in OPEN else "blocking"}
        item["open_order"] = {"S": _moment(record.arrived_at)}
    else:
        item[EXPIRES] = _expiry(record.finished_at or record.arrived_at, _keep(record))
    return item


def group_of(record: FeedRecord) -> str:
    """What the record's sort key in `by_order` begins with.

    The only slice of a mall is sorted as releases before slices sort full feeds, which may be gone back to."""
    kind = order_class(record)
    if kind == "F" and record.slices_by_row:
        return index_group(kind, f"{BY_ROW}{record.feed_name}")
    sliced = kind == "F" and not record.only_slice
    return index_group(kind, record.slice if sliced else None)


def plan_item(record: PlanRecord) -> Item:
    """The item of a plan, index attributes included."""
    item = {
        **plan_key(record.plan_id),
        "state": {"S": record.state},
        "revision": {"N": str(record.revision)},
        **_document(record.model_dump_json(exclude_defaults=True)),
    }
    if record.state == "CLOSED":
        item[EXPIRES] = _expiry(record.created_at, KEEP)
    else:
        item["open_kind"] = {"S": "plan"}
        item["open_order"] = {"S": _moment(record.created_at)}
    return item


def size_bytes(value: Any) -> int:
    """About how many bytes DynamoDB counts for an item, or for an attribute of it."""
    if isinstance(value, dict):
        return sum(len(name) + size_bytes(inner) for name, inner in value.items())
    if isinstance(value, list):
        return sum(map(size_bytes, value))
    return len(value.encode()) if isinstance(value, str) else len(value)


def feed_of(item: Item) -> FeedRecord:
    """The record in a feed's item."""
    if "parts" not in item:
        return FeedRecord.model_validate_json(_text(item))
    short, ids = (part["B"] for part in item["parts"]["L"])
    parts = unpacked((bytes(short), bytes(ids)))
    return FeedRecord.model_validate({**json.loads(_text(item)), "parts": parts})


def plan_of(item: Item) -> PlanRecord:
    """The record in a plan's item."""
    return PlanRecord.model_validate_json(_text(item))


def _feed_document(record: FeedRecord) -> Item:
    """The record as JSON. Many parts are stored beside it: code that does not know this layout then refuses
    the item, instead of treating the feed as one without parts."""
    if len(record.parts) < PACK_FROM_PARTS:
        return _document(record.model_dump_json(exclude_defaults=True))
    text = record.model_dump_json(exclude_defaults=True, exclude={"parts"})
    return {**_document(text), "parts": {"L": [{"B": part} for part in packed(record.parts)]}}


def _keep(record: FeedRecord) -> timedelta:
    no_feed = record.state is State.IGNORED and record.code not in FEEDS_NOT_NEEDED
    return KEEP_NO_FEED if no_feed else KEEP


def _document(text: str) -> Item:
    data = text.encode()
    if len(data) < COMPRESS_FROM_BYTES:
        return {"doc": {"S": text}}
    return {"doc": {"B": zlib.compress(data, 9)}}


def _text(item: Item) -> str | bytes:
    document = item["doc"]
    return str(document["S"]) if "S" in document else zlib.decompress(document["B"])


def _expiry(since: datetime, keep: timedelta) -> Item:
    return {"N": str(int((since + keep).timestamp()))}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
