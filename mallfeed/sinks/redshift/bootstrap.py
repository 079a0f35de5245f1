"""Creating the warehouse's tables from infra/redshift/*.sql."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from mallfeed.errors import SinkRefused

DEFINITION = Path(__file__).resolve().parents[3] / "infra" / "redshift"


def ddl(directory: Path = DEFINITION) -> list[str]:
    """The CREATE TABLE statements in the order of their files, comments taken off."""
    statements = []
    for path in sorted(directory.glob("*.sql")):
        lines = path.read_text("utf-8").splitlines()
        code = "\n".join(line for line in lines if not line.startswith("--"))
        statements += [part.strip() for part in code.split(";") if part.strip()]
    return statements


def bootstrap(data: Any, directory: Path = DEFINITION) -> None:
    """Create the tables that are not there; `data` is a RedshiftData. Idempotent."""
    ended = data.run(ddl(directory), uuid.uuid4().hex, "mallfeed bootstrap")
    if not ended.finished:
        raise SinkRefused(f"the warehouse refused its tables: {ended.told}")
