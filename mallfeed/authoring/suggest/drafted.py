"""A draft with what it was written from: of a whole catalog, or of what differs from a platform."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mallfeed.authoring.suggest.assumed import Assumed, assumed, assumed_of_platform, place_of
from mallfeed.authoring.suggest.draft import Head, draft, draft_on_platform
from mallfeed.authoring.suggest.platform import OnPlatform, on_platform
from mallfeed.authoring.suggest.suggest import Suggestion
from mallfeed.catalog.extends import Reference
from mallfeed.catalog.model import Catalog
from mallfeed.catalog.platform import Platforms
from mallfeed.catalog.read import read_written


@dataclass(frozen=True)
class Trial:
    """What came of a draft's trial on its own file.

    Attributes
    ----------
    rows, accepted, rejected : of the file's first rows; 0 where the file could not be read
    held : (code, message) with which the feed would be held; None = it would load
    doubts : (field or `feed`, what does not fit)
    """

    rows: int
    accepted: int
    rejected: int
    held: tuple[str, str] | None
    doubts: tuple[tuple[str, str], ...]

    def said(self) -> str:
        """One line for people."""
        if self.held:
            return f"Tried on its own file, which would be held: {self.held[0]}."
        return f"Tried on its first {self.rows:,} rows: {self.accepted:,} accepted, {self.rejected:,} rejected; it would load."


@dataclass(frozen=True)
class Drafted:
    """A draft.

    Attributes
    ----------
    found : what the file says; of a draft on a platform, only what differs from it
    head : what no file says
    platform : what the draft extends; None = it stands on its own
    platforms : all that are known
    trial : what came of its trial; None = not tried, or not complete enough to be
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
        """Whether it can be read as a catalog: no required field is missing, nor the shop's address."""
        built = self.platform is not None and self.platform.needs_base_url
        return not self.found.missing and not built

    @property
    def assumed(self) -> tuple[Assumed, ...]:
        """What it takes for granted."""
        if self.platform is not None:
            return assumed_of_platform(self.platform.platform)
        return assumed(self.found, place_of(self.found, self.head.currency, self.head.timezone))

    @property
    def text(self) -> str:
        """The catalog's YAML."""
        if self.platform is not None:
            one = replace(self.platform, found=self.found)
            return draft_on_platform(one, self.head, self.assumed)
        return draft(self.found, self.head, self.assumed)

    def catalog(self) -> Catalog:
        """What it says, with what it extends. Raises CatalogInvalid."""
        return read_written(self.text, self.found.file_name, bases=self.platforms).catalog


def drafted(found: Suggestion, head: Head, platforms: Platforms | None) -> Drafted:
    """A draft on the platform that has written the file; on its own where none has, or without `platforms`."""
    one = on_platform(found, platforms, head.base_url) if platforms is not None else None
    return Drafted(found if one is None else one.found, head, one, platforms)
