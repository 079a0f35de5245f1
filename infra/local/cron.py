"""AWS's schedule expressions: `rate(…)`, and `cron(…)` with six fields, in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_ONE, _SEVERAL = r"1(?= (?:minute|hour|day)\))", r"(?:[2-9]|[1-9]\d+)(?= (?:minute|hour|day)s\))"
RATE = re.compile(rf"rate\(({_ONE}|{_SEVERAL}) (minute|hour|day)s?\)")
"""A number and its unit: `1 minute`, `5 minutes`; `rate(1 minutes)` and `rate(5 minute)` are refused (Amazon EventBridge User
Guide, "Setting a schedule pattern for scheduled rules")."""
UNIT_S = {"minute": 60, "hour": 3600, "day": 86400}
_CRON = re.compile(r"cron\((.+)\)")
_MONTHS = {"JAN": 1, "FEB": 2, "MAR": 3, "APR": 4, "MAY": 5, "JUN": 6}
_MONTHS |= {"JUL": 7, "AUG": 8, "SEP": 9, "OCT": 10, "NOV": 11, "DEC": 12}
_DAYS = {"SUN": 1, "MON": 2, "TUE": 3, "WED": 4, "THU": 5, "FRI": 6, "SAT": 7}
_FIELDS: tuple[tuple[int, int, dict[str, int]], ...] = (
    (0, 59, {}), (0, 23, {}), (1, 31, {}), (1, 12, _MONTHS), (1, 7, _DAYS), (1970, 2199, {}),
)  # fmt: skip
_DAY_OF_MONTH, _DAY_OF_WEEK = 2, 4
_PART = re.compile(r"(?:\*|([0-9A-Z]+)(?:-([0-9A-Z]+))?)(?:/([1-9]\d*))?")


def is_due(expression: str, at: datetime) -> bool:
    """Whether a schedule fires in that minute; a rate fires at the end of its periods since 1970.

    Raises ValueError for an expression that AWS would reject as well, or that has L, W or #.
    """
    at = at.astimezone(UTC)
    rate = RATE.fullmatch(expression)
    if rate is not None:
        minutes = int(rate[1]) * UNIT_S[rate[2]] // 60
        return int(at.timestamp() // 60) % minutes == 0
    # AWS counts days of the week from 1 = Sunday.
    now = (at.minute, at.hour, at.day, at.month, at.isoweekday() % 7 + 1, at.year)
    allowed = [_allowed(*field) for field in zip(_fields(expression), _FIELDS, strict=True)]
    return all(value in values for value, values in zip(now, allowed, strict=True))


def _fields(expression: str) -> list[str]:
    """The six fields of a cron expression; the one day that is left open (`?`) as `*`."""
    cron = _CRON.fullmatch(expression)
    fields = cron[1].upper().split() if cron else []
    if len(fields) != len(_FIELDS):
        raise ValueError(
            f"{expression!r} is not a schedule: expected rate(N minutes|hours|days) or "
            "cron(minutes hours day-of-month month day-of-week year)"
        )
    days = (fields[_DAY_OF_MONTH], fields[_DAY_OF_WEEK])
    if days.count("?") != 1:
        raise ValueError(f"{expression!r}: expected `?` as one of the two days, and one only")
    return [
        "*" if n in (_DAY_OF_MONTH, _DAY_OF_WEEK) and f == "?" else f for n, f in enumerate(fields)
    ]


def _allowed(text: str, bounds: tuple[int, int, dict[str, int]]) -> set[int]:
    """The values that one field of a cron expression allows."""
    low, high, names = bounds
    found: set[int] = set()
    for part in text.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(
                f"cron field {text!r}: {part!r} cannot be read here; expected *, numbers, names, "
                "ranges (1-5) and steps (0/15)"
            )
        first, last, step = match.groups()
        begin = _number(first, names, text) if first else low
        end = _number(last, names, text) if last else (begin if first and not step else high)
        if not low <= begin <= end <= high:
            raise ValueError(f"cron field {text!r}: {part!r} is outside {low}–{high}")
        found.update(range(begin, end + 1, int(step or 1)))
    return found


def _number(text: str, names: dict[str, int], field: str) -> int:
    if text in names:
        return names[text]
    if text.isdecimal():
        return int(text)
    known = f"a number or one of {', '.join(names)}" if names else "a number"
    raise ValueError(f"cron field {field!r}: {text!r} cannot be read here; expected {known}")
