"""Published catalogs: the YAML in S3 is the truth; it is read once and kept by ETag."""

from __future__ import annotations

import logging
import re
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from botocore.exceptions import ClientError

from mallfeed.aws.clients import client
from mallfeed.aws.failures import GONE, code_of
from mallfeed.catalog.lookup_table import LookupTable, read_table
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.place import (
    EXTENDS_METADATA,
    FILE_NAME,
    PREFIX,
    RULES_METADATA,
    file_name,
    table_file,
)
from mallfeed.catalog.read import catalog_hash, read_catalog
from mallfeed.errors import CatalogInvalid
from mallfeed.kinds.rules_of_versions import FIRST_RULES, NEWEST_RULES
from mallfeed.settings import Settings

LOG = logging.getLogger(__name__)
LISTED_FOR_S = 30.0
"""How long a mall's listing is believed: a new version is seen within this time."""
NONE_LISTED_FOR_S = 2.0
"""The same for a mall without any version: its first one is waited for."""
Listing = list[tuple[str, str]]
"""Keys of catalog versions, each with its ETag."""
_KEY = re.compile(PREFIX + FILE_NAME)


@dataclass(frozen=True)
class PublishedCatalog:
    """A published version, the hash of its text, where it lies, and the platform's version that it was written out with."""

    catalog: Catalog
    hash: str
    uri: str
    extends: str | None = None


class CatalogStore(Protocol):
    """Where catalogs are read from."""

    def versions(self, mall_id: str) -> list[PublishedCatalog]:
        """Published versions of a mall, oldest version first; empty for an unknown mall.

        Raises CatalogInvalid when one of them cannot be read: no feed of the mall is read with an
        older version instead.
        """

    def table(self, mall_id: str, name: str) -> LookupTable:
        """A table of the mall, which never changes.

        Raises FileNotFoundError where it is not published, and CatalogInvalid when it cannot be read.
        """


class S3CatalogStore:
    """`s3://<lake>/catalogs/<mall_id>/v<N>.yaml`, and `<table>.csv` beside it; other keys are no business of ours."""

    def __init__(
        self, s3: Any, lake_bucket: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._s3 = s3
        self._bucket = lake_bucket
        self._clock = clock
        self._texts: dict[str, tuple[str, PublishedCatalog]] = {}
        self._listed: dict[str, tuple[float, Listing]] = {}
        self._tables: dict[str, LookupTable] = {}

    def malls(self) -> list[str]:
        """All malls that something is published of. Their listings are known from then on, too."""
        found: defaultdict[str, Listing] = defaultdict(list)
        for key, etag in self._list(PREFIX):
            found[key.split("/")[1]].append((key, etag))
        for mall_id, listing in found.items():
            self._listed[mall_id] = (self._clock() + LISTED_FOR_S, listing)
        return sorted(found)

    def versions(self, mall_id: str) -> list[PublishedCatalog]:
        """See the port."""
        until, listing = self._listed.get(mall_id, (0.0, []))
        if self._clock() >= until:
            listing = self._list(f"{PREFIX}{mall_id}/")
            kept_s = LISTED_FOR_S if listing else NONE_LISTED_FOR_S
            self._listed[mall_id] = (self._clock() + kept_s, listing)
        try:
            return self._all(listing)
        except CatalogInvalid:
            self._listed.pop(mall_id, None)  # what corrects it is seen at once
            raise

    def table(self, mall_id: str, name: str) -> LookupTable:
        """See the port."""
        key = PREFIX + table_file(mall_id, name)
        if key not in self._tables:
            uri = f"s3://{self._bucket}/{key}"
            try:
                content = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
            except ClientError as error:
                if code_of(error) in GONE:
                    raise FileNotFoundError(uri) from error
                raise
            self._tables[key] = read_table(content, uri)
        return self._tables[key]

    def _list(self, prefix: str) -> Listing:
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=prefix
        )
        entries = [entry for page in pages for entry in page.get("Contents", [])]
        return [(one["Key"], one["ETag"]) for one in entries if _KEY.fullmatch(one["Key"])]

    def _all(self, keys: Listing) -> list[PublishedCatalog]:
        found, faults = [], []
        for key, etag in keys:
            try:
                found.append(self._read(key, etag))
            except CatalogInvalid as invalid:
                LOG.error("a published catalog cannot be read", extra={"key": key})
                faults += invalid.faults
        if faults:
            raise CatalogInvalid(faults)
        return sorted(found, key=lambda one: one.catalog.version)

    def _read(self, key: str, etag: str) -> PublishedCatalog:
        kept = self._texts.get(key)
        if kept is not None and kept[0] == etag:
            return kept[1]
        uri = f"s3://{self._bucket}/{key}"
        stored = self._s3.get_object(Bucket=self._bucket, Key=key)
        try:
            text = stored["Body"].read().decode("utf-8")
        except UnicodeDecodeError as error:
            raise CatalogInvalid([f"{uri}:1:1: not UTF-8"]) from error
        catalog = read_catalog(text, uri, rules=_rules_of(stored["Metadata"], uri))
        if key != PREFIX + file_name(catalog.mall, catalog.version):
            raise CatalogInvalid([f"{uri}:1:1: it says mall {catalog.mall}, v{catalog.version}"])
        extends = stored["Metadata"].get(EXTENDS_METADATA)
        published = PublishedCatalog(catalog, catalog_hash(text), uri, extends)
        self._texts[key] = (etag, published)
        return published


def _rules_of(metadata: Mapping[str, str], uri: str) -> int:
    """By which rules a version is read. Raises CatalogInvalid for those of a later release."""
    rules = metadata.get(RULES_METADATA, str(FIRST_RULES))
    if rules not in map(str, range(FIRST_RULES, NEWEST_RULES + 1)):
        raise CatalogInvalid(
            [
                f"{uri}:1:1: read by rules {rules}, which this release does not know (it knows up to "
                f"{NEWEST_RULES}); go on with the release that published it, or a later one"
            ]
        )
    return int(rules)


def catalog_store(settings: Settings) -> CatalogStore:
    """The stack's published catalogs."""
    return S3CatalogStore(client("s3"), settings.lake_bucket)
