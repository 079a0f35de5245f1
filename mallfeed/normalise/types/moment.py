"""Moments and days: formats of the catalog, its zone where the value names none."""

from __future__ import annotations

import re
from collections.abc import Callable

from mallfeed.catalog.field_types import DateType, TimestampType
from mallfeed.normalise.types.reading import Problem, Reading, Sql, unreadable
from mallfeed.product.sql import called, case, text

# Products are not dated before 1990; after 2100 it is a slip (or milliseconds read as seconds).
_EARLIEST, _LATEST = "1990-01-01T00:00:00Z", "2100-01-01T00:00:00Z"

_OWN_FORMATS = ("iso8601", "epoch_seconds", "epoch_millis")


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
        parse=lambda cell: f"coalesce({', '.join(parse(cell) for parse in parsers)})",
        value=lambda _, parsed: case((f"not {outside.format(parsed, parsed)}", parsed)),
        problems=(
            unreadable("invalid"),
            Problem("out_of_range", lambda _, parsed: outside.format(parsed, parsed)),
        ),
        sql_type="timestamp",
    )


_Parser = Callable[[Sql], Sql]
"""One format: SQL text of a cell → SQL text of its timestamp, null when it does not fit."""


def _parser(format_: str, zone: str) -> _Parser:
    if format_ in _OWN_FORMATS:
        return lambda cell: called("moment", cell, text(format_), text(zone))
    if _names_zone(format_):
        return lambda cell: f"try_to_timestamp({cell}, {text(format_)})"
    zoned, pattern = text(" " + zone), text(format_ + " VV")
    return lambda cell: f"try_to_timestamp(concat({cell}, {zoned}), {pattern})"


def _names_zone(pattern: str) -> bool:
    return bool(re.search(r"[VzOXxZ]", re.sub(r"'[^']*'", "", pattern)))
