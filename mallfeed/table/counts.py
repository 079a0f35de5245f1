"""What is counted of a feed: the ledger keeps it, the guards judge it, sinks and reports carry it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Counts(BaseModel):
    """What became of a feed's rows: rows_read = accepted + rejected + duplicates + delta deletes.

    `changed` are products written (new or different), `vanished` products taken away (absent from
    a full feed, its rejected rows' products, delta deletes that hit), `warnings` cells that became
    null.
    """

    model_config = ConfigDict(frozen=True)

    rows_read: int = 0
    accepted: int = 0
    rejected: int = 0
    duplicates: int = 0
    deletes: int = 0
    changed: int = 0
    vanished: int = 0
    vanished_by_reject: int = 0
    warnings: int = 0
    products_before: int = 0
    reject_codes: dict[str, int] = Field(default_factory=dict)
    warning_codes: dict[str, int] = Field(default_factory=dict)
