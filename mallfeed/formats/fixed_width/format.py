"""Fixed-width text, as a catalog says how it is laid out, and as a row among the formats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field, StrictBool

from mallfeed.formats.athena import Readable, encoding_unread
from mallfeed.formats.fallback_option import FALLBACK, Fallback
from mallfeed.formats.fixed_width.places import Place, places_of
from mallfeed.formats.fixed_width.rules import fixed_width_faults
from mallfeed.formats.format import Format, Weight
from mallfeed.yaml_files.part import YamlPart


class FixedColumn(YamlPart):
    """A column's place in the line."""

    name: str = Field(description="Its name, which fields read.")
    width: int = Field(ge=1, le=100_000, description="How long it is.")
    start: int | None = Field(
        default=None,
        ge=1,
        description="Where it begins, from 1; null = directly behind the column before it.",
    )


class FixedWidthOptions(YamlPart):
    """How fixed-width text is laid out: one record per line, each column in its place.

    A line that ends before its last column does, or goes on behind it, is refused.
    """

    encoding: str = Field(default="cp949", description="As for CSV.")
    fallback_encoding: Fallback = Field(
        default="cp949",
        description=f"{FALLBACK} `unit: bytes` counts those of the record's own encoding.",
    )
    unit: Literal["bytes", "characters"] = Field(
        default="bytes",
        description="What `width` and `start` count. Bytes are those of the encoding: a Hangul "
        "syllable is 2 in cp949 and 3 in utf-8.",
    )
    columns: tuple[FixedColumn, ...] = Field(
        default=(),
        description="**Needed.** The columns; what lies between them is not read.",
    )
    skip: int = Field(default=0, ge=0, description="Lines above the first record, or the header.")
    header: StrictBool = Field(
        default=False,
        description="The next line names the columns, each in its place; other names are drift.",
    )
    trim: Literal["both", "left", "right", "none"] = Field(
        default="both", description="From which side of a cell blanks are taken."
    )

    def places(self) -> tuple[Place, ...]:
        """Where each column begins and ends, from 0, in units."""
        return places_of([(one.start, one.width) for one in self.columns])


def _columns(options: FixedWidthOptions) -> tuple[str, ...]:
    return tuple(column.name for column in options.columns)


def _athena(options: FixedWidthOptions) -> Readable:
    why = encoding_unread(options.encoding)
    if options.unit == "bytes":
        why = "Athena counts characters, the catalog bytes"
    elif options.skip or options.header:
        why = "its first lines are no records"
    elif list(options.places()) != sorted(options.places()):
        why = "its columns are listed in another order than they lie in the line"
    if why:
        return Readable(None, why)
    serde = {
        "SerializationLibrary": "org.apache.hadoop.hive.serde2.RegexSerDe",
        "Parameters": {"input.regex": _pattern(options.places())},
    }
    return Readable(serde, "cells keep their blanks")


def _pattern(places: Sequence[Place]) -> str:
    """A group for each column, in the file's order."""
    pattern, end = "^", 0
    for place in places:
        gap = f".{{{place.begin - end}}}" if place.begin > end else ""
        pattern += f"{gap}(.{{{place.end - place.begin}}})"
        end = place.end
    return f"{pattern}.*$"


FIXED_WIDTH = Format(
    name="fixed_width",
    title_en="fixed-width text",
    title_ko="고정 길이 텍스트",
    reader="mallfeed.formats.fixed_width.read:read",
    # Columns are filled with blanks: a CSV's products per byte at most. 60,000 products of 14 columns were
    # split in 0.042 s of a core per MB, as a CSV in 0.012.
    weight=Weight(seconds=0.5, rows_mb=1.0, splitting=3.5),
    options=FixedWidthOptions,
    athena=_athena,
    columns=_columns,
    faults=fixed_width_faults,
)
