"""Moments and days: formats of the catalog, its zone where the value names none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mallfeed.kinds.sql.pieces import Sql, called, case, text

# Products are not dated before 1990; after 2100 it is a slip (or milliseconds read as seconds).
_EARLIEST, _LATEST = "1990-01-01T00:00:00Z", "2100-01-01T00:00:00Z"

SPREADSHEET_DAYS = "spreadsheet_days"
NAMED_FORMATS = ("iso8601", "epoch_seconds", "epoch_millis", SPREADSHEET_DAYS)
"""Formats that are no patterns."""


def moment(cell: Sql, formats: Sequence[str], zone: str) -> Sql:
    """The timestamp by the first format that fits, or null."""
    return f"coalesce({', '.join(by_format(one, zone, cell) for one in formats)})"


def is_far_off(parsed: Sql) -> Sql:
    """Whether no product can be dated so."""
    earliest, latest = (f"try_cast('{one}' as timestamp)" for one in (_EARLIEST, _LATEST))
    return f"({parsed} < {earliest} or {parsed} >= {latest})"


def within_reach(parsed: Sql) -> Sql:
    """The moment, or of one that is far off the furthest that counts."""
    earliest, latest = (f"try_cast('{one}' as timestamp)" for one in (_EARLIEST, _LATEST))
    return case(
        (f"{parsed} < {earliest}", earliest), (f"{parsed} >= {latest}", latest), otherwise=parsed
    )


def by_format(format_: str, zone: str, cell: Sql) -> Sql:
    """The timestamp by one format."""
    if format_ in NAMED_FORMATS:
        return called("moment", cell, text(format_), text(zone))
    if _names_zone(format_):
        return f"try_to_timestamp({cell}, {text(format_)})"
    return f"try_to_timestamp(concat({cell}, {text(' ' + zone)}), {text(format_ + ' VV')})"


def _names_zone(pattern: str) -> bool:
    return bool(re.search(r"[VzOXxZ]", re.sub(r"'[^']*'", "", pattern)))
