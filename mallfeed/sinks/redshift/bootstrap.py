"""Making the warehouse's tables, or letting them grow to this release's columns."""

from __future__ import annotations

from mallfeed.sinks.redshift.dialect import LAYOUT
from mallfeed.sinks.redshift.failures import verdict
from mallfeed.sinks.sql.database import Database
from mallfeed.sinks.sql.growth import Tables
from mallfeed.sinks.sql.layout import Layout


def bootstrap(data: Database, layout: Layout = LAYOUT) -> None:
    """Make the tables that are not there, and add columns to the others. Idempotent.

    Raises SchemaDiffers, before anything is written, where adding columns is not enough.
    """
    Tables(layout, verdict).grow(data)
