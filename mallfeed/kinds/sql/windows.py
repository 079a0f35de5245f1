"""Moments that a time begins or ends with: days without a time, and intervals as `start/end` (ISO 8601).

The end of a time is the first moment that is no longer in it: a last day ends with the midnight behind it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from mallfeed.kinds.sql.moments import NAMED_FORMATS, by_format
from mallfeed.kinds.sql.pieces import Sql, case, matches, text
from mallfeed.kinds.target import End

_DAY = "^[0-9]{4}-?[0-9]{2}-?[0-9]{2}$"
_TIME = re.compile(r"[HhKkmsSanNA]")
_OPEN = ("", "..", "-")
"""What stands for an end that an interval does not have: nothing, or two points (ISO 8601-2)."""


def bound(cell: Sql, formats: Sequence[str], zone: str, which: End) -> Sql:
    """The moment by the first format that fits, or null; of a day without a time its beginning or its end."""
    return f"coalesce({', '.join(_bound_by(one, zone, cell, which) for one in formats)})"


def part_of_interval(cell: Sql, which: End, formats: Sequence[str]) -> Sql:
    """One end of `start/end` or `start ~ end`; null where that is not what the cell holds.

    Where the catalog's formats have a slash themselves, only `~` stands between both.
    """
    between = "~" if any("/" in one for one in formats) else "[/~]"
    parts = f"split({cell}, {text(between)}, -1)"
    return case((f"size({parts}) = 2", f"trim({parts}[{0 if which == 'start' else 1}])"))


def is_open(part: Sql) -> Sql:
    """Whether an interval does not have this end."""
    return f"({part} in ({', '.join(map(text, _OPEN))}))"


def _bound_by(format_: str, zone: str, cell: Sql, which: End) -> Sql:
    parsed = by_format(format_, zone, cell)
    if which == "start" or format_ in NAMED_FORMATS[1:]:
        return parsed
    if format_ == NAMED_FORMATS[0]:
        return case((matches(cell, _DAY), _next_midnight(parsed, zone)), otherwise=parsed)
    has_time = _TIME.search(re.sub(r"'[^']*'", "", format_))
    return parsed if has_time else _next_midnight(parsed, zone)


def _next_midnight(parsed: Sql, zone: str) -> Sql:
    """The midnight in the zone behind the day that begins then; a day may have 23 or 25 hours."""
    day = f"cast(from_utc_timestamp({parsed}, {text(zone)}) as date)"
    return f"to_utc_timestamp(cast(date_add({day}, 1) as timestamp), {text(zone)})"
