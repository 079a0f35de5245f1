"""Moments that a time begins or ends with: days without a time, and intervals as `start/end` (ISO 8601).

The end of a time is the first moment that is no longer in it: a last day ends with the midnight behind it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mallfeed.kinds.sql.moments import NAMED_FORMATS, SPREADSHEET_DAYS, by_format
from mallfeed.kinds.sql.pieces import Sql, case, matches, text
from mallfeed.kinds.target import End

_DAY = "^[0-9]{4}-?[0-9]{2}-?[0-9]{2}$"
_WHOLE_DAYS = "^[0-9]+$"
_TIME = re.compile(r"[HhKkmsSanNA]")
BETWEEN = "[~\u301c\uff5e]| +[-\u2013\u2014](?: +|$)|^[-\u2013\u2014] +"
"""What stands between the ends of an interval beside a slash, as a pattern."""
_OPEN = ("", "..", "-")
"""What stands for an end that an interval does not have: nothing, or two points (ISO 8601-2)."""
NO_TIME = "^(?:0{4}[-/.]?00[-/.]?00|00[-/.]00[-/.]0{4})[T ]*(?:00:?00(?::?00(?:[.]0+)?)?)?Z?$"
"""And what databases write there: `mallfeed.kinds.blank_words.NO_TIMES`."""


def bound(cell: Sql, formats: Sequence[str], zone: str, which: End) -> Sql:
    """The moment by the first format that fits, or null; of a day without a time its beginning or its end."""
    return f"coalesce({', '.join(_bound_by(one, zone, cell, which) for one in formats)})"


def part_of_interval(cell: Sql, which: End, formats: Sequence[str]) -> Sql:
    """One end of `start/end`, `start ~ end` or `start - end`; null where that is not what the cell holds.

    A dash has spaces around it. Where the catalog's formats have a slash themselves, none stands between both.
    """
    between = BETWEEN if any("/" in one for one in formats) else f"/|{BETWEEN}"
    parts = f"split({cell}, {text(between)}, -1)"
    return case((f"size({parts}) = 2", f"trim({parts}[{0 if which == 'start' else 1}])"))


def is_open(part: Sql) -> Sql:
    """Whether an interval does not have this end."""
    return f"({part} in ({', '.join(map(text, _OPEN))}) or {matches(part, NO_TIME)})"


def _bound_by(format_: str, zone: str, cell: Sql, which: End) -> Sql:
    parsed = by_format(format_, zone, cell)
    days = {NAMED_FORMATS[0]: _DAY, SPREADSHEET_DAYS: _WHOLE_DAYS}
    if which == "start" or (format_ in NAMED_FORMATS and format_ not in days):
        return parsed
    if format_ in days:
        return case((matches(cell, days[format_]), _next_midnight(parsed, zone)), otherwise=parsed)
    has_time = _TIME.search(re.sub(r"'[^']*'", "", format_))
    return parsed if has_time else _next_midnight(parsed, zone)


def _next_midnight(parsed: Sql, zone: str) -> Sql:
    """The midnight in the zone behind the day that begins then; a day may have 23 or 25 hours."""
    day = f"cast(from_utc_timestamp({parsed}, {text(zone)}) as date)"
    return f"to_utc_timestamp(cast(date_add({day}, 1) as timestamp), {text(zone)})"
