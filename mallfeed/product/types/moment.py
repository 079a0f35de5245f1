"""Moments and days: formats of the catalog, its zone where the value names none."""

from __future__ import annotations

import re

from mallfeed.catalog.field_types import DateType, TimestampType
from mallfeed.product.sql import case, matches, replaced, text
from mallfeed.product.types.reading import Problem, Reading, Sql, unreadable

# Products are not dated before 1990; after 2100 it is a slip (or milliseconds read as seconds).
_EARLIEST, _LATEST = "1990-01-01T00:00:00Z", "2100-01-01T00:00:00Z"

_TIME = r"[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
_ZONE = r" ?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
_BASIC = r"^([0-9]{4})([0-9]{2})([0-9]{2})(?:T?([0-9]{2})([0-9]{2})([0-9]{2}))?$"


def read_timestamp(options: TimestampType, source: Sql, timezone: str) -> Reading:
    """A moment in UTC, read by the first format that fits."""
    zone = options.timezone or timezone
    return _within(source, [_parser(f, zone) for f in options.formats])


def read_date(options: DateType, source: Sql, timezone: str) -> Reading:
    """A day: its midnight in the catalog's zone."""
    return _within(source, [_parser(f, timezone) for f in options.formats])


def _within(source: Sql, parsers: list[_Parser]) -> Reading:
    outside = f"({{}} < try_cast('{_EARLIEST}' as timestamp) or {{}} >= try_cast('{_LATEST}' as timestamp))"
    return Reading(
        cell=source,
        parse=lambda cell: "coalesce(" + ", ".join(parse(cell) for parse in parsers) + ")",
        value=lambda _, parsed: case((f"not {outside.format(parsed, parsed)}", parsed)),
        problems=(
            unreadable("invalid"),
            Problem("out_of_range", lambda _, parsed: outside.format(parsed, parsed)),
        ),
        sql_type="timestamp",
    )


class _Parser:
    """One format: SQL text of a cell → SQL text of its timestamp, null when it does not fit."""

    def __init__(self, template: str) -> None:
        self.template = template

    def __call__(self, cell: Sql) -> Sql:
        return self.template.replace("\0", cell)


def _parser(format_: str, zone: str) -> _Parser:
    if format_ == "iso8601":
        return _Parser(_iso8601("\0", zone))
    if format_ == "epoch_seconds":
        return _Parser(_epoch("\0", r"^[0-9]{1,11}(?:[.][0-9]{1,6})?$", 1_000_000))
    if format_ == "epoch_millis":
        return _Parser(_epoch("\0", r"^[0-9]{10,14}(?:[.]0*+)?$", 1_000))
    if _names_zone(format_):
        return _Parser(f"try_to_timestamp(\0, {text(format_)})")
    return _Parser(f"try_to_timestamp(concat(\0, {text(' ' + zone)}), {text(format_ + ' VV')})")


def _epoch(cell: Sql, pattern: str, micros: int) -> Sql:
    amount = f"try_cast({cell} as decimal(20,6))"
    return case(
        (matches(cell, pattern), f"timestamp_micros(try_cast({amount} * {micros} as bigint))")
    )


def _iso8601(cell: Sql, zone: str) -> Sql:
    """`2026-11-22`, `2026-11-22 09:00`, `2026-11-22T09:00:00.5+09:00`, `20261122`, `…T090000`."""
    there = text(" " + zone)
    # Spark's cast wants seconds behind hours and minutes.
    whole = replaced(cell, r"^(.{10}[T ][0-9]{2}:[0-9]{2})(?![0-9:])", "$1:00")
    dotted = f"replace({whole}, ',', '.')"
    spaced = replaced(dotted, rf"{_ZONE}$".replace(" ?", ""), "")
    offset = f"regexp_extract({cell}, {text(r'(Z|[+-][0-9]{2}(?::?[0-9]{2})?)$')}, 1)"
    full_offset = replaced(
        replaced(offset, r"^([+-][0-9]{2})$", "$1:00"), r"^([+-][0-9]{2})([0-9]{2})$", "$1:$2"
    )
    basic_day = replaced(cell, _BASIC, "$1-$2-$3")
    basic_time = case(
        (f"char_length({cell}) > 8", replaced(cell, _BASIC, "$4:$5:$6")), otherwise="'00:00:00'"
    )
    return case(
        (matches(cell, f"{_DAY}{_TIME}$"), _moment(f"concat({dotted}, {there})")),
        (
            matches(cell, f"{_DAY}{_TIME}{_ZONE}$"),
            _moment(f"concat(trim({spaced}), {full_offset})"),
        ),
        (matches(cell, f"{_DAY}$"), _moment(f"concat({cell}, ' 00:00:00', {there})")),
        (matches(cell, _BASIC), _moment(f"concat({basic_day}, ' ', {basic_time}, {there})")),
    )


def _moment(value: Sql) -> Sql:
    return f"try_cast({value} as timestamp)"


def _names_zone(pattern: str) -> bool:
    return bool(re.search(r"[VzOXxZ]", re.sub(r"'[^']*'", "", pattern)))
