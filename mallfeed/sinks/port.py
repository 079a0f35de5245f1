"""The sink's port: OpenSearch (one a physical index), Redshift, and their in-memory twin."""

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
    """External version of every document written to reach the snapshot: epoch · 2⁴⁰ + seq."""
    return (epoch << VERSION_EPOCH_SHIFT) + seq


@dataclass(frozen=True)
class Cursor:
    """How far a sink has been brought for a mall.

    `epoch` is the table's generation: raised by a person after the table was recreated.
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
        """The snapshot it stands at."""
        return Commit(self.table_uuid, self.snapshot_id, self.seq)


@dataclass(frozen=True)
class FeedLoad:
    """The feed's row in the warehouse's feed_loads."""

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


@dataclass(frozen=True)
class MallLoad:
    """One mall's part of a sink load: its changes, and the feeds that they carry."""

    changes: Changes
    feeds: tuple[FeedLoad, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """A document the sink would not take (HTTP 400 …): recorded, so that reconcile expects it."""

    mall_id: str
    product_id: str
    code: str
    reason: str


@dataclass(frozen=True)
class SinkResult:
    """What a load did, a mall."""

    written: Mapping[str, int] = field(default_factory=dict)
    deleted: Mapping[str, int] = field(default_factory=dict)
    stale: Mapping[str, int] = field(default_factory=dict)  # already newer in the sink: alarm
    refused: tuple[Refusal, ...] = ()


SinkSent = Callable[[str, Mapping[str, int]], None]
"""Told while a sink is loaded, now and then: its name, and mall → documents that it has taken."""


def nobody(_sink: str, _sent: Mapping[str, int]) -> None:
    """Nobody wants to know."""


ClaimCheck = Callable[[], None]
"""Raises ClaimLost when this run no longer holds the feeds' claims; called before every write."""


class Sink(Protocol):
    """One replica."""

    name: str

    def cursors(self, mall_ids: Sequence[str]) -> dict[str, Cursor | None]:
        """The cursor of each mall asked for; None where the sink has none."""

    def load(
        self,
        loads: Sequence[MallLoad],
        epoch: int,
        check_claim: ClaimCheck,
        reapply: bool = False,
    ) -> SinkResult:
        """Bring each mall to its `changes.until` and move its cursor; repeating changes nothing.

        All loads have the same `until`. A cursor that already stands at or beyond it makes the
        mall's part a no-op; with `reapply` one that stands right at it is written again (reconcile).
        Raises SinkUnavailable (transient) or SinkRefused (terminal).
        """

    def malls(self) -> set[str]:
        """Every mall of which the sink holds something."""

    def digest(self, mall_id: str) -> Digest:
        """The digest (`mallfeed.table.digest`) of what readers see of the mall."""

    def hashes(self, mall_id: str, buckets: Collection[str]) -> Hashes:
        """Product id → content_hash of the mall's products in these buckets."""
