"""The port to the bucket that malls write to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class ObjectFacts:
    """What HeadObject says of one object version; `metadata` has lower-case names."""

    version_id: str
    etag: str
    size_bytes: int
    last_modified: datetime
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ObjectVersion:
    """A line of ListObjectVersions; a delete marker has no etag and no size."""

    key: str
    version_id: str
    last_modified: datetime
    etag: str = ""
    size_bytes: int = 0
    deleted: bool = False
    latest: bool = False


class FeedBucket(Protocol):
    """Reads of object versions. All raise Transient for transient faults."""

    def head(self, key: str, version_id: str | None) -> ObjectFacts | None:
        """The version (None = the latest); None if it is gone."""

    def versions(self, prefix: str) -> Sequence[ObjectVersion]:
        """All versions and delete markers below a prefix, by key, each key's newest first."""

    def read(self, key: str, version_id: str, most_bytes: int) -> bytes | None:
        """The first bytes of a version; None if it is gone."""
