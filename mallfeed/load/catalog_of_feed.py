"""The catalog that a run reads a feed with: the version recorded in the ledger."""

from __future__ import annotations

from mallfeed.catalog.model import Catalog
from mallfeed.catalog.store import CatalogStore
from mallfeed.errors import CatalogInvalid, FeedHeld
from mallfeed.ledger.model import FeedRecord


class CatalogOf:
    """Finds the catalog version that the ledger records for a feed.

    Raises FeedHeld `catalog_unreadable` or `catalog_version_unknown`.
    """

    def __init__(self, store: CatalogStore) -> None:
        self._store = store

    def __call__(self, feed: FeedRecord) -> Catalog:
        try:
            versions = self._store.versions(feed.mall_id)
        except CatalogInvalid as invalid:
            raise FeedHeld(
                "catalog_unreadable",
                f"a published catalog of {feed.mall_id} cannot be read: {invalid.faults[0]}. "
                "Repair it in the store, then release the feed.",
            ) from invalid
        for published in versions:
            if published.catalog.version == feed.catalog_version:
                return published.catalog
        raise FeedHeld(
            "catalog_version_unknown",
            f"catalog version {feed.catalog_version} of {feed.mall_id} is not published. Publish "
            "it (mallfeed catalog publish), then release the feed.",
        )

    def versions(self, feed: FeedRecord) -> list[Catalog]:
        """All published versions of the feed's mall."""
        return [published.catalog for published in self._store.versions(feed.mall_id)]
