"""How the times of a column that is called one are written: what no column without a name would be taken for a time by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mallfeed.authoring.suggest.values import is_epoch, moment_of

NONE = frozenset(("0", "0000-00-00", "0000-00-00 00:00:00", "0000-00-00T00:00:00", "0000.00.00"))
"""No time, as databases write it."""
_TIME = r"(?P<between>T| +)(?P<hour>\d{1,2}):\d{2}(?P<seconds>:\d{2})?(?P<half> ?[AaPp][Mm])?"
_NUMBERS = re.compile(
    rf"^(?P<a>\d{{1,4}})(?P<mark>[/.-])(?P<b>\d{{1,2}})(?P=mark)(?P<c>\d{{1,4}})(?:{_TIME})?$"
)
_WORDS = re.compile(
    r"^(?:(?P<month>[A-Za-z]{3,9}) (?P<day>\d{1,2}), |(?P<first>\d{1,2}) (?P<name>[A-Za-z]{3,9}) )(?:19|20)\d{2}$"
)
_YEARS = range(15, 46)
"""Of two digits: near enough for a feed's times."""
_ORDERS = ("yMd", "Mdy", "dMy")


@dataclass(frozen=True)
class _Date:
    """A date of three numbers, and how its time is written."""

    numbers: tuple[str, str, str]
    mark: str
    time: str

    @property
    def form(self) -> tuple[str, int, str]:
        """Those of one form have one order of day, month and year."""
        year = 1 if len(self.numbers[0]) == 4 else 3 if len(self.numbers[2]) == 4 else 0
        return (self.mark, year, self.time)


def formats_of(values: Sequence[str]) -> list[str]:
    """The formats that read the values, as a catalog names them; empty where some value is in none of them, or may be
    read in two ways. NONE says nothing."""
    told = [value.strip() for value in values if value.strip() not in NONE]
    if told and all(is_epoch(moment_of(value)) for value in told):
        return sorted({str(moment_of(value)) for value in told})
    dates = [_date(value) for value in told]
    named = [_named(value) for value in told]
    groups: dict[tuple[str, int, str], list[_Date]] = {}
    found: dict[str, None] = {}
    for value, date, pattern in zip(told, dates, named, strict=True):
        if date is not None:
            groups.setdefault(date.form, []).append(date)
        elif pattern is not None:
            found[pattern] = None
        elif (
            (known := moment_of(value)) is not None
            and known[:1] not in ("/", ".")
            and known != "rfc"
        ):
            found[known] = None
        else:
            return []
    for several in groups.values():
        order = _order(several)
        if order is None:
            return []
        found[_pattern(several, order)] = None
    return list(found)


def _date(value: str) -> _Date | None:
    match = _NUMBERS.match(value)
    if match is None or moment_of(value) == "iso8601":
        return None
    time = ""
    if match["hour"] is not None:
        hour = "h" if match["half"] else "H"
        between = "'T'" if match["between"] == "T" else match["between"]
        half = f"{' ' if match['half'].startswith(' ') else ''}a" if match["half"] else ""
        time = f"{between}{hour}:mm{':ss' if match['seconds'] else ''}{half}"
    return _Date((match["a"], match["b"], match["c"]), match["mark"], time)


def _named(value: str) -> str | None:
    match = _WORDS.match(value)
    if match is None:
        return None
    month = "M" * (3 if len(match["month"] or match["name"]) == 3 else 4)
    return f"{month} d, yyyy" if match["month"] else f"d {month} yyyy"


def _order(dates: Sequence[_Date]) -> str | None:
    """Which of the numbers is the year, the month and the day; None where that cannot be told."""
    fitting = [order for order in _ORDERS if all(_fits(one, order) for one in dates)]
    if {"Mdy", "dMy"} <= set(fitting) and len(dates[0].numbers[2]) == 4:
        return "Mdy" if dates[0].mark == "/" else "dMy"
    if len(fitting) < 2:
        return fitting[0] if fitting else None
    years = {order: len({one.numbers[order.index("y")] for one in dates}) for order in fitting}
    least = [order for order in fitting if years[order] == min(years.values())]
    return least[0] if len(least) == 1 else None


def _fits(date: _Date, order: str) -> bool:
    parts = dict(zip(order, date.numbers, strict=True))
    if (
        {len(date.numbers[0]), len(date.numbers[2])} & {3}
        or len(parts["M"]) > 2
        or len(parts["d"]) > 2
    ):
        return False
    year = len(parts["y"]) == 4 or (len(parts["y"]) == 2 and int(parts["y"]) in _YEARS)
    return year and 1 <= int(parts["M"]) <= 12 and 1 <= int(parts["d"]) <= 31


def _pattern(dates: Sequence[_Date], order: str) -> str:
    one = dates[0]
    short = any(len(number) == 1 for date in dates for number in date.numbers)
    letters = {
        "y": "y" * len(one.numbers[order.index("y")]),
        "M": "M" if short else "MM",
        "d": "d" if short else "dd",
    }
    return one.mark.join(letters[part] for part in order) + one.time


def ends_of(value: str) -> Iterator[str]:
    """Both ends of an interval, blank ones left out."""
    mark = "~" if "~" in value else "/"
    yield from (end.strip() for end in value.split(mark) if end.strip())
