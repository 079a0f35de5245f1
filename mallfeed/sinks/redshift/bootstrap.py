"""Creating the warehouse's tables."""

from __future__ import annotations

import uuid

from mallfeed.errors import SinkRefused
from mallfeed.sinks.redshift.dialect import LAYOUT
from mallfeed.sinks.sql import ddl
from mallfeed.sinks.sql.database import Database


def bootstrap(data: Database) -> None:
    """Create the tables that are not there. Idempotent."""
    ended = data.run(ddl.create(LAYOUT), uuid.uuid4().hex, "mallfeed bootstrap")
    if not ended.finished:
        raise SinkRefused(f"the warehouse refused its tables: {ended.told}")
