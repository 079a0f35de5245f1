"""Whether a new version of a catalog may call products otherwise. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from mallfeed.authoring.folder import CatalogFile
from mallfeed.catalog.model import Catalog
from mallfeed.kinds.rules_of_versions import CLEAN_IDS
from mallfeed.product.record import PRODUCT


def ids_may_differ(old: Catalog, new: Catalog) -> bool:
    """Whether a feed may give products other ids by the new version than by the old one.

    They are read by other rules, from other columns, with other words that mean nothing, or rows are brought
    together otherwise. A feed that only one of the versions has is not compared. How many ids differ, only a
    file can say (`mallfeed.authoring.compare`).
    """
    shared = [name for name in old.feeds if name in new.feeds]
    return any(
        _ids_by(old) != _ids_by(new) or _reading(old, name) != _reading(new, name)
        for name in shared
    )


def versions_with_other_ids(
    files: Sequence[CatalogFile],
) -> Iterator[tuple[CatalogFile, CatalogFile]]:
    """(the version before, the version) of each whose ids may differ; `files` by mall and version."""
    for before, after in pairwise(files):
        if before.catalog.mall != after.catalog.mall:
            continue
        if ids_may_differ(before.catalog, after.catalog):
            yield before, after


def _reading(catalog: Catalog, feed: str) -> tuple[object, ...]:
    fields = catalog.gathered(feed).fields_of(feed)
    return fields.get(PRODUCT.id), catalog.feeds[feed].blank_words


def _ids_by(catalog: Catalog) -> int:
    """By which rules ids are read: later ones say nothing of ids."""
    return min(catalog.rules, CLEAN_IDS)
