"""The sink's port, for OpenSearch (one sink per physical index), Redshift, and their in-memory twin."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from mallfeed.table.counts import Counts
from mallfeed.table.digest import Digest, Hashes
from mallfeed.table.port import Changes, Commit

VERSION_EPOCH_SHIFT = 40


def document_version(epoch: int, seq: int) -> int:
    """The external version of all documents written to reach a snapshot: epoch · 2⁴⁰ + seq."""
    return (epoch << VERSION_EPOCH_SHIFT) + seq


@dataclass(frozen=True)
class Cursor:
    """The snapshot up to which a sink has been brought for a mall.

    `epoch` is the table's generation; a person raises it after the table was recreated.
    """

    mall_id: str
    table_uuid: str
    snapshot_id: int
    seq: int
    epoch: int = 0
    feed_id: str | None = None
    moved_at: datetime | None = None

    @property
    def commit(self) -> Commit:
        """The snapshot at which it stands."""
        return Commit(self.table_uuid, self.snapshot_id, self.seq)


@dataclass(frozen=True)
class FeedLoad:
    """The feed's row in the warehouse's feed_loads; `valid_at`: from when its prices hold, None = from the commit."""

    feed_id: str
    mall_id: str
    feed_name: str
    catalog_version: int
    catalog_hash: str
    key: str
    size_bytes: int
    counts: Counts
    started_at: datetime
    committed_at: datetime
    seq: int
    mode: str = "full"
    valid_at: datetime | None = None


@dataclass(frozen=True)
class MallLoad:
    """One mall's part of a sink load: its changes, and the feeds that they carry."""

    changes: Changes
    feeds: tuple[FeedLoad, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """A document that the sink has refused (HTTP 400 …); it is recorded, so that reconcile expects it."""

    mall_id: str
    product_id: str
    code: str
    reason: str


@dataclass(frozen=True)
class SinkResult:
    """The result of a load: counts per mall, and the refused documents."""

    written: Mapping[str, int] = field(default_factory=dict)
    deleted: Mapping[str, int] = field(default_factory=dict)
    stale: Mapping[str, int] = field(default_factory=dict)  # already newer in the sink: alarm
    refused: tuple[Refusal, ...] = ()


SinkSent = Callable[[str, Mapping[str, int]], None]
"""Called now and then while a sink is loaded, with its name, and mall → number of documents it has accepted."""


def nobody(_sink: str, _sent: Mapping[str, int]) -> None:
    """Ignores the progress."""


ClaimCheck = Callable[[], None]
"""Raises ClaimLost if this run no longer holds the feeds' claims; called before every write."""


class Sink(Protocol):
    """One replica of the product table."""

    name: str

    def cursors(self, mall_ids: Sequence[str]) -> dict[str, Cursor | None]:
        """Mall → its cursor in the sink; None if the sink has none."""

    def load(
        self,
        loads: Sequence[MallLoad],
        epoch: int,
        check_claim: ClaimCheck,
        reapply: bool = False,
    ) -> SinkResult:
        """Bring each mall to its `changes.until`, and move its cursor; repeating a load changes nothing.

        All loads have the same `until`. If a mall's cursor is already at it or beyond, nothing is done for
        the mall; with `reapply`, a mall whose cursor is exactly at it is written again (reconcile). Raises
        SinkUnavailable (transient) or SinkRefused (terminal).
        """

    def malls(self) -> set[str]:
        """The malls that have products in the sink."""

    def digest(self, mall_id: str) -> Digest:
        """The digest (`mallfeed.table.digest`) of the mall's products, as readers see them."""

    def hashes(self, mall_id: str, buckets: Collection[str]) -> Hashes:
        """Product id → content_hash, for the mall's products in these buckets."""
