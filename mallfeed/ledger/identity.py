"""What identifies a feed (bucket, key and version id), its id, and the total order of a mall's feeds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

UNKNOWN_MALL = "_unknown"
"""The mall id in the ledger of objects that cannot be assigned to a mall."""


@dataclass(frozen=True)
class ObjectPart:
    """One exact object version that a feed is made of.

    Attributes
    ----------
    key, version_id : where it is; `version_id` is "null" in an unversioned bucket
    size_bytes : as S3 reports it
    etag : without quotes
    """

    key: str
    version_id: str
    size_bytes: int
    etag: str


@dataclass(frozen=True)
class FeedIdentity:
    """An arrived feed: one object version, or the parts listed when a folder's signal arrived.

    Attributes
    ----------
    mall_id : from the key, `feeds/<mall_id>/…`
    bucket, key, version_id : the object (for a folder feed, the signal object)
    etag : of the object; for a folder feed the hash of its parts
    size_bytes : of the object, or the sum of the parts
    last_modified : LastModified of the version, UTC, whole seconds as S3 keeps them
    place : how many older versions of this key exist (orders versions of the same second)
    parts : what is read; for a single object, just that object
    """

    mall_id: str
    bucket: str
    key: str
    version_id: str
    etag: str
    size_bytes: int
    last_modified: datetime
    place: int
    parts: tuple[ObjectPart, ...]

    @property
    def feed_id(self) -> str:
        """`<mall_id>-<16 hex>`: the RUN of the command line, the same for the same version."""
        return feed_id(self.mall_id, self.bucket, self.key, self.version_id)

    @property
    def order(self) -> str:
        """Sorts as text in the mall's total order: last_modified, key, place, feed id."""
        return order_key(self.last_modified, self.key, self.place, self.feed_id)


def feed_id(mall_id: str, bucket: str, key: str, version_id: str) -> str:
    """The id of a feed. It is stable, so a repeated event leads to the feed that was already entered."""
    digest = hashlib.sha256("\0".join((bucket, key, version_id)).encode()).hexdigest()
    return f"{mall_id}-{digest[:16]}"


def mall_of(feed_id: str) -> str:
    """The mall that a feed's id names."""
    return feed_id.rpartition("-")[0]


def order_key(last_modified: datetime, key: str, place: int, feed_id: str) -> str:
    """A text that sorts like (last_modified, key, place, feed_id).

    NUL cannot occur in an S3 key that we accept, and `!` sorts before every character that may
    follow in a longer key, so a key sorts before its own extensions.
    """
    return f"{order_time(last_modified)}!{key}!{place:08d}!{feed_id}"


def order_time(moment: datetime) -> str:
    """The beginning of an order; as text it sorts before every order of that second or a later one."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def time_of(order: str) -> datetime:
    """The moment that an order begins with, in whole seconds."""
    return datetime.fromisoformat(order[:19]).replace(tzinfo=UTC)


def parts_checksum(parts: tuple[ObjectPart, ...]) -> str:
    """Identity and checksum of a folder feed: hash of the parts' sorted names, versions, sizes."""
    lines = sorted(f"{p.key}\0{p.version_id}\0{p.size_bytes}" for p in parts)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
