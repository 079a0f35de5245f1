"""What maintenance needs from the product table, beyond what loading needs."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from mallfeed.load.ports import LoadTable
from mallfeed.table.digest import Digest, Hashes
from mallfeed.table.port import Changes, Commit


class MaintainedTable(LoadTable, Protocol):
    """The product table."""

    def malls(self) -> set[str]:
        """Every mall that has products now."""

    def digest(self, mall_id: str, at: Commit) -> Digest:
        """The mall's digest at a snapshot."""

    def hashes(self, mall_id: str, at: Commit, buckets: Collection[str]) -> Hashes:
        """Product id → content_hash of the mall's products in these buckets."""

    def mending(self, mall_id: str, at: Commit, product_ids: Collection[str]) -> Changes:
        """The difference that makes these products what they are at a snapshot: written, or deleted."""

    def touch(self) -> Commit:
        """A snapshot that changes nothing: its sequence number is higher than the previous one's."""
