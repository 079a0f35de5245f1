"""Deltas that would come out differently by a new version of their catalog: their rows are whole products by the
rules of the time when the version was published, and would change what they name only by today's. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from mallfeed.catalog.in_force import begun
from mallfeed.catalog.model import Catalog
from mallfeed.kinds.rules_of_versions import PARTIAL_ROWS
from mallfeed.wording import listed


@dataclass(frozen=True)
class WholeRows:
    """One delta feed, and why its next delta would come out differently once a new version is published."""

    mall: str
    version: int
    feed: str
    why: tuple[str, ...]


def whole_rows(versions: Sequence[Catalog], now: datetime) -> Iterator[WholeRows]:
    """The delta feeds of one mall's version in force that a new version would make partial, if it says no `update`.

    A delta whose records always carry all that the mall's products have comes out the same, and is left out.
    """
    catalog = next(iter(begun(versions, now)), None)
    if catalog is None or catalog.rules >= PARTIAL_ROWS:
        return
    for name, feed in catalog.feeds.items():
        why = tuple(_differences(catalog, name))
        if feed.mode == "delta" and feed.update == "merge" and why:
            yield WholeRows(catalog.mall, catalog.version, name, why)


def _differences(catalog: Catalog, name: str) -> Iterator[str]:
    fields, attributes = catalog.fields_of(name), catalog.attributes_of(name)
    if catalog.feeds[name].format_row.nests:
        yield "a record may leave out a key, which clears its field today and keeps it then"
    optional = [one for one, type_ in {**fields, **attributes}.items() if type_.optional]
    if optional:
        yield f"a file may lack the column of {listed(optional)}, which clears it today and keeps it then"
    others = _mapped_elsewhere(catalog, name) - set(fields) - set(attributes)
    if others:
        yield f"only other feeds map {listed(sorted(others))}, which a row clears today and keeps then"


def _mapped_elsewhere(catalog: Catalog, name: str) -> set[str]:
    names: Iterable[str] = (one for one in catalog.feeds if one != name)
    return {
        target for one in names for target in (*catalog.fields_of(one), *catalog.attributes_of(one))
    }
