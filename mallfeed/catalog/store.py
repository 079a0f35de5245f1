"""Published catalogs: the YAML in S3 is the truth; it is read once and kept by ETag."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from mallfeed.aws.clients import client
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.read import catalog_hash, read_catalog
from mallfeed.errors import CatalogInvalid
from mallfeed.settings import Settings

LOG = logging.getLogger(__name__)
LISTED_FOR_S = 30.0
"""How long a mall's listing is believed: a new version is seen within this time."""


@dataclass(frozen=True)
class PublishedCatalog:
    """A published version, the hash of its text, and where it lies."""

    catalog: Catalog
    hash: str
    uri: str


class CatalogStore(Protocol):
    """Where catalogs are read from."""

    def versions(self, mall_id: str) -> list[PublishedCatalog]:
        """Published versions of a mall, oldest version first; empty for an unknown mall."""


class S3CatalogStore:
    """`s3://<lake>/catalogs/<mall_id>/v<N>.yaml`."""

    def __init__(
        self, s3: Any, lake_bucket: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._s3 = s3
        self._bucket = lake_bucket
        self._clock = clock
        self._texts: dict[str, tuple[str, PublishedCatalog]] = {}
        self._listed: dict[str, tuple[float, list[PublishedCatalog]]] = {}

    def versions(self, mall_id: str) -> list[PublishedCatalog]:
        """See the port. A version that cannot be read is logged and left out."""
        known = self._listed.get(mall_id)
        if known is not None and self._clock() - known[0] < LISTED_FOR_S:
            return known[1]
        listing = self._s3.list_objects_v2(Bucket=self._bucket, Prefix=f"catalogs/{mall_id}/")
        found = [self._read(entry["Key"], entry["ETag"]) for entry in listing.get("Contents", [])]
        versions = sorted((one for one in found if one), key=lambda one: one.catalog.version)
        if versions:
            self._listed[mall_id] = (self._clock(), versions)
        return versions

    def _read(self, key: str, etag: str) -> PublishedCatalog | None:
        kept = self._texts.get(key)
        if kept is not None and kept[0] == etag:
            return kept[1]
        text = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read().decode()
        uri = f"s3://{self._bucket}/{key}"
        try:
            published = PublishedCatalog(read_catalog(text, uri), catalog_hash(text), uri)
        except CatalogInvalid:
            LOG.exception("a published catalog cannot be read", extra={"uri": uri})
            return None
        self._texts[key] = (etag, published)
        return published


def catalog_store(settings: Settings) -> CatalogStore:
    """The stack's published catalogs."""
    return S3CatalogStore(client("s3"), settings.lake_bucket)
