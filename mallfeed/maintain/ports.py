"""The port of the product table for maintenance, which needs more of it than loading does."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from mallfeed.load.ports import LoadTable
from mallfeed.table.digest import Digest, Hashes
from mallfeed.table.port import Changes, Commit


class MaintainedTable(LoadTable, Protocol):
    """The product table, as maintenance uses it."""

    def malls(self) -> set[str]:
        """The ids of all malls that have products now."""

    def digest(self, mall_id: str, at: Commit) -> Digest:
        """The mall's digest at a snapshot."""

    def hashes(self, mall_id: str, at: Commit, buckets: Collection[str]) -> Hashes:
        """Product id → content_hash, for the mall's products in these buckets."""

    def mending(self, mall_id: str, at: Commit, product_ids: Collection[str]) -> Changes:
        """The difference that repairs these products: written as in the snapshot, or deleted if it lacks them."""

    def touch(self) -> Commit:
        """Commit a snapshot that changes nothing, to get a higher sequence number. Returns it."""
