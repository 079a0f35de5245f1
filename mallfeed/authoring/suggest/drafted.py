"""A draft with what it was written from: of a whole catalog, or of what differs from a platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from mallfeed.authoring.suggest.assumed import Assumed, assumed, assumed_of_platform, place_of
from mallfeed.authoring.suggest.doubts import currencies_named, currency_guessed
from mallfeed.authoring.suggest.draft import Head, draft, draft_on_platform
from mallfeed.authoring.suggest.platform import OnPlatform, on_platform
from mallfeed.authoring.suggest.suggest import Suggestion
from mallfeed.authoring.suggest.surroundings import currency_of
from mallfeed.catalog.extends import Reference
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.platform import Platforms
from mallfeed.catalog.read import read_written, tree_of
from mallfeed.product.fields import AMOUNTS, BY_NAME
from mallfeed.wording import how_many, listed
from mallfeed.yaml_files.write import block

STAND_INS: Mapping[str, Any] = {
    "url": {"type": "constant", "value": "https://missing.example/"},
    "title": {"type": "constant", "value": "missing"},
    "category_path": {"type": "constant", "value": "missing"},
    "price": {"type": "constant", "value": "1"},
    "base_url": "https://missing.example",
}
"""For what a draft may lack when it is tried: nobody sees what comes of them. Without an id there are no products, and
without the currency nobody knows what an amount is."""


@dataclass(frozen=True)
class Trial:
    """What came of a draft's trial on its own file.

    Attributes
    ----------
    rows, accepted, rejected : of the file's first rows; 0 where the file could not be read
    held : (code, message) with which the feed would be held; None = it would load
    doubts : (field or `feed`, what does not fit)
    without : what the draft lacks, something else standing in for it
    """

    rows: int
    accepted: int
    rejected: int
    held: tuple[str, str] | None
    doubts: tuple[tuple[str, str], ...]
    without: tuple[str, ...] = ()

    def said(self) -> str:
        """One line for people."""
        lacks = f" without {listed(self.without)}, which is missing" if self.without else ""
        if self.held:
            held = f"would be held: {self.held[0]}."
            return f"Tried on its own file{f'{lacks}; it' if lacks else ', which'} {held}"
        loads = "the rest would load" if self.without else "it would load"
        return (
            f"Tried on its first {how_many(self.rows, 'row')}{lacks}: {self.accepted:,} accepted, "
            f"{self.rejected:,} rejected; {loads}."
        )


@dataclass(frozen=True)
class Drafted:
    """A draft.

    Attributes
    ----------
    found : what the file says; of a draft on a platform, only what differs from it
    head : what no file says
    platform : what the draft extends; None = it stands on its own
    platforms : all that are known
    trial : what came of its trial; None = not tried, or nothing can stand in for what it lacks
    """

    found: Suggestion
    head: Head
    platform: OnPlatform | None = None
    platforms: Platforms | None = None
    trial: Trial | None = None

    @property
    def extends(self) -> Reference | None:
        """The platform's version that it extends."""
        return None if self.platform is None else self.platform.platform.reference

    @property
    def complete(self) -> bool:
        """Whether it can be read as a catalog: no required field is missing, nor the currency, nor the shop's address."""
        return not self.found.missing

    @property
    def without(self) -> tuple[str, ...]:
        """What it lacks."""
        return tuple(name for name, _ in self.found.missing)

    @property
    def can_be_tried(self) -> bool:
        """Whether something can stand in for all that it lacks, and its file has records."""
        return self.complete or (
            STAND_INS.keys() >= set(self.without) and self.found.sample.rows > 0
        )

    @property
    def assumed(self) -> tuple[Assumed, ...]:
        """What it takes for granted."""
        if self.platform is not None:
            return assumed_of_platform(self.platform.platform, self.platform.currency, self.found)
        return assumed(self.found, place_of(self.found, self.head.currency, self.head.timezone))

    @property
    def text(self) -> str:
        """The catalog's YAML."""
        if self.platform is not None:
            one = replace(self.platform, found=self.found)
            return draft_on_platform(one, self.head, self.assumed)
        return draft(self.found, self.head, self.assumed)

    def catalog(self) -> Catalog:
        """What it says, with what it extends; stand-ins for what it lacks. Raises CatalogInvalid."""
        text = self.text if self.complete else self._with_stand_ins()
        return read_written(text, self.found.file_name, bases=self.platforms).catalog

    def _with_stand_ins(self) -> str:
        data = dict(tree_of(self.text, self.found.file_name, "a catalog").data)
        fields = {n: STAND_INS[n] for n in self.without if n in BY_NAME and n in STAND_INS}
        head = {n: STAND_INS[n] for n in self.without if n not in BY_NAME and n in STAND_INS}
        return block({**data, **head, "fields": {**(data.get("fields") or {}), **fields}})


def drafted(found: Suggestion, head: Head, platforms: Platforms | None) -> Drafted:
    """A draft on the platform that has written the file; on its own where none has, or without `platforms`."""
    one = on_platform(found, platforms, head.base_url) if platforms is not None else None
    if one is not None:
        return Drafted(one.found, head, one, platforms)
    currency, sure, why = currency_of(found.sample, found.fields)
    named = tuple(currencies_named(found.sample, found.fields, currency))
    guessed = () if head.currency else tuple(currency_guessed(currency, sure, why))
    fields = tuple(
        one.doubted() if guessed and one.name in AMOUNTS else one for one in found.fields
    )
    found = replace(found, fields=fields, doubts=(*guessed, *found.doubts, *named))
    return Drafted(found, head, None, platforms)
