"""The catalog that a run reads a feed with: the version recorded in the ledger."""

from __future__ import annotations

from functools import partial

from mallfeed.catalog.model import Catalog
from mallfeed.catalog.store import CatalogStore, PublishedCatalog
from mallfeed.catalog.tables import table_faults
from mallfeed.errors import CatalogInvalid, FeedHeld
from mallfeed.ledger.model import FeedRecord


class CatalogOf:
    """Finds the catalog version that the ledger records for a feed.

    Raises FeedHeld `catalog_unreadable` or `catalog_version_unknown`.
    """

    def __init__(self, store: CatalogStore) -> None:
        self._store = store
        self._with_tables: dict[str, Catalog] = {}

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
                return self._whole(published)
        raise FeedHeld(
            "catalog_version_unknown",
            f"catalog version {feed.catalog_version} of {feed.mall_id} is not published. Publish "
            "it (mallfeed catalog publish), then release the feed.",
        )

    def _whole(self, published: PublishedCatalog) -> Catalog:
        """The version with the tables that it looks values up in, read once. Raises FeedHeld."""
        if published.uri not in self._with_tables:
            self._with_tables[published.uri] = self._with_its_tables(published.catalog)
        return self._with_tables[published.uri]

    def _with_its_tables(self, catalog: Catalog) -> Catalog:
        of_mall = partial(self._store.table, catalog.mall)
        tables, faults, lines = table_faults(catalog, of_mall)
        if faults or lines:
            why = (*(fault.what for fault in faults), *lines)[0]
            raise FeedHeld(
                "catalog_unreadable",
                f"a table of catalog v{catalog.version} of {catalog.mall} cannot be read: {why}. Put it back as it "
                "was published, then release the feed.",
            )
        return catalog.with_tables(tables) if tables else catalog

    def versions(self, feed: FeedRecord) -> list[Catalog]:
        """All published versions of the feed's mall."""
        return [published.catalog for published in self._store.versions(feed.mall_id)]
