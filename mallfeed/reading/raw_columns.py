"""The columns that the raw frame keeps for itself, beside those of the feed (see `mallfeed.feed.raw`)."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from mallfeed.kinds.sources import OURS

POSITION = "_pos"
ROW = "_row"
RAW = "_raw"
FAULT = "_fault"
FAULT_DETAIL = "_fault_detail"
CARRIED = "_carried"
"""The source columns that the record carries, each in OURS marks; null = all that the frame has, or nobody asked."""
REPAIRED = "row_repaired"
IN_CP949 = "row_in_cp949"
KEY_TWICE = "row_key_twice"
NOTES = (REPAIRED, IN_CP949, KEY_TWICE)
"""Codes in FAULT of records that were read all the same: warnings, not faults."""
BOOKKEEPING = (POSITION, ROW, RAW, FAULT, FAULT_DETAIL, CARRIED)


def carried(names: Iterable[str]) -> str:
    """What CARRIED says of a record that has these columns."""
    return OURS + "".join(f"{name}{OURS}" for name in names)


def torn(table: pa.Table) -> pa.ChunkedArray:
    """Of each row of a table with the column FAULT, whether its record could not be taken apart."""
    faults = table.column(FAULT)
    noted = pc.is_in(faults, pa.array(NOTES, pa.string()))
    return pc.and_not(pc.is_valid(faults), noted)
