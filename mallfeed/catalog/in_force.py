"""Which versions of a mall's catalog are in force. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from mallfeed.catalog.model import Catalog


def begun(versions: Iterable[Catalog], at: datetime) -> list[Catalog]:
    """The versions whose time has come, the one in force first; empty if none is."""
    found = [one for one in versions if one.effective_from <= at]
    return sorted(found, key=lambda one: (one.effective_from, one.version), reverse=True)
