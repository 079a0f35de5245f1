"""Global trade item numbers: GTIN-8, -12 (UPC), -13 (EAN, ISBN) and -14 with their check digit."""

from __future__ import annotations

from mallfeed.normalise.types.reading import Reading, Sql, unreadable
from mallfeed.product.sql import called


def read_gtin(source: Sql) -> Reading:
    """The digits, when their number and the check digit are right (GS1 General Specifications, 7.9)."""
    return Reading(
        cell=source,
        parse=lambda cell: called("gtin", cell),
        problems=(unreadable("invalid"),),
    )
