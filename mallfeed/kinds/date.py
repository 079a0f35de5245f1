"""Days, without time."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mallfeed.kinds.blank_words import NO_TIMES
from mallfeed.kinds.kind import Kind
from mallfeed.kinds.options import FieldType
from mallfeed.kinds.reading import Context, Reading
from mallfeed.kinds.sources import Cells
from mallfeed.kinds.sql.pieces import Sql, text
from mallfeed.kinds.target import Target
from mallfeed.kinds.timestamp import check_formats, counts_seconds, read_moment


class DateType(FieldType):
    """A day, without time."""

    type: Literal["date"] = "date"
    formats: tuple[str, ...] = Field(
        default=("yyyy-MM-dd", "yyyyMMdd"),
        description="Spark datetime patterns, tried in order.",
    )


def _read(options: DateType, cells: Cells, target: Target, context: Context) -> Reading:
    """A day: its midnight in the catalog's zone; of the last day of a time the next one."""
    return read_moment(options.formats, cells, context.timezone, target)


def _as_text(_options: DateType, value: Sql, context: Context) -> Sql:
    local = f"from_utc_timestamp({value}, {text(context.timezone)})"
    return f"date_format({local}, 'yyyy-MM-dd')"


DATE = Kind(
    name="date",
    options=DateType,
    default=DateType(),
    holds=("date",),
    read=_read,
    blank_words=NO_TIMES,
    problems=("invalid", "out_of_range"),
    check=check_formats,
    raw_types=("string", "timestamp", "date"),
    raw_if=counts_seconds,
    sql_type="timestamp",
    index_types=("date",),
    as_text=_as_text,
    raw_column="date",
)
