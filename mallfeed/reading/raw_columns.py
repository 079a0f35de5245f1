"""The columns that the raw frame keeps for itself, beside those of the feed (see `mallfeed.feed.raw`)."""

from __future__ import annotations

POSITION = "_pos"
ROW = "_row"
RAW = "_raw"
FAULT = "_fault"
FAULT_DETAIL = "_fault_detail"
BOOKKEEPING = (POSITION, ROW, RAW, FAULT, FAULT_DETAIL)
