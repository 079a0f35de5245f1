"""The warehouse's tables as SQL, for whoever makes or reads them by hand: written from the code.

`python -m infra.redshift` writes them; the job and a deployment do not read them
(`mallfeed.sinks.sql.tables`, `mallfeed.sinks.redshift.dialect`).
"""

from __future__ import annotations

from pathlib import Path

from mallfeed.sinks.redshift.dialect import LAYOUT
from mallfeed.sinks.sql.ddl import create_table

FOLDER = Path(__file__).parent


def files() -> dict[str, str]:
    """Name of a file → what it holds, in the order in which the tables are made."""
    return {
        f"{number:02d}_{table.name}.sql": "".join(f"-- {line}\n" for line in table.about)
        + f"{create_table(LAYOUT.dialect, table)};\n"
        for number, table in enumerate(LAYOUT.tables, start=1)
    }
