"""Loads whose statements are kept in redshift_sql/: what Redshift is sent, to the byte.

`python -m tests.unit.sinks.warehouse_loads` writes them anew, after a change that was meant.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from mallfeed.sinks.cursors import moved
from mallfeed.sinks.redshift.dialect import LAYOUT, copy
from mallfeed.sinks.sql import digest
from mallfeed.sinks.sql.guard import Move
from mallfeed.sinks.sql.mall_state import cursors
from mallfeed.sinks.sql.stage import Stage
from mallfeed.sinks.sql.transaction import Batch, transaction
from tests.sink_rows import at, load, upsert

KEPT = Path(__file__).with_name("redshift_sql")
NOW = datetime(2026, 11, 23, 1, 2, 3, 456789, tzinfo=UTC)
FILLED = Stage(
    copy("s3://lake/redshift/p/x.manifest", "arn:aws:iam::123456789012:role/copy"),
)
EMPTY = Stage(None)


def batch(
    malls: int = 1,
    kind: Literal["difference", "contents"] = "difference",
    stage: Stage | None = FILLED,
    reapply: bool = False,
) -> Batch:
    """The transaction that brings so many malls to snapshot 3, one product each."""
    loads = [load(f"mall{n}", 3, upsert(f"mall{n}", "p1"), kind=kind) for n in range(malls)]
    moves = [Move(one, moved(one, 0), at(3)) for one in loads]
    return transaction(LAYOUT, moves, stage, NOW, reapply)


def texts() -> dict[str, str]:
    """File → its statements, one after the other."""
    dialect = LAYOUT.dialect
    statements = {
        "difference": batch(2).statements,
        "contents": batch(1, "contents").statements,
        "reapplied": batch(reapply=True).statements,
        "cursors_only": batch(stage=None).statements,
        "extras_only": batch(1, "contents", EMPTY).statements,
        "queries": [
            cursors(["alpha", "beta"]),
            digest.MALLS,
            digest.digest(dialect, "alpha"),
            digest.hashes("alpha", {"a0", "ff"}),
        ],
    }
    return {f"{name}.sql": ";\n".join(some) + ";\n" for name, some in statements.items()}


if __name__ == "__main__":
    for file, text in texts().items():
        (KEPT / file).write_text(text, "utf-8")
