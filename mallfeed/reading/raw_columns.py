"""The columns that the raw frame keeps for itself, beside those of the feed (see `mallfeed.feed.raw`)."""

from __future__ import annotations

POSITION = "_pos"
ROW = "_row"
RAW = "_raw"
FAULT = "_fault"
FAULT_DETAIL = "_fault_detail"
REPAIRED = "row_repaired"
IN_CP949 = "row_in_cp949"
NOTES = (REPAIRED, IN_CP949)
"""Codes in FAULT of records that were read all the same: warnings, not faults."""
BOOKKEEPING = (POSITION, ROW, RAW, FAULT, FAULT_DETAIL)
