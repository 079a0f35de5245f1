"""How times are written: which formats read the values of a column, as a catalog names them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mallfeed.authoring.suggest.values import NUMBERS_OF_DATES, RFC, is_epoch, moment_of
from mallfeed.kinds.sql.moments import SPREADSHEET_DAYS
from mallfeed.kinds.sql.vocabulary import key_of
from mallfeed.kinds.sql.windows import BETWEEN, NO_TIME

_TIME = r"(?P<between>T| +)(?P<hour>\d{1,2}):\d{2}(?P<seconds>:\d{2})?(?P<half> ?[AaPp][Mm])?"
_NUMBERS = re.compile(
    rf"^(?P<a>\d{{1,4}})(?P<mark>[/.-])(?P<b>\d{{1,2}})(?P=mark)(?P<c>\d{{1,4}})(?:{_TIME})?$"
)
_WORDS = re.compile(
    r"^(?:(?P<month>[A-Za-z]{3,9}) (?P<day>\d{1,2}), |(?P<first>\d{1,2}) (?P<name>[A-Za-z]{3,9}) )(?:19|20)\d{2}$"
)
_NAMED_NUMBERS = re.compile(
    r"^(?:19|20)\d{2}[년年] *\d{1,2}[월月] *\d{1,2}[일日]?(?: +\d{1,2}(?:[시時] *\d{2}[분分]|:\d{2}(?::\d{2})?))?$"
)
"""2026년 11월 1일, 2026年11月01日 10:30: each number says what it is."""
_YEARS = range(15, 46)
"""Of two digits: near enough for a feed's times."""
_DAYS = range(42_000, 55_000)
"""Days as spreadsheets count them, from 2014 to 2050."""
_DAY = re.compile(r"^(\d{5})(?:\.\d+)?$")
_ORDERS = ("yMd", "Mdy", "dMy")
_NO_TIME = re.compile(NO_TIME)
_INTERVAL = re.compile(BETWEEN)
_FOR_ALWAYS = (
    "0|상시|상시판매|상시진행|무기한|기한없음|제한없음|계속|항상|always|ongoing|permanent|unlimited|no end|no end date|never|open|"
    "open end|forever|unbegrenzt|unbefristet|dauerhaft|immer|permanente|permanent|illimité|toujours|"
    "siempre|sin límite|ilimitado|sempre|illimitato|sem limite|doorlopend|onbeperkt|tills vidare|"
    "bezterminowo|stale|trvale|neomezeně|бессрочно|постоянно|всегда|πάντα|süresiz|常時|無期限|期限なし|永久|长期|長期|"
    "长期有效|長期有效|不限"
)
"""What people write where a time has no end; 0 is what databases write."""
_ALWAYS = frozenset(map(key_of, _FOR_ALWAYS.split("|")))


@dataclass(frozen=True)
class Forms:
    """How times are written.

    Attributes
    ----------
    formats : those that read them, as a catalog names them, the most frequent first
    without : words that say that there is no such time
    unread : values in no form that is known, or of which nobody can tell which number is the day
    either : a date that is read though another order of its numbers would do as well; None = there is none
    share : of the values that say a time, those that are read
    """

    formats: tuple[str, ...]
    without: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    either: str | None = None
    share: float = 0.0


@dataclass(frozen=True)
class _Date:
    """A date of three numbers, and how its time is written."""

    text: str
    numbers: tuple[str, str, str]
    mark: str
    time: str
    short_hour: bool

    @property
    def form(self) -> tuple[str, int, str]:
        """Those of one form have one order of day, month and year."""
        year = 1 if len(self.numbers[0]) == 4 else 3 if len(self.numbers[2]) == 4 else 0
        return (self.mark, year, self.time)


def forms_of(values: Sequence[str]) -> Forms:
    """How the values are written, those that the reader takes for blank by itself left out."""
    told = [value.strip() for value in values if not _NO_TIME.match(value.strip())]
    without = tuple(dict.fromkeys(value for value in told if key_of(value) in _ALWAYS))
    told = [value for value in told if value not in without]
    if told and all(is_epoch(moment_of(value)) for value in told):
        return Forms(tuple(sorted({str(moment_of(one)) for one in told})), without, share=1.0)
    if told and all(_is_day(value) for value in told):
        return Forms((SPREADSHEET_DAYS,), without, share=1.0)
    found: dict[str, int] = {}
    unread: list[str] = []
    groups: dict[tuple[str, int, str], list[_Date]] = {}
    for value in told:
        date = _date(value)
        known = None if date else _named(value) or _fixed(value)
        if date is not None:
            groups.setdefault(date.form, []).append(date)
        elif known is not None:
            found[known] = found.get(known, 0) + 1
        else:
            unread.append(value)
    either = None
    for dates in groups.values():
        orders = _orders(dates)
        if not orders:
            unread += [one.text for one in dates]
            continue
        pattern = _pattern(dates, orders[0])
        found[pattern] = found.get(pattern, 0) + len(dates)
        either = either or (dates[0].text if len(orders) > 1 else None)
    formats = sorted(found, key=lambda one: -found[one])
    share = sum(found.values()) / len(told) if told else 0.0
    return Forms(tuple(formats), without, tuple(unread), either, share)


def intervals(values: Sequence[str]) -> Forms:
    """How the ends of intervals are written; a value that is no interval is in no form."""
    parts = [(value, _ends_of(value)) for value in values]
    known = {end for _, ends in parts for end in ends}
    whole = forms_of(sorted(known))
    if any("/" in one for one in whole.formats):
        # The job splits at no slash then.
        parts = [(v, ends if _INTERVAL.search(v) else ()) for v, ends in parts]
    bad = {*whole.unread, *whole.without}
    words = tuple(dict.fromkeys(v for v in values if key_of(v) in _ALWAYS))
    unread = [
        value
        for value, ends in parts
        if value not in words and (not ends or not bad.isdisjoint(ends))
    ]
    told = len(values) - len(words)
    share = 1 - len(unread) / told if told else 0.0
    return Forms(whole.formats if share else (), words, tuple(unread), whole.either, share)


def order_of(values: Sequence[str | None]) -> list[tuple[int, ...] | None]:
    """What the times of a column are compared by: of one column, or of two that are written alike; None for what is none."""
    told = [value.strip() for value in values if value]
    forms = forms_of(told)
    return [None if value is None else _key(value.strip(), forms.formats) for value in values]


def _key(value: str, formats: Sequence[str]) -> tuple[int, ...] | None:
    numbers = [int(one) for one in re.findall(r"\d+", value)]
    date = _date(value)
    if date is None:
        whole = moment_of(value) is not None or _is_day(value) or _NAMED_NUMBERS.match(value)
        return tuple(numbers) if numbers and whole else None
    orders = [order for order in _ORDERS if any(_is_of(one, date.mark, order) for one in formats)]
    fitting = [order for order in orders if _fits(date, order)]
    if not fitting:
        return None
    parts = dict(zip(fitting[0], map(int, date.numbers), strict=True))
    return (parts["y"] % 100 + 2000, parts["M"], parts["d"], *numbers[3:])


def _is_of(format_: str, mark: str, order: str) -> bool:
    letters = re.sub(
        r"(.)\1*", r"\1", format_.split(mark, 2)[0] + "".join(format_.split(mark, 2)[1:])
    )
    return mark in format_ and letters[:3] == order


def _ends_of(value: str) -> tuple[str, ...]:
    """The ends of an interval, as the job splits it; none where it is not one."""
    parts = _INTERVAL.split(value) if _INTERVAL.search(value) else value.split("/")
    return tuple(end for one in parts if (end := one.strip())) if len(parts) == 2 else ()


def _is_day(value: str) -> bool:
    match = _DAY.match(value)
    return match is not None and int(match[1]) in _DAYS


def _fixed(value: str) -> str | None:
    """The format of a value that can be read in one order only."""
    known = moment_of(value)
    return None if known is None or is_epoch(known) or known in (NUMBERS_OF_DATES, RFC) else known


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
    short = len(match["hour"] or "00") == 1
    return _Date(value, (match["a"], match["b"], match["c"]), match["mark"], time, short)


def _named(value: str) -> str | None:
    if _NAMED_NUMBERS.match(value):
        letters = iter(("yyyy", "M", "d", "H", "mm", "ss"))
        return re.sub(r"\d+", lambda _: next(letters), value)
    match = _WORDS.match(value)
    if match is None:
        return None
    month = "M" * (3 if len(match["month"] or match["name"]) == 3 else 4)
    return f"{month} d, yyyy" if match["month"] else f"d {month} yyyy"


def _orders(dates: Sequence[_Date]) -> list[str]:
    """Orders of year, month and day that fit all dates, the likeliest first; empty where none does, or none is likelier."""
    fitting = [order for order in _ORDERS if all(_fits(one, order) for one in dates)]
    if len(fitting) < 2:
        return fitting
    if {"Mdy", "dMy"} == set(fitting) and len(dates[0].numbers[2]) == 4:
        return fitting if dates[0].mark == "/" else fitting[::-1]
    years = {order: len({one.numbers[order.index("y")] for one in dates}) for order in fitting}
    least = [order for order in fitting if years[order] == min(years.values())]
    return least if len(least) == 1 else []


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
    time = one.time if any(date.short_hour for date in dates) else one.time.replace("H", "HH")
    return one.mark.join(letters[part] for part in order) + time
