"""Creates the warehouse's tables, or adds the columns of this release to them."""

from __future__ import annotations

from mallfeed.sinks.redshift.dialect import LAYOUT
from mallfeed.sinks.redshift.failures import verdict
from mallfeed.sinks.sql.database import Database
from mallfeed.sinks.sql.growth import Tables
from mallfeed.sinks.sql.layout import Layout


def bootstrap(data: Database, layout: Layout = LAYOUT) -> None:
    """Create missing tables, and add missing columns to the others. Idempotent.

    Raises SchemaDiffers, before anything is written, if adding columns is not enough.
    """
    Tables(layout, verdict).grow(data)
