"""Moments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from mallfeed.kinds.blank_words import NO_TIMES
from mallfeed.kinds.fault import OptionFault, Written
from mallfeed.kinds.kind import NUMBERS, Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.problems import unreadable
from mallfeed.kinds.reading import Context, Problem, Reading
from mallfeed.kinds.sources import Cells
from mallfeed.kinds.sql.datetime_pattern import pattern_fault
from mallfeed.kinds.sql.moments import NAMED_FORMATS, is_far_off, moment, within_reach
from mallfeed.kinds.sql.pieces import Sql, case
from mallfeed.kinds.sql.windows import bound, is_open, part_of_interval
from mallfeed.kinds.target import End, Target
from mallfeed.kinds.zones import is_zone, unknown_zone
from mallfeed.wording import listed, nearest, shown


class TimestampType(FieldType):
    """A moment. Without a zone in the value, the catalog's `timezone` holds."""

    type: Literal["timestamp"] = "timestamp"
    formats: tuple[str, ...] = Field(
        default=("iso8601",),
        description="Tried in order: `iso8601`, `epoch_seconds`, `epoch_millis`, `spreadsheet_days` (46327 is 2026-11-01), or a Spark "
        "datetime pattern such as `yyyy-MM-dd HH:mm:ss` or `yyyyMMdd` (letters that Spark only writes, as "
        "`E`, and counts that it does not read are refused).",
    )
    timezone: str | None = Field(default=None, description="Zone of values that name none.")


def _read(options: TimestampType, cells: Cells, target: Target, context: Context) -> Reading:
    return read_moment(options.formats, cells, options.timezone or context.timezone, target)


def read_moment(formats: tuple[str, ...], cells: Cells, zone: str, target: Target) -> Reading:
    """A moment in UTC, read by the first format that fits."""
    known = ("iso8601",) if cells.are_moments else formats
    if target.bounds is not None:
        return _bound(known, cells, zone, target.bounds, target.interval)
    return Reading(
        cell=cells.first,
        parse=lambda cell: moment(cell, known, zone),
        value=lambda _, parsed: case((f"not {is_far_off(parsed)}", parsed)),
        problems=(
            unreadable("invalid"),
            Problem("out_of_range", lambda _, parsed: is_far_off(parsed)),
        ),
        sql_type="timestamp",
    )


def _bound(
    formats: tuple[str, ...], cells: Cells, zone: str, bounds: End, interval: End | None
) -> Reading:
    """A moment that a time begins or ends with, maybe one end of an interval. A time without beginning or end has
    a blank there, or a moment that is far off: 1970-01-01 or 9999-12-31."""

    def part(cell: Sql) -> Sql:
        return cell if interval is None else part_of_interval(cell, interval, formats)

    def unread(cell: Sql, parsed: Sql) -> Sql:
        none = "false" if interval is None else f"coalesce({is_open(part(cell))}, false)"
        return f"({cell} is not null and {parsed} is null and not {none})"

    return Reading(
        cell=cells.first,
        parse=lambda cell: bound(part(cell), formats, zone, bounds),
        value=lambda _, parsed: within_reach(parsed),
        problems=(
            Problem("invalid", unread),
            Problem("out_of_range", lambda _, parsed: is_far_off(parsed), False),
        ),
        sql_type="timestamp",
    )


def counts_seconds(options: FieldType, raw_type: str) -> bool:
    """Whether a column of numbers is read: digits may be a day too (20261122), so a format says so."""
    formats = getattr(options, "formats", ())
    told = any(one in NAMED_FORMATS[1:] or one.isalpha() for one in formats)
    return told and raw_type.startswith(NUMBERS)


def check_formats(written: Written) -> Iterator[OptionFault]:
    """Formats that are no formats of a time."""
    formats = written.options.get("formats")
    if not isinstance(formats, list):
        return
    if not formats:
        yield OptionFault(
            ("formats",), f"`{written.place}.formats` is empty", "at least one format"
        )
    for i, pattern in enumerate(formats):
        if isinstance(pattern, str) and pattern not in NAMED_FORMATS:
            yield from _pattern_faults(pattern, i)


def _pattern_faults(pattern: str, place: int) -> Iterator[OptionFault]:
    fault = pattern_fault(pattern)
    if fault is not None:
        expected = f"{listed(NAMED_FORMATS)}, or a pattern as `yyyy-MM-dd HH:mm:ss`"
        what = f"{shown(pattern)} is no format of a time: {fault}"
        yield OptionFault(("formats", place), what, expected, nearest(pattern, NAMED_FORMATS))


def _check(written: Written) -> Iterator[OptionFault]:
    zone: Any = written.options.get("timezone")
    if isinstance(zone, str) and not is_zone(zone):
        yield OptionFault(("timezone",), *unknown_zone(zone))
    yield from check_formats(written)


def _as_text(_options: TimestampType, value: Sql, _context: Context) -> Sql:
    return f"date_format({value}, \"yyyy-MM-dd'T'HH:mm:ssXXX\")"


TIMESTAMP = Kind(
    name="timestamp",
    options=TimestampType,
    default=TimestampType(),
    holds=("timestamp", "date"),
    read=_read,
    blank_words=NO_TIMES,
    problems=("invalid", "out_of_range"),
    check=_check,
    raw_types=("string", "timestamp", "date"),
    raw_if=counts_seconds,
    sql_type="timestamp",
    index_types=("date",),
    as_text=_as_text,
    raw_column="timestamp",
)
